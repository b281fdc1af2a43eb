"""What an event is called, and by whom."""

from types import SimpleNamespace

import numpy as np
import pytest

from engine import faces
from engine.features.face_sample import face_sample
from engine.models import shipped
from engine.recognition import clip_model
from engine.recognition.event_answer import answer_event
from engine.recognition.event_reasons import answered_by, threshold_of
from engine.synthetic import draw_clip, true_event


@pytest.fixture(scope="module")
def smile():
    """The faces at rest and at the height of a drawn smile."""
    event = true_event("happy", 0.2, rise_s=0.1, hold_s=0.1, fall_s=0.1, intensity=0.8)
    still = {"head_motion": 0.0, "blinks_a_minute": 0, "light_change": 0.0, "noise": 0.0}
    clip = draw_clip(3, duration_s=1.0, fps=30, events=[event], **still)
    found = []
    for number in (5, 10):
        picture = clip.picture(number)
        (face,) = faces.analyse(picture, reach="live")
        found.append(face_sample(picture, face.landmarks, number / 30))
    return found


def _candidate(smile, kind):
    onset, apex = smile
    return SimpleNamespace(
        onset_s=0.2, apex_s=0.3, offset_s=0.5, kind=kind, strength=3.0, onset=onset, apex=apex, offset=onset
    )


def test_a_micro_expression_is_named_by_its_motion(smile):
    event = answer_event(_candidate(smile, "micro"), shipped.load())
    assert set(event.probabilities) == {"negative", "positive", "surprise"}
    assert event.expression == "positive"
    assert sum(event.probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert event.decided == (event.certainty >= clip_model.load().threshold)
    assert answered_by(event) is clip_model.load() and threshold_of(event) == clip_model.load().threshold


def test_a_longer_one_by_the_face_at_its_apex_and_never_neutral(smile):
    model = shipped.load()
    still = SimpleNamespace(**{**vars(_candidate(smile, "macro")), "apex": smile[0]})
    event = answer_event(still, model)
    assert set(event.probabilities) == set(model.labels)
    assert event.expression != "neutral"
    others = {label: value for label, value in event.probabilities.items() if label != "neutral"}
    assert event.expression == max(others, key=others.get)
    assert answered_by(event) is model


def test_a_face_that_does_not_move_gives_the_same_map_whatever_it_looks_like(smile):
    maps = [clip_model.flow_between(sample, sample) for sample in smile]
    np.testing.assert_array_equal(*maps)
    assert clip_model.load().probabilities(np.zeros((0, 28, 28, 3), np.uint8)).shape == (0, 3)
