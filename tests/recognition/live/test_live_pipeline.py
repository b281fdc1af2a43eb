"""A camera's frames in, states out."""

import dataclasses
from itertools import pairwise
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from drawn import FPS, clip, crowd, face, nobody

from engine.errors import DataError, LiveError, ModelError, UserError
from engine.faces.track import Tracker
from engine.features.aligned_face import align_face
from engine.models import shipped
from engine.recognition.event_classification import model_crop
from engine.recognition.live import LivePipeline, LiveSettings
from engine.recognition.live.people import MOST_ASKED
from engine.recognition.live.pipeline import LOOK_S
from engine.recognition.personal import PersonalAnswers
from engine.recognition.video.analysing import analyse_frames
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.person_layers import PersonLayers
from engine.videos import Frame

COMPARED = 50  # frames, with the onset of the expression among them


@pytest.fixture(scope="module")
def watched():
    """A pipeline that has seen the clip, and its states."""
    pipeline = LivePipeline()
    states = [pipeline.see(picture, time_s) for picture, time_s in clip()]
    return SimpleNamespace(pipeline=pipeline, states=states, end=pipeline.rest())


@pytest.fixture
def pipeline():
    return LivePipeline()


def see(pipeline, pictures, start_s=0.0, fps=FPS):
    return [pipeline.see(picture, start_s + number / fps) for number, picture in enumerate(pictures)]


def row(told):
    return np.array(list(told.values()))


def test_probabilities_are_the_models_on_the_same_crops(watched):
    model, tracker, compared = shipped.load(threads=1), Tracker(LOOK_S), 0
    for (picture, time_s), state in zip(clip()[:COMPARED], watched.states, strict=False):
        ((seen,), (found,)) = state.faces, tracker.update(picture, time_s)
        np.testing.assert_allclose(seen.box, found.box, rtol=1e-6)
        assert seen.probabilities == seen.named and seen.corrections == 0
        assert tuple(seen.named) == model.labels
        if seen.answered_s == time_s:
            crop = model_crop(align_face(picture, found.landmarks, time_s))
            np.testing.assert_allclose(row(seen.named), model.probabilities(crop[None])[0], atol=1e-6)
            compared += 1
    # Only frames in which faces are looked for spare the model.
    assert compared >= COMPARED - 1 - COMPARED / FPS / LOOK_S


def test_smoothing_is_a_first_order_filter_and_names_the_expression(watched):
    answered = [state.faces[0] for state in watched.states if state.faces[0].answered_s == state.time_s]
    smooth = row(answered[0].probabilities)
    for before, now in pairwise(answered):
        keeps = np.exp(-(now.answered_s - before.answered_s) / LiveSettings().smooth_s)
        smooth = keeps * smooth + (1 - keeps) * row(now.probabilities)
        assert np.abs(row(now.smoothed) - smooth).max() < 1e-5
        assert now.expression == max(now.smoothed, key=now.smoothed.get)
        assert now.certainty == now.smoothed[now.expression]
        assert now.decided == (now.certainty >= shipped.load().thresholds[now.expression])
        assert now.answer == (now.expression if now.decided else "undecided")


def test_events_are_those_of_the_recording(watched):
    analysis = analyse_frames((Frame(n, time_s, picture) for n, (picture, time_s) in enumerate(clip())), "clip")
    (track,) = analysis.tracks
    held = [each.event for each in watched.end.events]
    assert track.events and len(held) == len(track.events)
    for live, event in zip(held, track.events, strict=True):
        # Some frames are not asked about, so that rest is known by others: how far motion is from it differs a little.
        assert live.strength == pytest.approx(event.strength, rel=0.1)
        # So is what moved, which is a little smoothed over time in a recording.
        assert 12 in live.moved and 12 in event.moved
        assert dataclasses.replace(live, strength=event.strength, moved=event.moved) == event
    assert watched.end.spotted == len(track.events) and watched.end.faces == ()


def test_a_state_tells_the_stream(watched):
    state = watched.states[-1]
    assert state.frames == len(clip()) and state.time_s == clip()[-1][1] and state.size == (240, 180)
    assert state.fps == pytest.approx(FPS) and not state.too_slow and state.warnings == ()
    assert (state.dropped, state.out_of_order, state.failed, state.error) == (0, 0, 0, None)
    assert state.took_s > 0 and state.main is state.faces[0] and watched.states[3].fps is None
    assert np.abs(state.main.pose_deg).max() < 40 and 0 < state.main.eyes_open < 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        state.fps = 1


def test_a_replay_shows_the_event(watched):
    (held,) = watched.end.events
    replay = watched.pipeline.replay(held.number)
    assert held.whole and held.pictures == len(replay.time_s) == len(replay.faces) and not held.kept
    assert replay.time_s[0] < held.event.onset_s and replay.time_s[-1] > held.event.offset_s
    assert replay.fps == pytest.approx(FPS) and replay.points.shape == (held.pictures, 468, 2)
    # Held still: the corners of the eyes stay where they are.
    assert np.ptp(replay.points[:, [33, 263]], axis=0).max() < 0.03 * replay.faces.shape[1]
    at = replay.at(held.event.apex_s)
    assert replay.gray(at).std() > 10 and replay.at(held.event.onset_s) < at


def test_the_timeline_holds_what_the_states_told(watched):
    timeline = watched.pipeline.timeline(1)
    answered = [state.faces[0] for state in watched.states if state.faces[0].answered_s == state.time_s]
    assert timeline.labels == watched.pipeline.labels
    np.testing.assert_allclose(timeline.time_s[:-1], [face.answered_s for face in answered])
    np.testing.assert_allclose(timeline.probabilities[:-1], [row(face.probabilities) for face in answered])
    np.testing.assert_allclose(timeline.smoothed[:-1], [row(face.smoothed) for face in answered])
    assert np.isnan(timeline.probabilities[-1]).all()  # since it rests


def test_spikes_go_on_with_the_time_between_frames():
    pipeline = LivePipeline()
    (first, *_, last) = see(pipeline, [face()] * 14)
    shown = pipeline.spikes(1)
    # 13 intervals of a thirtieth of a second, in steps of 1 ms.
    assert shown.inputs.steps == 433 and shown.time_ms[-1] == 433 and shown.names == pipeline.labels
    assert shown.potentials_mv.shape == (433, len(pipeline.labels)) and len(shown.outputs)
    assert np.ptp(row(first.main.spiking)) < 1e-6 and sum(last.main.spiking.values()) == pytest.approx(1)
    pipeline.see(face(), 100.0)
    assert pipeline.spikes(1).inputs.steps <= 200  # after a break it begins anew, and not with 100,000 steps


def test_five_frames_a_second_are_too_slow_for_micro_expressions(pipeline):
    *_, last = see(pipeline, [face()] * 4, fps=5)
    assert last.fps == pytest.approx(5) and last.too_slow and len(last.faces) == 1
    assert any("5 frames a second" in warning and "micro-expressions" in warning for warning in last.warnings)


def test_times_that_do_not_rise_are_left_out_and_counted(pipeline):
    first = pipeline.see(face(), 7.0)
    for time_s in (7.0, 6.9, float("nan"), float("inf")):
        state = pipeline.see(nobody(), time_s)
    assert state.frames == 1 and state.out_of_order == 4 and state.faces == first.faces and state.time_s == 0.0
    assert pipeline.see(face(), 7.1).time_s == pytest.approx(0.1)


def test_a_camera_that_is_opened_again_goes_on(pipeline):
    see(pipeline, [face()] * 3, 500.0)
    state = see(pipeline, [face()] * 2, 0.0)[-1]
    assert state.frames == 5 and state.time_s > 1 and [seen.person for seen in state.faces] == [1]


def test_another_resolution_in_the_middle_keeps_the_person(pipeline):
    see(pipeline, [face()] * 3)
    (large,) = see(pipeline, [cv2.resize(face(), None, fx=2, fy=2)], 0.1)
    (back,) = see(pipeline, [face()], 0.2)
    assert [seen.person for seen in large.faces] == [1] == [seen.person for seen in back.faces]
    np.testing.assert_allclose(large.main.box, 2 * np.array(back.main.box), rtol=0.05)
    turned = see(pipeline, [np.ascontiguousarray(face()[:, 40:160])] * 2, 0.3)[-1]
    assert turned.size == (120, 180) and len(turned.faces) == 1


@pytest.mark.parametrize(("away", "count"), [(0, 1), (3, 1), (8, 2)])
def test_an_expression_goes_on_where_the_resolution_changes_or_the_face_is_back_at_once(pipeline, away, count):
    said = iter([*["neutral"] * 8, *["happy"] * 100])

    def answers(crops):
        sure = np.full((len(crops), len(pipeline.labels)), 0.02, np.float32)
        sure[:, pipeline.labels.index(next(said))] = 0.88
        return sure, None

    pipeline.classifier.answers = answers
    larger = cv2.resize(face(), None, fx=1.5, fy=1.5)
    see(pipeline, [*[face()] * 22, *[np.full_like(face(), 128)] * away, *[larger] * 16], fps=10)
    events = [each.event for each in pipeline.rest().events]
    assert [event.expression for event in events] == ["happy"] * count
    assert [event.onset_seen for event in events] == [True, False][:count] and not events[-1].end_seen


def test_a_large_picture_is_answered_in_its_own_pixels(pipeline):
    small = pipeline.see(face(), 0.0)
    large = LivePipeline().see(cv2.resize(face(), None, fx=6, fy=6), 0.0)
    assert large.size == (1440, 1080)
    np.testing.assert_allclose(large.main.box, 6 * np.array(small.main.box), rtol=0.06)


@pytest.mark.parametrize(("value", "said"), [(0, "black"), (120, "No face")])
def test_nobody_to_see(pipeline, value, said):
    *_, state = see(pipeline, [nobody(value)] * 3)
    assert state.faces == () and state.main is None and said in state.warnings[0]


def test_a_face_that_leaves_and_comes_back(pipeline):
    states = see(pipeline, [face()] * 3 + [nobody()] * 4 + [face()] * 4)
    assert [len(state.faces) for state in states[:3]] == [1] * 3 and states[4].faces == ()
    assert [seen.person for seen in states[-1].faces] == [1]
    timeline = pipeline.timeline(1)
    assert np.isnan(timeline.smoothed).all(1).sum() == 1 and np.isfinite(timeline.smoothed[-1]).all()


def test_ten_faces_are_followed_and_the_model_is_asked_about_a_few_at_a_time(pipeline, monkeypatch):
    asked, answers = [], pipeline.classifier.answers
    monkeypatch.setattr(pipeline.classifier, "answers", lambda crops: asked.append(len(crops)) or answers(crops))
    states = see(pipeline, [crowd(10)] * 7)
    assert [len(state.faces) for state in states] == [10] * 7
    assert asked == [10, *[MOST_ASKED] * 6]
    # All in turn: after five more frames everybody was asked again.
    assert min(seen.answered_s for seen in states[5].faces) == pytest.approx(1 / FPS)
    assert [seen.person for seen in states[-1].faces] == list(range(1, 11))


@pytest.mark.parametrize("picture", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3)), np.zeros((0, 9, 3), np.uint8)])
def test_what_is_no_picture_is_refused_and_the_next_one_is_seen(pipeline, picture):
    with pytest.raises(ValueError, match="Expected"):
        pipeline.see(picture, 0.0)
    assert len(pipeline.see(face(), 0.0).faces) == 1


def test_what_is_taught_shows_in_the_next_frame_and_can_be_taken_back(pipeline):
    before = see(pipeline, [face()] * 4)[-1].main
    meant = min(before.named, key=before.named.get)
    pipeline.teach(1, meant)
    after = pipeline.see(face(), 0.2).main
    assert after.corrections == 4 and after.named[meant] < 0.5
    assert after.probabilities[meant] > after.named[meant] + 0.2
    assert after.spiking[meant] > before.spiking[meant] + 0.1
    assert sum(after.probabilities.values()) == pytest.approx(1)
    assert pipeline.adaptation(1).weights.shape == (len(pipeline.labels),) * 2
    assert pipeline.undo(1) and not pipeline.undo(1)
    untaught = pipeline.see(face(), 0.25).main
    assert untaught.probabilities == untaught.named and untaught.corrections == 0
    pipeline.teach(1, meant)
    taught = pipeline.adaptation(1)
    pipeline.reset(1)
    assert pipeline.adaptation(1).corrections == 0
    pipeline.adapt(1, taught)
    assert pipeline.see(face(), 0.3).main.probabilities[meant] > after.named[meant] + 0.2


def test_what_cannot_be_taught_is_said(pipeline):
    with pytest.raises(LiveError, match="Person 1 is not known"):
        pipeline.teach(1, "happy")
    see(pipeline, [face()] * 2)
    with pytest.raises(LiveError, match="no expression 'bored'"):
        pipeline.teach(1, "bored")
    with pytest.raises(LiveError, match="3 expressions"):
        pipeline.adapt(1, PersonAdapter(3))
    see(pipeline, [nobody()] * 2, 0.1)
    with pytest.raises(LiveError, match="not in sight"):
        pipeline.teach(1, "happy")
    for ask in (pipeline.timeline, pipeline.spikes, pipeline.undo, pipeline.adaptation):
        with pytest.raises(LiveError, match="Person 2"):
            ask(2)
    with pytest.raises(LiveError, match="Event 1 is not held"):
        pipeline.replay(1)


def test_another_model_answers_from_then_on(pipeline):
    before = pipeline.see(face(), 0.0).main
    pipeline.change(LiveSettings(model="paper", enhance="gamma", smooth_s=0))
    after = pipeline.see(face(), 0.1).main
    assert after.person == before.person and after.spiking is None and pipeline.spikes(1) is None
    assert tuple(after.named) == shipped.load("paper").labels == pipeline.labels
    assert after.smoothed == after.probabilities
    pipeline.change(LiveSettings(plastic=True))
    head = pipeline.see(face(), 0.2).main
    readout = pipeline.classifier.readout
    embedding = shipped.load().embeddings(pipeline._people.find(1).crop[None])
    np.testing.assert_allclose(row(head.named), readout.probabilities(embedding)[0], atol=1e-5)


def test_choices_that_cannot_be_are_refused_and_change_nothing(pipeline):
    for settings, error in (
        (LiveSettings(model="none"), ModelError),
        (LiveSettings(model="paper", plastic=True), DataError),
        (LiveSettings(enhance="sun"), UserError),
    ):
        with pytest.raises(error):
            pipeline.change(settings)
    assert pipeline.settings == LiveSettings() and len(pipeline.see(face(), 0.0).faces) == 1


def learnt_of(pipeline, expression):
    """What corrections of the face that is in sight have taught: it always shows one expression."""
    shown, asked = pipeline.state.faces[0], pipeline._people.find(1).asked_at(pipeline.state.time_s)
    assert row(shown.named) == pytest.approx(asked.probabilities[0], abs=1e-6)
    rows, embeddings = (np.repeat(each, 20, axis=0) for each in (asked.probabilities, asked.embeddings))
    meant = [pipeline.labels.index(expression)] * 20
    layers = PersonLayers.fit(pipeline.classifier.readout.encoder, rows, embeddings, meant)
    return PersonalAnswers("p", asked.model, asked.version, pipeline.labels, layers)


def test_a_persons_adaptation_answers_for_that_face_alone_and_can_be_switched_off(pipeline):
    before = pipeline.see(crowd(2), 0.0)
    first, _ = before.faces
    meant = min(first.named, key=first.named.get)
    personal = learnt_of(pipeline, meant)
    pipeline.answer_as(1, personal)
    after = pipeline.see(crowd(2), 0.1)
    assert [face.personal for face in after.faces] == ["p", None]
    assert max(after.faces[0].probabilities, key=after.faces[0].probabilities.get) == meant
    assert after.faces[1].probabilities == after.faces[1].named
    assert after.faces[0].named[meant] < 0.5
    pipeline.answer_as(1, None)
    usual = pipeline.see(crowd(2), 0.2).faces[0]
    assert usual.personal is None and usual.probabilities == usual.named
    pipeline.answer_as(1, personal)
    pipeline.change(LiveSettings(plastic=True))
    assert pipeline.see(crowd(2), 0.3).faces[0].personal is None
    with pytest.raises(LiveError, match="here its plastic head answers"):
        pipeline.answer_as(1, personal)
    pipeline.change(LiveSettings(model="paper"))
    with pytest.raises(UserError, match="learnt with the model neuromer, here .* answers"):
        pipeline.answer_as(1, personal)


def test_somebody_elses_face_is_never_answered_for_by_an_adaptation(pipeline):
    pipeline.see(face(), 0.0)
    pipeline.answer_as(1, learnt_of(pipeline, "fear"))
    pipeline.see(nobody(), 61.0)
    pipeline.see(nobody(), 122.0)
    came = pipeline.see(face(), 123.0).main
    assert came.person == 2 and came.personal is None and came.probabilities == came.named


def test_what_was_taught_can_be_kept_as_it_stands(pipeline):
    see(pipeline, [face()] * 4)
    pipeline.teach(1, "fear")
    plain = pipeline.see(face(), 0.3).main.named
    pipeline.teach(1, "sad")
    assert [lesson.expression for lesson in pipeline.lessons(1)] == ["fear", "sad"]
    (told,) = pipeline.lessons(1)[1].face.probabilities
    assert told == pytest.approx(row(plain), abs=1e-6)  # what anybody is told, not what was taught before
    assert pipeline.lessons(1)[0].face.embeddings.shape == (1, 384)
    pipeline.undo(1)
    assert [lesson.expression for lesson in pipeline.lessons(1)] == ["fear"]
    pipeline.see(nobody(), 61.0)
    pipeline.see(nobody(), 122.0)
    assert {who: len(lessons) for who, lessons in pipeline.all_lessons().items()} == {1: 1}
    pipeline.see(face(), 123.0)
    assert pipeline.lessons(2) == ()


def test_events_hold_the_numbers_of_their_apex(watched):
    for each in watched.end.events:
        assert each.asked.near(each.event.apex_s) == 0 and each.asked.model == "neuromer"


def test_who_is_gone_for_long_is_forgotten_but_not_what_was_taught(pipeline):
    pipeline.see(face(), 0.0)
    pipeline.teach(1, "happy")
    pipeline.see(nobody(), 61.0)
    pipeline.see(nobody(), 122.0)
    with pytest.raises(LiveError, match="Person 1"):
        pipeline.timeline(1)
    assert pipeline.adaptation(1).corrections == 1
    assert pipeline.see(face(), 123.0).main.person == 2
    pipeline.adapt(2, pipeline.adaptation(1))
    assert pipeline.see(face(), 123.1).main.corrections == 1
