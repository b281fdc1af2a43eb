import threading

import numpy as np
import pytest

from engine.datasets import FaceSet
from engine.errors import DataError
from engine.spiking import online_learning, stimuli
from engine.spiking.online_learning import DigitLearner, FaceLearner, enough_faces
from engine.spiking.stimuli import CLASSES


def stripes(count=180, seed=0, **more):
    """Make noisy stripes in three directions."""
    random = np.random.default_rng(seed)
    kind = np.arange(count) % 3
    down, right = np.mgrid[:48, :48]
    waves = np.stack([np.sin(right / 1.5), np.sin(down / 1.5), np.sin((down + right) / 2)])[kind]
    pictures = np.clip(128 + 30 * waves + random.normal(0, 40, (count, 48, 48)), 0, 255).astype(np.uint8)
    return FaceSet("stripes", pictures, np.array(CLASSES)[kind], **more)


def finish(learning):
    while not learning.finished:
        learning.advance(0.5)
    return learning


@pytest.fixture(scope="module")
def taught():
    return finish(FaceLearner(stripes()))


def test_faces_are_learnt_from_labels(taught):
    assert taught.accuracy[0] == (0, 0.0), "untaught, all outputs fire alike"
    assert taught.accuracy[-1][0] == taught.learnt == taught.to_learn and taught.accuracy[-1][1] > 0.9
    assert (taught.training, taught.held_out) == (144, 36)
    assert taught.weights.shape[1] == 3 and taught.weights.any()


def test_a_taught_network_answers_and_stays_as_it_is(taught):
    before = taught.weights.copy()
    sides = stripes(seed=5)
    said = [taught.trace(stimuli.face(picture)).decision for picture in sides.pictures[:12]]
    assert sum(each == label for each, label in zip(said, sides.labels[:12], strict=True)) >= 10
    np.testing.assert_array_equal(taught.weights, before)


def test_a_slice_is_short_and_may_be_bounded_in_pictures():
    learning = FaceLearner(stripes())
    learning.advance(0)
    assert learning.done == 1 and learning.words == "Turning faces into spikes" and not learning.ready
    assert learning.weights is None
    while not learning.ready:
        learning.advance(0)
    assert learning.learnt == 1 and learning.words == "Learning from spikes"
    learning.advance(60, most=5)
    assert learning.learnt == 6 and learning.last[1] in CLASSES and learning.last[0].shape == (48, 48)


def test_nothing_but_the_training_part_is_looked_at():
    split = np.where(np.arange(360) < 180, "Training", "PrivateTest")
    learning = FaceLearner(stripes(360, split=split))
    assert learning._rows.max() < 180


def test_copies_stay_on_one_side():
    learning = FaceLearner(stripes(group=np.arange(180) // 6))
    group = learning._faces.group[learning._rows]
    assert not set(group[learning._fold.training]) & set(group[learning._fold.held_out])
    assert learning.copies_known and not FaceLearner(stripes()).copies_known


def test_too_few_pictures_are_refused():
    with pytest.raises(DataError, match="39 pictures of happy"):
        FaceLearner(stripes(117))
    assert enough_faces(dict.fromkeys(CLASSES, 40)) and not enough_faces({"happy": 100, "neutral": 100, "surprise": 39})
    assert not enough_faces({})


def test_where_no_face_is_found_it_says_so(monkeypatch):
    monkeypatch.setattr(online_learning, "face_crops", lambda pictures, rows: (np.empty((0, 48, 48)), rows[:0], {}))
    with pytest.raises(DataError, match="Hardly any face"):
        finish(FaceLearner(stripes()))


def test_digits_are_learnt_without_labels():
    learning = finish(DigitLearner())
    assert learning.accuracy[0][1] < 0.6 < 0.9 < learning.accuracy[-1][1]
    assert (learning.training, learning.held_out, learning.learnt) == (1497, 300, 3 * 1497)
    pixels, labels = stimuli.digits()
    said = [learning.trace(stimuli.digit(at)).decision for at in range(40)]
    assert np.mean([each == str(label) for each, label in zip(said, labels[:40], strict=True)]) > 0.8
    assert learning.trace(stimuli.Stimulus("digit", None, pixels[0], 0 * pixels[0], ())).decision is None


def test_it_is_the_same_learning_however_it_is_sliced():
    one, other = DigitLearner(seed=2), DigitLearner(seed=2)
    one.advance(60, most=150)
    while other.learnt < 150:
        other.advance(0)
    np.testing.assert_array_equal(one.weights, other.weights)


def test_two_at_once_take_turns():
    learning, failed = DigitLearner(), []

    def go_on():
        try:
            for _ in range(20):
                learning.advance(0.005)
        except ValueError as error:
            failed.append(error)

    threads = [threading.Thread(target=go_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
