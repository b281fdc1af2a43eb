import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from engine import settings
from engine.emotions import SEVEN
from engine.errors import ChangedError, VideoError
from engine.models import shipped
from engine.recognition import clip_model, event_explanation
from engine.recognition.analysis import REGIONS, Analysis, Event, Recording, Track
from engine.recognition.replay import Replay
from engine.recognition.video import recordings
from engine.records.corrections import Corrections, Move
from engine.tasks import Status
from pages.views.common.keep import KeptIn
from pages.views.video import explanation
from tests.recognition.tiny_clip_models import write_all

PAGE = Path(__file__).parents[2] / "pages" / "video.py"
FPS, COUNT = 30.0, 150


def shares(label, share):
    return {each: share if each == label else (1 - share) / 6 for each in SEVEN}


MICRO = Event(1.0, 1.2, 1.4, "micro", "happy", True, shares("happy", 0.83), 4.0, model=shipped.DEFAULT)
MACRO = Event(2.5, 3.0, 4.0, "macro", "sad", False, shares("sad", 0.41), 9.0, model=shipped.DEFAULT)


def track(person=1, events=(MICRO, MACRO)):
    times = np.arange(COUNT) / FPS
    motion = np.zeros((COUNT, len(REGIONS)), np.float32)
    motion[36] = 4.0
    return Track(
        person,
        np.arange(COUNT),
        times,
        np.tile(np.float32([10, 10, 60, 60]), (COUNT, 1)),
        np.zeros((COUNT, 3), np.float32),
        motion,
        np.full(COUNT, 0.3, np.float32),
        np.full((COUNT, 7), 1 / 7, np.float32),
        SEVEN,
        events=events,
    )


def found(*tracks, warnings=()):
    return Analysis(Recording("clip.mp4", 320, 240, FPS, COUNT / FPS, COUNT), tracks, warnings)


@pytest.fixture(autouse=True)
def shelf(tiny_models, monkeypatch):
    """A shelf of its own, whose analyses end as the test wants: ``shelf.outcome`` is an analysis or an error."""
    wanted = SimpleNamespace(outcome=found(track()), requests=[], status=None)

    def analyse(**asked):
        wanted.requests.append({key: value for key, value in asked.items() if value is not None})
        task = SimpleNamespace(result=None, cancel=lambda: wanted.requests.append("cancelled"))
        if wanted.status is not None:
            task.status = wanted.status
        elif isinstance(wanted.outcome, Analysis):
            task.status, task.result = Status("finished"), recordings.Analysed(wanted.outcome, b"drawn")
        else:
            task.status = Status("failed", what=wanted.outcome.what, remedy=wanted.outcome.remedy)
        wanted.task = task
        return task

    held = recordings.RecordingStore(analyse=analyse)
    for place in ("recordings", "result"):
        monkeypatch.setattr(f"pages.views.video.{place}.RECORDINGS", held)
    monkeypatch.setattr("pages.views.video.replay.replay", pictures)
    monkeypatch.setattr("pages.views.video.player.played_as", lambda data: "video/mp4")
    wanted.held = held
    return wanted


def pictures(data, name, track, event):
    times = np.arange(event.onset_s - 0.2, event.offset_s + 0.2, 1 / FPS)
    faces = np.random.default_rng(0).integers(0, 256, (len(times), 64, 64, 3)).astype(np.uint8)
    points = np.random.default_rng(1).uniform(10, 50, (len(times), 468, 2)).astype(np.float32)
    return Replay(times, faces, points)


def opened(token=None):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    if token is not None:
        app.query_params["recording"] = token
    app.run()
    assert not app.exception
    return app


def with_recording(shelf):
    kept = shelf.held.keep("clip.mp4", b"bytes")
    app = opened(kept.token)
    assert not app.error
    return app, kept


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    app.run()
    assert not app.exception
    return app


def choose(app, label, value):
    boxes = [*app.get("button_group"), *app.selectbox]
    next(each for each in boxes if each.label == label).set_value(value)
    app.run()
    assert not app.exception
    return app


def said(app):
    return " ".join(each.value for each in [*app.markdown, *app.header, *app.subheader]).replace("\\", "")


def turn_to(app, tab):
    app.session_state["video tabs"] = tab
    app.run()
    assert not app.exception and not app.error
    return app


def test_it_opens_with_an_uploader_and_starts_nothing(shelf):
    app = opened()
    assert [each.label for each in app.file_uploader] == ["Recording of one or more faces"]
    assert app.file_uploader[0].proto.max_upload_size_mb * 2**20 == settings.RECORDING_MAX_BYTES
    assert shelf.requests == [] and not app.error


def test_an_upload_is_analysed_and_told(shelf):
    app = opened()
    app.file_uploader[0].upload("walk.mov", b"some bytes")
    app.run()
    assert not app.exception and not app.error
    assert shelf.requests == [
        {"name": "walk.mov", "data": b"some bytes", "enhance": "none", "own_rest": True, "rests": {}}
    ]
    assert "1 micro-expression and 1 macro-expression in 5.0 s" in said(app)
    assert "1 face, 150 frames, 30 frames a second, 320 × 240 pixels" in said(app)
    assert "Synthetic" not in said(app)
    (token,) = shelf.held.tokens()
    assert app.query_params["recording"] == token


def test_a_low_light_enhancement_is_chosen_beside_the_source_and_said(shelf, monkeypatch):
    asked = []

    def explain_event(model, pictures, event, enhance):
        asked.append(enhance)
        return np.zeros((48, 48), np.uint8), np.eye(48, dtype=np.float32)

    monkeypatch.setattr("pages.views.video.explanation.explain_event", explain_event)
    shelf.outcome = replace(found(track()), enhanced="llem")
    app = opened()
    light = next(box for box in app.selectbox if box.label == "Brighten dark faces")
    assert light.options == ["off", "LLEM", "Gamma", "CLAHE"] and light.value == "none"
    choose(app, "Brighten dark faces", "llem")
    app.file_uploader[0].upload("night.mov", b"some bytes")
    app.run()
    assert not app.exception and not app.error
    assert shelf.requests == [
        {"name": "night.mov", "data": b"some bytes", "enhance": "llem", "own_rest": True, "rests": {}}
    ]
    assert "named from faces enhanced by LLEM" in said(app)
    turn_to(app, "Why")
    assert asked == ["llem"] and "as it is shown here, enhanced by LLEM" in said(app)
    press(app, "Another recording")
    assert "night.mov, behind LLEM" in said(app).replace("*", "")


def test_it_is_analysed_again_behind_an_enhancement_and_the_first_result_stays(shelf):
    app, kept = with_recording(shelf)
    choose(app, "Brighten dark faces", "gamma")
    press(app, "Analyse")
    assert shelf.requests[1:] == [
        {"name": kept.name, "data": kept.data, "enhance": "gamma", "own_rest": True, "rests": {}}
    ]
    again = app.query_params["recording"]
    assert again != kept.token and set(shelf.held.tokens()) == {kept.token, again} and not app.error


def test_a_moment_of_rest_is_named_for_one_person_and_remembered(shelf):
    shelf.outcome = found(track(), track(2))
    app, _ = with_recording(shelf)
    switch(app, "Name a moment of rest")
    choose(app, "Whose rest", 2)
    app.number_input(key="video again rest 2").set_value(1.3).run()
    press(app, "Analyse")
    assert shelf.requests[-1]["rests"] == {2: 1.3}
    # Offered again with what was named, and gone with the switch.
    assert next(each for each in app.toggle if each.label == "Name a moment of rest").value
    press(app, "Another recording")
    assert "rest named of person 2 at 1.30 s" in said(app).replace("*", "")


def switch(app, label):
    next(each for each in app.toggle if each.label == label).set_value(True)
    app.run()
    assert not app.exception


def test_streamlit_keeps_no_second_copy_of_an_upload(shelf, monkeypatch):
    removed = []
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda self, **which: removed.append(which))
    app = opened()
    app.file_uploader[0].upload("walk.mov", b"some bytes")
    app.run()
    assert len(removed) == 1 and removed[0]["file_id"] and not app.error


def test_a_synthetic_example_always_says_so(shelf):
    app = choose(opened(), "Recording from", "Example")
    assert "Synthetic" in said(app)
    press(app, "Draw and analyse it")
    name = "One micro-expression"
    assert shelf.requests == [{"name": name, "example": name, "enhance": "none", "own_rest": True, "rests": {}}]
    assert "Synthetic" in said(app) and "drawn face" in said(app)


@pytest.mark.parametrize(
    ("data", "sentence"), [(b"", "The file is empty."), (b"12345", "no room"), (b"123", "It is no recording.")]
)
def test_a_bad_file_is_a_sentence(shelf, monkeypatch, data, sentence):
    monkeypatch.setattr(shelf.held, "_most_bytes", 4)
    shelf.outcome = VideoError("It is no recording.", "Choose one.")
    app = opened()
    app.file_uploader[0].upload("x.mp4", data)
    app.run()
    assert not app.exception
    (box,) = app.error
    assert sentence in box.value.replace("\\", "")


def test_progress_has_a_way_out(shelf):
    shelf.status = Status("running", 30, 150, "analysing clip.mp4", 9.0, 36.0)
    app, _ = with_recording(shelf)
    (bar,) = app.get("progress")
    assert "30 of 150" in bar.proto.text and "left" in bar.proto.text and bar.proto.value == 20
    press(app, "Cancel")
    assert shelf.requests[-1] == "cancelled" and shelf.held.tokens() == []
    assert app.file_uploader and "recording" not in app.query_params


def test_waiting_for_a_turn_is_said(shelf):
    shelf.status = Status("waiting", words="waiting for its turn, others are at work")
    app, _ = with_recording(shelf)
    assert "waiting for its turn" in app.get("progress")[0].proto.text


def test_a_token_that_is_no_longer_held_is_said_once(shelf):
    app = opened("gone")
    (box,) = app.warning
    assert "no longer held" in box.value and "2 hours" in box.value
    assert app.file_uploader and "recording" not in app.query_params
    assert not app.run().warning


def test_everything_is_described_for_those_who_cannot_see_it(shelf):
    app, _ = with_recording(shelf)
    charts = app.get("plotly_chart")
    assert len(charts) == 2 and all(len(chart.proto.alt) > 30 for chart in charts)
    (frame,) = app.dataframe
    assert frame.value["event"].tolist() == ["1-1", "1-2"]
    assert frame.value["expression"].tolist() == ["happy, 83 %", "undecided, most probable sad, 41 %"]
    assert "from 0.80 to" in app.get("video")[0].proto.alt
    assert "Event 1-1: happy, 83 %" in said(app)


def test_action_units_have_a_timeline_of_their_own(shelf):
    app, _ = with_recording(shelf)
    (tabs,) = (key for key in app.session_state.to_dict() if str(key).startswith("video timelines"))
    app.session_state[tabs] = "Action units"
    app.run()
    assert any("ction unit" in chart.proto.alt for chart in app.get("plotly_chart"))
    assert any("Facial Action Coding System" in each.value for each in [*app.caption, *app.markdown])
    assert any("What moved" in str(each.value) for each in app.table)


def test_an_undecided_event_says_why(shelf):
    app, _ = with_recording(shelf)
    choose(app, "Look at event", "1-2")
    assert "Event 1-2: undecided, most probable sad, 41 %" in said(app)
    assert "for sad it takes 50 % or more" in said(app)


@pytest.mark.parametrize("tab", ["Replay", "Onset and apex", "Why", "Correct"])
def test_each_view_of_an_event_works(shelf, tab):
    app, _ = with_recording(shelf)
    turn_to(app, tab)


@pytest.fixture
def clip_models(tiny_models):
    """Tiny models for recordings beside those for photos."""
    write_all(tiny_models)
    return tiny_models


def test_other_networks_are_asked_about_a_micro_expression_when_they_are_looked_for(shelf, clip_models, monkeypatch):
    asked = []
    asks = event_explanation.clip_predictions
    monkeypatch.setattr(explanation, "clip_predictions", lambda *given: asked.append(given) or asks(*given))
    by_motion = {"negative": 0.1, "positive": 0.7, "surprise": 0.2}
    by_clip = replace(MICRO, expression="positive", probabilities=by_motion, model=clip_model.DEFAULT)
    shelf.outcome = found(track(events=(by_clip, MACRO)))
    app, _ = with_recording(shelf)
    assert not asked, "nothing is asked before the tab is looked at"
    turn_to(app, "Why")
    turn_to(app, "Why")
    assert len(asked) == 1, "the answers are kept"
    rows = next(table.value for table in app.table if "UF1" in table.value.columns)
    assert list(rows["network"]) == ["NeuroMER", "AGMENet", "LEARNet"]
    assert (rows["expression"][0], rows["certainty"][0], rows["decided"][0]) == ("positive", "70 %", "yes")
    assert list(rows["UF1"]) == [f"0.{each} (0.{each - 100} to 0.{each + 100})" for each in (740, 600, 500)]
    alts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert sum("of the picture; at least half as strong in" in alt for alt in alts) == 6
    assert sum(alt.startswith("LEARNet, ") for alt in alts) == 5 and all(alt in said(app) for alt in alts[3:])
    assert "not whether that speaks for the expression" in said(app)
    assert "weaker than the first, which names the events of a recording: AGMENet and LEARNet." in said(app)


def test_a_longer_expression_is_not_put_to_networks_of_micro_expressions(shelf, clip_models):
    app, _ = with_recording(shelf)
    choose(app, "Look at event", "1-2")
    turn_to(app, "Why")
    assert explanation.MICRO_ONLY in said(app) and not any("UF1" in table.value.columns for table in app.table)


def test_a_damaged_network_costs_only_what_the_others_say(shelf, clip_models):
    (clip_models / "learnet-flow" / "card.json").write_text('{"kind": "clip"}')
    app, _ = with_recording(shelf)
    app.session_state["video tabs"] = "Why"
    app.run()
    assert ["card of model learnet-flow does not tell" in box.value.replace("\\", "") for box in app.error] == [True]
    assert len(app.get("plotly_chart")) == 3 and "Found by occlusion" in said(app)


def test_pictures_are_stepped_through_and_become_onset_or_apex(shelf):
    app, kept = with_recording(shelf)
    choose(app, "Watch", "Picture by picture")
    (slider,) = app.slider
    start = slider.value
    press(app, "On")
    press(app, "On")
    assert app.slider[0].value == start + 2
    assert "+267 ms from the onset" in said(app)
    press(app, "Apex")
    assert not app.error
    (move,) = kept.corrections.log
    assert isinstance(move, Move) and move.apex_s == pytest.approx(1.2 + 2 / FPS, abs=1e-6)
    # An onset after the apex is refused in a sentence, and nothing changes.
    for _ in range(4):
        press(app, "On")
    press(app, "Onset")
    assert "before the apex" in app.error[0].value and len(kept.corrections) == 1


def test_motion_is_magnified_on_demand(shelf):
    app, _ = with_recording(shelf)
    choose(app, "Motion magnified", 4)
    assert "its motion 4 times as far" in app.get("video")[0].proto.alt


def fill(app, form, name, **times):
    """Fill in the form ``"correct"`` or ``"add"``."""
    for label, value in times.items():
        boxes = [each for each in app.number_input if each.key.startswith(f"video {form} ")]
        next(each for each in boxes if each.label.lower().startswith(label)).set_value(value)
    next(each for each in app.selectbox if each.key.startswith(f"video {form} ")).set_value(name)


def test_corrections_survive_another_session_with_the_same_address(shelf):
    app, kept = with_recording(shelf)
    turn_to(app, "Correct")
    fill(app, "correct", "surprise", onset=0.9, offset=1.6)
    press(app, "Save")
    assert not app.error
    again = opened(kept.token)
    assert "Event 1-1: surprise, your correction" in said(again)
    assert "2 macro-expressions in 5.0 s" in said(again), "700 ms are no micro-expression"
    assert "The model said happy (83 % for happy)" in said(again)
    assert again.dataframe[0].value["changed"].tolist() == ["corrected", ""]
    press(again, "Undo")
    press(again, "Undo")
    assert "Event 1-1: happy, 83 %" in said(again) and not kept.corrections


def test_an_event_is_rejected_and_taken_back(shelf):
    app, kept = with_recording(shelf)
    turn_to(app, "Correct")
    press(app, "This is no expression")
    assert "1 macro-expression in 5.0 s" in said(app) and "rejected (was happy)" in said(app)
    turn_to(app, "Correct")
    press(app, "As it was spotted")
    assert "Event 1-1: happy, 83 %" in said(app)
    assert kept.corrections and "Back to what was spotted" in [each.label for each in app.button if not each.disabled]


def test_an_event_is_added_and_taken_away_again(shelf):
    app, _ = with_recording(shelf)
    fill(app, "add", "disgust", onset=4.2, apex=4.3, offset=4.5)
    press(app, "Add")
    assert not app.error
    assert "Event 1-a1: disgust, your correction" in said(app) and "nothing has answered" in said(app)
    turn_to(app, "Why")
    turn_to(app, "Correct")
    press(app, "Take it away again")
    assert app.dataframe[0].value["event"].tolist() == ["1-1", "1-2"]


def test_a_wrong_order_of_times_is_a_sentence(shelf):
    app, kept = with_recording(shelf)
    fill(app, "add", "disgust", onset=4.5, apex=4.3, offset=4.2)
    press(app, "Add")
    assert app.error and "Traceback" not in app.error[0].value and not kept.corrections


def test_two_people_are_chosen_between(shelf):
    shelf.outcome = found(track(1), track(2, (MICRO,)), warnings=("2 people are seen.",))
    app, _ = with_recording(shelf)
    assert "2 micro-expressions and 1 macro-expression" in said(app)
    assert "2 people are seen" in app.warning[0].value
    choose(app, "Person, of 2, in order of appearance", 2)
    assert app.dataframe[0].value["event"].tolist() == ["2-1"]


def test_nobody_and_nothing_are_results_too(shelf):
    shelf.outcome = found(warnings=("No face was found in the recording.",))
    app, _ = with_recording(shelf)
    assert "No face in 5.0 s" in said(app) and app.warning and not app.dataframe
    shelf.outcome = found(track(events=()))
    app, _ = with_recording(shelf)
    assert "No expression stands out in 5.0 s" in said(app) and "add it below" in app.info[0].value


def test_files_are_offered_under_the_recordings_name(shelf):
    app, _ = with_recording(shelf)
    labels = [each.proto.label for each in app.get("download_button")]
    assert labels[:6] == ["Report, PDF", "Report, HTML", "Events, CSV", "Frames, CSV", "JSON", "ELAN"]


def test_saved_corrections_can_be_brought_back_but_only_to_their_recording(shelf):
    from engine.records import correction_file

    log = Corrections().then(Move("1-1", 0.9, 1.2, 1.4), shelf.outcome)
    text = correction_file.as_text(log, shelf.outcome)
    app, kept = with_recording(shelf)
    app.file_uploader[0].upload("c.json", text.encode())
    press(app.run(), "Lay them over the recording")
    assert not app.error and kept.corrections == log
    app.file_uploader[0].upload("c.json", json.dumps(json.loads(text) | {"fingerprint": "other"}).encode())
    press(app.run(), "Lay them over the recording")
    assert "other events were spotted" in app.error[0].value


def test_forgetting_removes_everything(shelf):
    app, _ = with_recording(shelf)
    press(app, "Forget it now")
    assert shelf.held.tokens() == [] and "recording" not in app.query_params
    assert app.file_uploader and not app.error and not app.warning


def test_another_recording_leaves_the_first_one_held(shelf):
    app, kept = with_recording(shelf)
    press(app, "Another recording")
    assert "Still held from this visit" in said(app) and "recording" not in app.query_params
    press(app, "Open")
    assert app.query_params["recording"] == kept.token and "Event 1-1" in said(app)
    press(app, "Another recording")
    press(app, "Forget")
    assert shelf.held.tokens() == [] and "Still held" not in said(app)


def test_a_recording_that_cannot_be_read_again_costs_only_its_pictures(shelf, monkeypatch):
    def broken(*_):
        raise VideoError("No picture can be read.", "Look at another event.")

    monkeypatch.setattr("pages.views.video.replay.replay", broken)
    kept = shelf.held.keep("clip.mp4", b"bytes")
    app = opened(kept.token)
    assert "No picture can be read" in app.error[0].value.replace("\\", "") and "Export" in said(app)


def test_names_of_files_do_no_harm(shelf):
    kept = shelf.held.keep("![x](https://evil.example/x.png) :red[z]", b"bytes")
    app = opened(kept.token)
    assert not any("![x](http" in each.value for each in app.markdown)


def test_several_files_are_analysed_and_listed_with_how_far_each_is(shelf):
    shelf.status = Status("running", 30, 150, "analysing", 9.0, 36.0)
    app = opened()
    app.file_uploader[0].set_value([("a.mp4", b"one", "video/mp4"), ("b.mp4", b"", ""), ("c.mp4", b"three", "")])
    app.run()
    assert not app.exception and "recording" not in app.query_params
    assert [asked["name"] for asked in shelf.requests] == ["a.mp4", "c.mp4"]
    assert "b.mp4: The file is empty." in app.error[0].value.replace("\\", "")
    assert "a.mp4" in said(app) and "analysing, 20 %" in said(app)
    press(app, "Open")
    assert app.query_params["recording"] in shelf.held.tokens()


def test_going_back_leads_to_the_list_and_coming_from_another_page_to_the_recording(shelf):
    app, kept = with_recording(shelf)
    del app.query_params["recording"]
    app.run()
    assert app.file_uploader and "Still held from this visit" in said(app)
    app.query_params["recording"] = kept.token
    app.run()
    assert "Event 1-1" in said(app)
    # Another page drops what a page holds.
    del app.query_params["recording"]
    del app.session_state["held by Video: address"]
    app.run()
    assert "Event 1-1" in said(app) and app.query_params["recording"] == kept.token


def test_changes_go_on_in_the_session_that_keeps_it_and_why_not_is_said(shelf, monkeypatch):
    followed = []
    monkeypatch.setattr("engine.records.following.follow", lambda *asked: followed.append(asked))
    monkeypatch.setattr("streamlit.page_link", lambda *where, **how: None)
    app, kept = with_recording(shelf)
    kept.kept_in = KeptIn("me", "record", "First visit", {})
    turn_to(app, "Correct")
    press(app, "This is no expression")
    ((owner, record, before, after),) = followed
    assert (owner, record, len(before), len(after)) == ("me", "record", 0, 1)
    assert "Kept in “First visit”. What you change here is changed there, too" in said(app)

    def refuse(*asked):
        raise ChangedError("It was changed there.", "Go on there.")

    monkeypatch.setattr("engine.records.following.follow", refuse)
    press(app, "Undo")
    assert not kept.corrections
    assert "It was changed there. Go on there." in app.warning[0].value.replace("\\", "")
