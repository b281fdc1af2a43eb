"""Micro-expressions of synthetic faces are cut out, and answered for by what never saw the identity."""

import cv2
import numpy as np
import pytest

from engine.errors import DataError, ModelError
from engine.studies import synthetic_clips, synthetic_micro_expressions
from engine.studies.synthetic_clips import SyntheticClips, draw, synthetic_faces
from engine.studies.synthetic_micro_expressions import Inputs, Truth, answers, figures, groups_of
from engine.synthetic import EXPRESSIONS

SMALL = {"fps": 30.0, "size": (320, 240)}


@pytest.fixture(scope="module")
def one():
    return draw(1, first=5, **SMALL)


def invented(identities=6, classes=("happy", "sad", "surprise")):
    """Frames whose brightness tells the clip's number."""
    subject, y = np.repeat(np.arange(identities), len(classes)), np.tile(np.arange(len(classes)), identities)
    frames = np.broadcast_to(np.arange(len(y), dtype=np.uint8)[:, None, None, None] * 9, (len(y), 8, 128, 128))
    return SyntheticClips(classes, y, subject, np.zeros((len(y), 112, 112, 3), np.float32), frames)


def test_each_identity_shows_each_expression_once(one):
    assert one.classes == tuple(EXPRESSIONS) and one.y.tolist() == list(range(6)) and not one.lost
    assert one.subject.tolist() == [5] * 6
    assert one.pictures.shape == (6, 112, 112, 3) and one.pictures.dtype == np.float32
    assert one.frames.shape == (6, 8, 128, 128) and one.frames.dtype == np.uint8
    np.testing.assert_allclose(np.abs(one.pictures).max(axis=(1, 2, 3)), 1)


def test_a_clip_begins_and_ends_at_rest_and_moves_between(one):
    face = one.frames[list(EXPRESSIONS).index("surprise"), :, 20:120, 25:103].astype(float)
    face /= face.mean(axis=(1, 2), keepdims=True)  # the light changes, too
    away = np.abs(face - face[0]).mean(axis=(1, 2))
    assert away.max() > 1.5 * away[-1] and 0 < away.argmax() < len(away) - 1


def test_the_same_seed_draws_the_same_faces(one):
    again = synthetic_faces(5, "happy", **SMALL)
    assert np.array_equal(again[0], one.frames[0, 0]) and np.array_equal(again[-1], one.frames[0, -1])


def test_less_light_is_darker_and_noisier(one):
    bright, dark = one.frames[:1], one.darkened(20)[:1]
    assert dark.shape == bright.shape and dark.mean() < 0.4 * bright.mean()
    change = [np.diff(each.astype(float) / each.mean(), axis=1).std() for each in (bright, dark)]
    assert change[1] > 2 * change[0]


def test_clips_without_a_face_are_counted(monkeypatch):
    def blind(asked):
        return [[np.full((128, 128), 9, np.uint8)] if at else [] for at in range(6)]

    monkeypatch.setattr(synthetic_clips, "_identity", blind)
    found = draw(2)
    assert found.lost == 2 and len(found) == 10 and 0 not in found.y
    monkeypatch.setattr(synthetic_clips, "_identity", lambda asked: [[]] * 6)
    with pytest.raises(DataError, match="No face was found"):
        draw(2)


def test_groups_keep_identities_whole_and_are_of_one_size():
    subject = np.repeat(np.arange(10), 6)
    group = groups_of(subject, 3)
    assert all(len(set(group[subject == each])) == 1 for each in range(10))
    assert sorted(np.bincount(group) // 6) == [2, 2, 3, 3]
    assert not np.array_equal(group, groups_of(subject, 4))
    assert set(groups_of(np.array([1, 2, 1, 2]), 0)) == {0, 1}


@pytest.mark.parametrize("dark", [False, True])
def test_every_clip_is_answered_for_once_by_what_never_saw_its_identity(monkeypatch, dark):
    clips, met = invented(), []

    def answer(job):
        number = {float(each): at for at, each in enumerate(inputs.mean(axis=(1, 2, 3, 4)))}
        seen = {clips.subject[number[float(each)]] for each in job.task.maps.mean(axis=(1, 2, 3, 4))}
        asked = job.task.asked.mean(axis=(1, 2, 3, 4))
        own = [float(each) for each in asked if float(each) in number]
        assert not seen & {clips.subject[number[each]] for each in own}
        met.extend(number[each] for each in own)
        return np.stack([asked, 1 - asked, 0 * asked], axis=1)[None]

    made = Inputs(clips, 4)
    learner = synthetic_micro_expressions.face_learner("agmenet-without-llem")
    light, little = made.of(learner), made.of(learner, dark=True)
    inputs = little if dark else light
    monkeypatch.setattr(synthetic_micro_expressions, "answer_clips", answer)
    found = answers(made, "agmenet-without-llem", 1, dark)
    assert sorted(met) == list(range(len(clips)))
    assert list(found) == (["dark"] if dark else ["light", "darkened"])
    for name, given in {"light": light, "darkened": little, "dark": little}.items():
        if name in found:
            np.testing.assert_allclose(np.array(found[name])[:, 0], given.mean(axis=(1, 2, 3, 4)), atol=1e-4)


@pytest.mark.parametrize("name", ["learnet", "lbp-top"])
def test_what_is_not_made_for_the_dark_is_asked_in_good_light_alone(monkeypatch, name):
    monkeypatch.setattr(synthetic_micro_expressions, "answer_clips", lambda job: np.ones((1, len(job.task.asked), 3)))
    assert list(answers(Inputs(invented()), name, 0)) == ["light"]


def test_lbp_top_tells_which_way_a_texture_moves_whatever_the_identity():
    random = np.random.default_rng(0)
    subject, y = np.repeat(np.arange(6), 2), np.tile(np.arange(2), 6)
    textures = cv2.GaussianBlur(random.normal(128, 400, (128, 128, 6)), (0, 0), 6).clip(0, 255).astype(np.uint8)
    clips = [
        [np.roll(textures[..., one], 6 * frame, axis=way) for frame in range(8)]
        for one, way in zip(subject, y, strict=True)
    ]
    drawn = SyntheticClips(("down", "across"), y, subject, np.zeros((12, 112, 112, 3), np.float32), np.array(clips))
    found = np.array(answers(Inputs(drawn), "lbp-top", 0, epochs=5)["light"])  # epochs are nothing to it
    assert found.argmax(axis=1).tolist() == y.tolist()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-4)


def test_what_cannot_be_done_is_said():
    with pytest.raises(DataError, match="0 identities are none"):
        draw(0)
    with pytest.raises(DataError, match="of one identity"):
        answers(Inputs(invented(1)), "learnet", 0)
    with pytest.raises(DataError, match="0 epochs are none"):
        answers(Inputs(invented()), "learnet", 0, epochs=0)
    with pytest.raises(ModelError, match="no learner 'svm' for faces"):
        answers(Inputs(invented()), "svm", 0)


def test_figures_are_of_the_seeds_mean_and_differences_paired():
    clips = invented()
    right = np.eye(3)[clips.y]
    wrong = np.eye(3)[(clips.y + 1) % 3]
    told = figures(
        Truth(clips.y, clips.classes, clips.subject),
        {"resnet": {"light": [wrong] * 2}, "learnet": {"light": [right, wrong]}},
    )
    row = told["learners"]["learnet"]["light"]
    assert row["uf1_each"] == [1, 0] and row["accuracy"] == row["uar"] == 0.5 and row["uar_interval"] == [0.5, 0.5]
    (only,) = told["differences"]
    assert (only["first"], only["second"], only["uf1"]["value"]) == ("learnet", "resnet", 0.5)
