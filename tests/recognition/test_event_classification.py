"""What an event is called, and by whom."""

import numpy as np
import pytest

from engine import faces
from engine.errors import ModelError
from engine.features.aligned_face import align_face
from engine.models import shipped
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.event_classification import classify_event
from engine.recognition.event_explanation import model_of
from engine.synthetic import synthetic_clip, true_event


@pytest.fixture(scope="module")
def smile():
    """The faces at rest and at the height of a drawn smile."""
    event = true_event("happy", 0.2, rise_s=0.1, hold_s=0.1, fall_s=0.1, intensity=0.8)
    still = {"head_motion": 0.0, "blinks_a_minute": 0, "light_change": 0.0, "noise": 0.0}
    clip = synthetic_clip(3, duration_s=1.0, fps=30, events=[event], **still)
    found = []
    for number in (5, 10):
        picture = clip.picture(number)
        (face,) = faces.analyse(picture, reach="live")
        found.append(align_face(picture, face.landmarks, number / 30))
    return found


SPOTTED = {kind: Event(0.2, 0.3, 0.5, kind, strength=3.0) for kind in ("micro", "macro")}


def test_a_micro_expression_is_named_by_its_motion(smile):
    event = classify_event(SPOTTED["micro"], *smile, shipped.load())
    assert set(event.probabilities) == {"negative", "positive", "surprise"}
    assert event.expression == "positive"
    assert sum(event.probabilities.values()) == pytest.approx(1, abs=1e-4)
    assert event.decided == (event.certainty >= clip_model.load().thresholds[event.expression])
    assert event.model == clip_model.DEFAULT and model_of(event) is clip_model.load()


def test_a_longer_one_by_the_face_at_its_apex_and_never_decided_neutral(smile):
    model = shipped.load()
    event = classify_event(SPOTTED["macro"], smile[0], smile[0], model)
    assert set(event.probabilities) == set(model.labels)
    assert event.expression == max(event.probabilities, key=event.probabilities.get) == "neutral"
    assert not event.decided
    assert model_of(event) is model


@pytest.mark.parametrize("name", shipped.names())
def test_an_event_names_the_model_that_answered_though_others_have_the_same_labels(smile, name):
    event = classify_event(SPOTTED["macro"], *smile, shipped.load(name))
    assert event.model == name and model_of(event) is shipped.load(name)


def test_no_model_has_answered_for_what_a_person_added():
    assert model_of(Event(0.2, 0.3, 0.5, "macro", "happy", True, origin="added")) is None


def test_an_event_of_a_run_that_is_gone_is_said():
    with pytest.raises(ModelError, match="gone"):
        model_of(Event(0.2, 0.3, 0.5, "macro", "happy", True, {"happy": 0.9}, model="gone"))


def test_a_face_that_does_not_move_gives_the_same_map_whatever_it_looks_like(smile):
    maps = [clip_model.flow_between(sample, sample) for sample in smile]
    np.testing.assert_array_equal(*maps)
    assert clip_model.load().probabilities(np.zeros((0, 28, 28, 3), np.uint8)).shape == (0, 3)
