"""The page Live without a browser: a stand-in for the stream, drawn faces in front of a real runner."""

import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
from av import VideoFrame
from streamlit.testing.v1 import AppTest

from engine.errors import LiveError
from engine.models import shipped
from engine.recognition.live import CameraSlots, LiveRunner
from engine.records import adaptation, database
from engine.synthetic import synthetic_clip, true_event
from tests.records.kept_people import ME, person, session

PAGE = Path(__file__).parents[2] / "pages" / "live.py"
SIZE = (240, 180)


@pytest.fixture(scope="module")
def pictures():
    """3.2 s of a face with one short expression, at 30 frames a second."""
    event = true_event("happy", 1.0, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.8)
    drawn = synthetic_clip(3, face=2, duration_s=3.2, fps=30, size=SIZE, events=[event], head_motion=0.5)
    return [frame.picture for frame in drawn.frames()]


@pytest.fixture(autouse=True)
def closed():
    yield
    database.close()


@pytest.fixture
def stream(monkeypatch):
    """A stand-in for the browser's stream: ``playing`` and ``signalling`` are as the test wants; ``asked`` is how."""
    wanted = SimpleNamespace(
        playing=False, signalling=False, asked={}, times=0, cameras=CameraSlots(lambda: 1), silent_s=60.0
    )

    def webrtc_streamer(key, **asked):
        wanted.asked, wanted.times = asked, wanted.times + 1
        state = SimpleNamespace(playing=wanted.playing, signalling=wanted.signalling)
        return SimpleNamespace(state=state, _get_worker=lambda: None)

    monkeypatch.setattr("streamlit_webrtc.webrtc_streamer", webrtc_streamer)
    monkeypatch.setattr("pages.views.live.camera.CAMERAS", wanted.cameras)

    def runner(settings):
        # A machine with much to do draws the page for longer than a camera may be silent.
        times = {"idle_s": 60.0, "silent_s": wanted.silent_s}
        return LiveRunner(settings, wanted.cameras, **times, prepare=lambda pipeline: None)

    monkeypatch.setattr("pages.views.live.camera.LiveRunner", runner)
    wanted.started = []
    yield wanted
    for app in wanted.started:
        if (frames := frames_of(app)) is not None:
            frames.close()


def frames_of(app):
    key = "held by Live: camera"
    return app.session_state[key].get("frames") if key in app.session_state else None


def opened(stream, playing=False):
    stream.playing = playing
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    stream.started.append(app)
    assert not app.exception and not app.error
    return app


def agree(app):
    app.toggle(key="live consent").set_value(True)
    app.run()
    assert not app.exception
    return app


def watched(stream, pictures):
    """Return the page after a runner has looked at every picture."""
    app = agree(opened(stream, playing=True))
    runner = frames_of(app).runner
    for number, picture in enumerate(pictures, 1):
        runner.offer(picture, number / 30)
        wait_for(lambda number=number: runner.state().frames == number)
    return press_nothing(app)


def wait_for(true, patience_s=60.0):
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def press_nothing(app):
    # The first run finds that more is known than is drawn, and draws all of it anew.
    app.run()
    assert not app.exception and not app.error
    return app


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    app.run()
    assert not app.exception
    return app


def teach(app):
    app.session_state["live teach"] = True
    return press_nothing(app)


def turn_to(app, tab):
    app.session_state["live tabs"] = tab
    return press_nothing(app)


def said(app):
    shown = [*app.markdown, *app.header, *app.subheader, *app.info, *app.warning]
    return " ".join(each.value for each in shown).replace("\\", "")


def test_the_camera_stays_off_until_somebody_agrees(stream):
    app = opened(stream)
    assert stream.times == 0 and "written to no disk" in said(app) and "no sound" in said(app)
    agree(app)
    assert stream.times == 1 and frames_of(app).runner is None
    assert "0 of at most 1 cameras" in said(app) and "NotAllowedError" in said(app) and "HTTPS" in said(app)


def test_no_server_outside_is_asked_and_there_is_no_sound(stream, monkeypatch):
    for name in ("HF_TOKEN", "CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN", "TWILIO_ACCOUNT_SID"):
        monkeypatch.setenv(name, "x")
    agree(opened(stream))
    assert stream.asked["rtc_configuration"] == {"iceServers": []}
    constraints = stream.asked["media_stream_constraints"]
    assert constraints["audio"] is False and constraints["video"]["width"] == {"ideal": 640}
    assert stream.asked["backend"] == "aiortc" and stream.asked["translations"]["start"] == "Start"


def test_servers_that_are_named_are_used_and_nonsense_is_a_sentence(stream, monkeypatch):
    monkeypatch.setenv("NEUROMER_ICE_SERVERS", '[{"urls": "stun:a.example"}]')
    agree(opened(stream))
    assert stream.asked["rtc_configuration"] == {"iceServers": [{"urls": "stun:a.example"}]}
    monkeypatch.setenv("NEUROMER_ICE_SERVERS", "nonsense")
    app = agree(opened(stream))
    assert [("NEUROMER" in each.value) for each in app.error] == [True]


def test_streamlit_webrtc_asks_nobody_where_the_servers_are_named(monkeypatch):
    from streamlit_webrtc import component

    def asks():
        raise AssertionError

    monkeypatch.setattr(component, "get_available_ice_servers", asks)
    configuration = {"iceServers": []}
    assert component.enhance_frontend_rtc_configuration(configuration) == configuration
    assert component._resolve_server_rtc_configuration(configuration).iceServers == []


def test_start_begins_work_and_stop_lets_everything_go(stream, pictures):
    app = agree(opened(stream, playing=True))
    frames = frames_of(app)
    assert stream.cameras.taken == 1 and "Starting" in said(app)
    runner = frames.runner
    callback = stream.asked["queued_video_frames_callback"]
    assert callback == frames.newest and stream.asked["on_video_ended"] == frames.ended
    frame = VideoFrame.from_ndarray(pictures[0], "rgb24")
    frame.pts, frame.time_base = 0, 1
    frames.callback(frame)
    wait_for(lambda: runner.state().frames == 1)
    press_nothing(app)
    assert stream.cameras.taken == 1 and frames.runner is runner
    assert any(f"{label}, " in said(app) for label in shipped.load().labels)
    stream.playing = False
    press_nothing(app)
    assert stream.cameras.taken == 0 and runner.ended and frames_of(app).runner is None
    assert "0 of at most 1 cameras" in said(app)
    for kind in ("page", "shown"):
        assert app.session_state[f"held by Live: {kind}"] == {}


def test_an_answer_its_timeline_and_the_pace_are_shown(stream, pictures):
    app = watched(stream, pictures[:40])
    state = frames_of(app).runner.state()
    assert state.main.expression in app.subheader[0].value
    (chart,) = app.get("plotly_chart")
    assert "Probability of each expression over the latest 30 s" in chart.proto.alt
    assert "30.0 frames a second are looked at, 240 × 180 pixels" in said(app) and "none was left out" in said(app)
    assert (
        "small" in [check.name for check in state.main.warnings]
        or state.main.warnings == ()
        or ":warning:" in said(app)
    )


def test_an_unplugged_camera_is_said_in_place_of_the_last_answer(stream, pictures):
    stream.silent_s = 0.5
    app = watched(stream, pictures[:5])
    wait_for(lambda: frames_of(app).runner.state().phase == "silent")
    press_nothing(app)
    assert app.subheader[0].value == "No picture comes" and "plugged in" in said(app)


def test_an_event_is_listed_replayed_kept_saved_and_discarded(stream, pictures, monkeypatch):
    app = watched(stream, pictures)
    runner = frames_of(app).runner
    runner.pause()
    press_nothing(app)
    (event,) = runner.state().events
    box = next(each for each in app.selectbox if each.label == "Events, 1 held")
    assert box.options[0].startswith(f"1: {event.event.kind}-expression at 1.")
    assert "Event 1 with 0.25 s before and after it" in said(app) and len(app.get("video")) == 1
    labels = [each.proto.label for each in app.get("download_button")]
    assert labels == ["Save the replay", "Events, CSV", "Events, JSON"]
    refused = LiveError("There is no room.", "Discard one.")
    for met, told in ((refused, "no room"), (KeyError("?"), "Something went wrong")):
        with monkeypatch.context() as patched:
            patched.setattr(runner.pipeline, "keep", Mock(side_effect=met))
            press(app, "Keep")
        assert [told in each.value for each in app.error] == [True], "it is said, and nothing of it was lost"
    press(app, "Keep")
    assert not app.error
    assert runner.state().events[0].kept and "Keep" not in [each.label for each in app.button]
    press(app, "Discard")
    assert runner.state().events == () and "Nothing was spotted yet" in said(app)
    press(app, "Go on")
    assert runner.state().phase == "running"


def test_spikes_of_the_face_are_shown(stream, pictures):
    app = turn_to(watched(stream, pictures[:20]), "Spikes")
    assert "Spikes of the latest 400 ms say" in said(app)
    assert "Raster over" in app.get("plotly_chart")[1].proto.alt
    for what, told in (("Potentials", "Membrane potentials over"), ("Weights", None)):
        next(each for each in app.get("button_group") if each.label == "Show").set_value(what)
        press_nothing(app)
        assert told is None or told in app.get("plotly_chart")[1].proto.alt
    assert len(app.get("imgs")) == 1 or "Darkest" in said(app)


def test_teaching_changes_the_answer_and_can_be_undone(stream, pictures):
    app = teach(watched(stream, pictures[:20]))
    runner = frames_of(app).runner
    assert "Person 1 has taught nothing yet." in said(app)
    app.selectbox(key="live meant").set_value("sad")
    press_nothing(app)
    before = runner.state().faces[0].named["sad"]
    press(app, "Learn")
    assert runner.pipeline.adaptation(1).corrections == 5
    assert "Person 1 has taught sad 1." in said(app) and "sad went from" in said(app)
    runner.offer(pictures[20], 21 / 30)
    wait_for(lambda: runner.state().frames == 21)
    press_nothing(app)
    assert "As taught here: sad 1." in said(app)
    after = next(each for each in app.metric if "after what was taught" in each.label)
    assert runner.state().faces[0].probabilities["sad"] > before and after.delta.startswith("+")
    press(app, "Undo")
    assert runner.pipeline.adaptation(1).corrections == 0 and "taken back" in said(app)
    press(app, "Undo")
    assert "nothing to take back" in said(app)
    press(app, "Learn")
    saved = runner.pipeline.adaptation(1).as_bytes()
    press(app, "Reset")
    assert runner.pipeline.adaptation(1).corrections == 0
    app.file_uploader(key="live adaptation file").upload("mine.npz", saved)
    app.run()
    press(app, "Use it for person 1")
    assert runner.pipeline.adaptation(1).corrections == 5
    assert "Person 1 has taught what was brought back." in said(app)
    app.file_uploader(key="live adaptation file").upload("odd.npz", b"rubbish")
    app.run()
    press(app, "Use it for person 1")
    assert len(app.error) == 1 and "odd" in app.error[0].value
    assert runner.pipeline.adaptation(1).corrections == 5


def test_stop_asks_what_is_to_become_of_what_was_taught(stream, pictures):
    somebody = person(purposes=("records", "adaptation"))
    person("P-02", ("records",))
    visit = session(somebody)
    app = teach(watched(stream, pictures[:20]))
    app.selectbox(key="live meant").set_value("sad")
    press_nothing(app)
    press(app, "Learn")
    press(app, "Learn")
    stream.playing = False
    press_nothing(app)
    assert "The camera is off. Keep what was taught?" in said(app) and "2 lessons: sad 2" in said(app)
    whose = next(each for each in app.selectbox if each.label == "Person")
    assert whose.options == ["P-01"]  # the other has not agreed to be learnt from
    press(app, "Keep")
    assert "2 lessons kept in “first visit” of P-01" in " ".join(each.value for each in app.success).replace("\\", "")
    found = adaptation.standing(ME, somebody.id).corrected
    assert found.meant.tolist() == [shipped.load().labels.index("sad")] * 2
    assert "Keep what was taught" not in said(press_nothing(app)) and visit.person_id == somebody.id


def test_what_was_taught_is_erased_where_nobody_keeps_it(stream, pictures):
    app = teach(watched(stream, pictures[:20]))
    press(app, "Learn")
    stream.playing = False
    press_nothing(app)
    assert "Nobody has agreed yet to be learnt from" in said(app)
    press(app, "Erase it")
    assert "Keep what was taught" not in said(app) and not app.session_state["held by Live: left"]


def test_another_model_answers_while_the_camera_is_on(stream, pictures):
    app = watched(stream, pictures[:5])
    runner = frames_of(app).runner
    app.toggle(key="live plastic").set_value(True)
    press_nothing(app)
    assert frames_of(app).runner is runner and runner.pipeline.settings.plastic
    box = next(each for each in app.selectbox if each.label == "Model")
    box.set_value("paper")
    press_nothing(app)
    assert runner.pipeline.settings.model == "paper" and not runner.pipeline.settings.plastic
    assert app.toggle(key="live plastic").disabled
    turn_to(app, "Spikes")
    assert "no plastic head" in said(app)


def test_somebody_chooses_whom_the_charts_are_about(stream, pictures):
    app = agree(opened(stream, playing=True))
    runner = frames_of(app).runner
    two, nobody = np.hstack([pictures[0]] * 2), np.full_like(pictures[0], 120)

    def see(picture, time_s):
        seen = runner.state().frames
        runner.offer(picture, time_s)
        wait_for(lambda: runner.state().frames == seen + 1)
        press_nothing(app)

    def choice():
        return next(each for each in app.get("button_group") if each.label.startswith("Person"))

    for number in range(1, 4):
        see(two, number / 30)
    assert len(runner.state().faces) == 2
    first = frames_of(app).person
    other = 3 - first
    assert f"Person {first}: " in said(app)
    press_nothing(app)
    assert not choice().proto.set_value, "what is about to be chosen would be taken back twice a second"
    choice().set_value(other)
    press_nothing(app)
    assert frames_of(app).person == other and f"Person {other}: " in said(app)
    x = next(face.box[0] for face in runner.state().faces if face.person == other)
    alone = np.hstack([nobody, pictures[0]] if x < SIZE[0] else [pictures[0], nobody])
    see(alone, 0.2)
    assert len(runner.state().faces) == 1 and f"Person {other} is out of sight" in said(app)
    see(two, 0.6)
    assert choice().value == other and f"Person {other}: " in said(app), "he or she was away for a moment"
    for time_s in (0.7, 1.8):
        see(alone, time_s)
    assert frames_of(app).person == first and "out of sight" not in said(app)


def test_the_calm_view_is_words_only(stream, pictures):
    app = watched(stream, pictures[:40])
    app.toggle(key="live calm").set_value(True)
    press_nothing(app)
    face = frames_of(app).runner.state().main
    assert app.subheader[0].value == face.answer and "%" not in app.subheader[0].value
    assert not app.get("plotly_chart") and not app.tabs and "frames a second" not in said(app)
    picture = np.zeros((180, 240, 3), np.uint8)
    assert frames_of(app).draw(picture, frames_of(app).runner.state(), 1) is picture
    app.toggle(key="live calm").set_value(False)
    press_nothing(app)
    assert app.get("plotly_chart") and (frames_of(app).draw(picture, frames_of(app).runner.state(), 1) != 0).any()


def test_no_face_is_said_and_alright(stream, monkeypatch):
    monkeypatch.setattr("pages.views.live.steady.WARNING_S", 1.0)
    app = watched(stream, [np.full((180, 240, 3), 120, np.uint8)] * 3)
    assert "No face in sight" in said(app)
    wait_for(lambda: "Look towards the camera" in said(press_nothing(app)))
    assert len(app.get("plotly_chart")) == 0
    assert "rests" in said(turn_to(app, "Spikes"))
    assert "Nobody is in sight" in said(teach(app))


def test_a_busy_server_is_said_before_the_camera_opens(stream):
    leave = stream.cameras.admit()
    app = agree(opened(stream))
    assert stream.times == 0 and len(app.error) == 1 and "server is busy" in app.error[0].value
    leave()
    press(app, "Try again")
    assert stream.times == 1 and not app.error


def test_a_place_that_was_taken_meanwhile_shuts_the_camera_again(stream, monkeypatch):
    app = agree(opened(stream))
    leave = stream.cameras.admit()
    monkeypatch.setattr(stream.cameras, "ask", lambda: None)
    monkeypatch.setattr(stream.cameras, "admit", busy)
    stream.playing = True
    times = stream.times
    app.run()
    assert not app.exception and "busy" in app.error[0].value and stream.times == times + 1
    assert frames_of(app).runner is None
    leave()


def busy():
    raise LiveError("The server is busy.", "Try again.")


def test_leaving_the_page_frees_the_place(stream, pictures):
    app = agree(opened(stream, playing=True))
    runner = frames_of(app).runner
    assert stream.cameras.taken == 1
    app._script_path = str(PAGE.with_name("video.py"))
    app.run()
    assert not app.exception and "held by Live: camera" not in app.session_state
    wait_for(lambda: runner.ended)
    assert stream.cameras.taken == 0


def test_a_runner_that_ended_by_itself_is_begun_anew_but_not_when_the_stream_has(stream, pictures):
    app = watched(stream, pictures[:3])
    frames = frames_of(app)
    first = frames.runner
    first.end()
    wait_for(lambda: stream.cameras.taken == 0)
    press_nothing(app)
    assert frames.runner is not first and stream.cameras.taken == 1
    second = frames.runner
    frames.ended()
    wait_for(lambda: stream.cameras.taken == 0)
    press_nothing(app)
    assert frames.runner is second and stream.cameras.taken == 0 and "0 of at most 1 cameras" in said(app)
    stream.playing = False
    press_nothing(app)
    stream.signalling = True
    press_nothing(app)
    assert frames.live is not None and stream.cameras.taken == 1


def test_a_page_that_is_not_secure_says_so(stream, monkeypatch):
    monkeypatch.setattr("pages.views.live.consent._address", lambda: "http://clinic.example:8501/live")
    app = opened(stream)
    assert "does not come over HTTPS" in said(app) and "clinic.example" in said(app)
    for address in ("https://clinic.example/live", "http://localhost:8501/live"):
        monkeypatch.setattr("pages.views.live.consent._address", lambda address=address: address)
        assert "does not come over HTTPS" not in said(opened(stream))
