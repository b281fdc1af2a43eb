"""Faces of a dark recording go through a low-light enhancement before models name what they show, and only there."""

import numpy as np
import pytest

from engine.errors import UserError
from engine.evaluation.degradations import dark
from engine.faces.track import Tracker
from engine.features.aligned_face import align_face, flow_crop
from engine.features.optical_flow import flow_map
from engine.images import lowlight
from engine.models import shipped
from engine.recognition import clip_model, importance
from engine.recognition.analysis import Event
from engine.recognition.event_classification import classify_event, model_crop
from engine.recognition.event_explanation import explain_event
from engine.recognition.replay import Replay
from engine.recognition.video.analysing import analyse_frames
from engine.synthetic import synthetic_clip, true_event
from engine.videos import Frame


@pytest.fixture(scope="module")
def night():
    """A drawn smile in a twentieth of the light."""
    event = true_event("happy", 0.6, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=1.0)
    still = {"head_motion": 0.0, "blinks_a_minute": 0, "light_change": 0.0}
    clip = synthetic_clip(3, face=2, duration_s=1.5, fps=30, size=(320, 240), events=[event], **still)
    random = np.random.default_rng(0)
    return [Frame(each.number, each.time_s, dark(each.picture, 20, random)) for each in clip.frames()]


@pytest.fixture(scope="module")
def found(night):
    """What is found in it by each method."""
    return {method: analyse_frames(night, "night", enhance=method) for method in (None, "llem", "gamma")}


@pytest.fixture(scope="module")
def samples(night):
    """The faces of its first picture and of one in which the smile is widest."""
    tracker, seen = Tracker(), []
    for frame in night[:24]:
        (face,) = tracker.update(frame.picture, frame.time_s)
        seen.append(align_face(frame.picture, face.landmarks, frame.time_s))
    return seen[0], seen[-1]


def warned(analysis, words):
    return [each for each in analysis.warnings if words in each]


@pytest.mark.parametrize("method", ["llem", "gamma"])
def test_single_frames_are_named_behind_the_enhancement(found, samples, method):
    crop = lowlight.enhance(model_crop(samples[0])[np.newaxis], method)
    np.testing.assert_allclose(
        found[method].tracks[0].probabilities[0], shipped.load().probabilities(crop)[0], atol=1e-5
    )
    assert np.abs(found[method].tracks[0].probabilities - found[None].tracks[0].probabilities).max() > 0.01


def test_spotting_stays_on_the_faces_as_they_are(found):
    plain = found[None].tracks[0]
    assert plain.events, "the smile is seen in the dark, too"
    for analysis in found.values():
        (track,) = analysis.tracks
        np.testing.assert_array_equal(track.box, plain.box)
        np.testing.assert_array_equal(track.eyes_open, plain.eyes_open)
        # What a face is at rest is read from the brighter one, and motion is measured from there.
        assert [event.kind for event in track.events] == [event.kind for event in plain.events]
        for name in ("onset_s", "apex_s"):
            times_s = ([getattr(event, name) for event in each.events] for each in (track, plain))
            np.testing.assert_allclose(*times_s, atol=0.05)


def test_the_method_is_kept_and_told_only_where_there_is_one(found, night):
    assert [analysis.enhanced for analysis in found.values()] == ["none", "llem", "gamma"]
    again = analyse_frames(night[:4], "night", enhance="none")
    np.testing.assert_array_equal(again.tracks[0].probabilities[0], found[None].tracks[0].probabilities[0])
    assert "enhanced" not in found[None].as_json() and found["llem"].as_json()["enhanced"] == "llem"


def test_events_are_named_behind_the_enhancement(found, samples):
    onset, apex = samples
    maps = [
        flow_map(*(lowlight.gamma(flow_crop(each.gray, onset.points)[np.newaxis])[0] for each in samples)),
        clip_model.flow_between(onset, apex),
    ]
    enhanced, plain = clip_model.load().probabilities(np.stack(maps))
    event = classify_event(Event(0.0, 0.8, 1.0, "micro"), onset, apex, shipped.load(), "gamma")
    np.testing.assert_allclose(list(event.probabilities.values()), enhanced, atol=1e-5)
    assert np.abs(enhanced - plain).max() > 0.01
    by_method = [[event.probabilities for event in found[method].tracks[0].events] for method in (None, "gamma")]
    assert by_method[0] != by_method[1]


def test_a_dark_recording_says_what_to_do_and_a_brightened_one_what_was_done(found):
    (plain,), (behind,) = warned(found[None], "very dark"), warned(found["llem"], "very dark")
    # The default model is right most often in the dark without an enhancement: none is recommended.
    assert "Put a light in front of it" in plain and "enhance" not in plain
    assert "--enhance" not in behind and "enhanced by LLEM" in behind


def test_a_bright_one_says_nothing_of_it():
    clip = synthetic_clip(3, face=2, duration_s=0.3, fps=30, size=(320, 240), events=[])
    (said,) = analyse_frames(clip.frames(), "day", enhance="gamma").warnings
    assert "rests is not known" in said


def test_a_method_that_there_is_not(night):
    with pytest.raises(UserError, match="no low-light enhancement 'lamp'"):
        analyse_frames(night[:2], "night", enhance="lamp")


def test_what_mattered_is_told_of_the_enhanced_faces(samples):
    grays = np.stack([sample.gray for sample in samples])
    pictures = Replay(
        np.array([0.0, 0.5]), np.repeat(grays[..., np.newaxis], 3, 3), np.stack([sample.points for sample in samples])
    )
    event = Event(0.0, 0.5, 1.0, "macro", "happy", True, {})
    crop, fallen = explain_event(model := shipped.load(), pictures, event, "gamma")
    plain = model_crop(samples[1])
    # A round trip through colour may cost a gray level, of which gamma makes several.
    np.testing.assert_allclose(crop.astype(int), lowlight.gamma(plain[np.newaxis])[0], atol=12)
    np.testing.assert_array_equal(
        fallen, importance.occlusion_map(model.probabilities, crop, model.labels.index("happy"))
    )
    assert crop.mean() > 2 * plain.mean()
    micro = Event(0.0, 0.5, 1.0, "micro", "positive", True, {})
    (apex, fallen), (dark_apex, dark_fallen) = (
        explain_event(clip_model.load(), pictures, micro, method) for method in ("gamma", None)
    )
    assert apex.mean() > 2 * dark_apex.mean() and not np.array_equal(fallen, dark_fallen)
