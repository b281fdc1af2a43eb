import cv2
import numpy as np
import pytest

from engine.errors import DataError
from engine.models import shipped
from engine.recognition.photo import recognise
from engine.spiking.plastic_head import FILE, PlasticHead

LABELS = ("angry", "happy", "sad")


def clouds(count=1200, seed=0):
    random = np.random.default_rng(seed)
    label = np.arange(count) % 3
    embeddings = np.maximum(random.normal(0, 1, (count, 24)), 0)
    embeddings[np.arange(count), 3 * label] += 4
    return embeddings.astype(np.float32), label


@pytest.fixture(scope="module")
def head():
    embeddings, label = clouds()
    return PlasticHead.fit(embeddings, np.eye(3)[label], LABELS, seed=1)


def test_it_learns_without_backpropagation(head):
    others, true = clouds(seed=1)
    found = head.probabilities(others)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found.argmax(axis=1) == true).mean() > 0.95


def test_a_person_changes_it_and_a_reset_undoes_that_exactly(head):
    others, true = clouds(90, seed=2)
    before = head.probabilities(others)
    for at in range(15):
        head.correct(others[at], LABELS[[1, 0, 2][true[at]]])
    after = head.probabilities(others[15:]).argmax(axis=1)
    assert (after == np.array([1, 0, 2])[true[15:]]).mean() > 0.9
    head.reset()
    np.testing.assert_array_equal(head.probabilities(others), before)


def test_it_is_the_same_after_it_was_put_away_and_takes_nobody_along(head, tmp_path):
    others, _ = clouds(30, seed=3)
    before = head.probabilities(others)
    head.correct(others[0], "sad")
    head.save(tmp_path / FILE)
    again = PlasticHead.load(tmp_path / FILE)
    assert again.labels == LABELS and again.personal.corrections == 0
    np.testing.assert_array_equal(again.probabilities(others), before)
    head.reset()


def test_bad_input_is_refused(head, tmp_path):
    with pytest.raises(DataError, match="no expression 'bored'.*angry, happy, sad"):
        head.correct(np.zeros(24), "bored")
    (tmp_path / "rubbish").write_bytes(b"PK\x03\x04")
    for path in (tmp_path / "rubbish", tmp_path / "missing"):
        with pytest.raises(DataError, match="plastic head in .* cannot be read"):
            PlasticHead.load(path)
    np.savez(tmp_path / "odd.npz", about=np.array("{}"), mean=0, deviation=1, weights=2)
    with pytest.raises(DataError, match="cannot be read"):
        PlasticHead.load(tmp_path / "odd.npz")


def test_the_shipped_head_says_what_the_softmax_layer_says():
    from skimage import data

    model = shipped.load()
    head = PlasticHead.load(shipped.folder(model.name) / FILE)
    assert head.labels == model.labels
    face = recognise(cv2.imencode(".png", data.astronaut()[..., ::-1])[1].tobytes()).faces[0]
    moved = np.stack([np.roll(face.crop, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)])
    softmax = model.probabilities(moved)
    found = head.probabilities(model.embeddings(moved))
    assert softmax.argmax(axis=1).tolist() == found.argmax(axis=1).tolist()
    assert np.abs(softmax - found).max() < 0.3
