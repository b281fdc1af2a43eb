"""What each clip model says of one moment, and where it looks."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine import settings
from engine.recognition import clip_model
from engine.recognition.analysis import Event
from engine.recognition.event_explanation import clip_predictions
from engine.recognition.replay import Replay
from tests.recognition.tiny_clip_models import STAGES, write_all

SHARES = {"negative": 0.1, "positive": 0.62, "surprise": 0.28}
EVENT = Event(0.1, 0.3, 0.5, "micro", "positive", True, SHARES, 4.0, model=clip_model.DEFAULT)


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "WEIGHTS_FOLDER", tmp_path)
    write_all(tmp_path)


@pytest.fixture
def moving():
    """A textured face whose mouth moves up."""
    random = np.random.default_rng(0)
    still = cv2.GaussianBlur(random.integers(0, 256, (256, 256, 3)).astype(np.uint8), (0, 0), 3)
    moved = still.copy()
    moved[150:220, 60:200] = still[153:223, 60:200]
    points = np.random.default_rng(1).uniform(40, 216, (468, 2)).astype(np.float32)
    for corners, place in (((33, 133), (70, 90)), ((362, 263), (186, 90)), ((61,), (90, 190)), ((291,), (166, 190))):
        points[list(corners)] = place
    return Replay(np.linspace(0, 0.6, 7), np.stack([still] * 3 + [moved] * 4), np.stack([points] * 7))


def test_each_says_what_it_answers_and_the_one_that_answered_keeps_its_word(moving):
    face, asked = clip_predictions(moving, EVENT)
    assert face.shape == (112, 112) and [each.model.name for each in asked] == list(clip_model.names())
    first, *others = asked
    assert first.model.name == clip_model.DEFAULT and first.probabilities == SHARES
    assert (first.expression, first.certainty, first.decided) == (
        "positive",
        0.62,
        first.model.thresholds["positive"] <= 0.62,
    )
    for each in others:
        assert sum(each.probabilities.values()) == pytest.approx(1, abs=1e-4) and each.probabilities != SHARES
        assert each.decided == (max(each.probabilities.values()) >= each.model.thresholds[each.expression])


def test_an_answer_of_another_model_leaves_all_to_be_asked(moving):
    other = replace(EVENT, expression="happy", probabilities={"happy": 0.9, "sad": 0.1}, model="neuromer")
    _, (first, *_) = clip_predictions(moving, other)
    assert set(first.probabilities) == set(SHARES) and first.probabilities != SHARES


def test_maps_are_as_large_as_the_face_and_only_there_where_a_model_tells(moving):
    face, asked = clip_predictions(moving, EVENT)
    told = {each.model.name: each for each in asked}
    assert not told[clip_model.DEFAULT].responses and told[clip_model.DEFAULT].attention is None
    responses, attention = told["learnet-flow"].responses, told["agmenet-flow"].attention
    assert tuple(responses) == STAGES and told["learnet-flow"].attention is None
    assert all(each.shape == face.shape for each in responses.values())
    row, column = np.unravel_index(responses["stem"].argmax(), face.shape)
    assert row > 56 and 14 < column < 98, "where the mouth moves"
    assert not told["agmenet-flow"].responses and attention.shape == face.shape
    assert attention.mean() == pytest.approx(1, abs=1e-3) and len(np.unique(attention)) == 12
