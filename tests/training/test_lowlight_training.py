import numpy as np
import pytest
from lazily import Lazily

from engine.datasets.face_set import FaceSet
from engine.models import card
from engine.tasks import Progress

lowlight = Lazily("engine.training.lowlight")


@pytest.fixture(scope="module")
def fast():
    return lowlight.LowLightConfiguration(steps=2, batch_size=4, recogniser=None)


def taken(level, configuration, count=400):
    crops = np.full((count, 16, 16), level, np.uint8)
    return lowlight.exposures(crops, configuration, np.random.default_rng(0))


def test_nothing_that_is_held_against_is_a_better_lit_picture(fast):
    first, held = taken(200, fast)
    gray, second, exponent, strictness = first[..., 0], held[..., 0], held[..., 1], held[..., 2]
    means = gray.mean(axis=(1, 2))
    untouched = strictness[:, 0, 0] == fast.strictness
    assert 0.15 < untouched.mean() < 0.35
    np.testing.assert_array_equal(second[untouched], gray[untouched])
    # The second exposure is as dark as the first, times the factor that brings the first to the wanted brightness.
    dark = ~untouched & (means > 0.1)
    wanted = np.where(
        means < lowlight.LIT, np.interp(means, (lowlight.DARK, lowlight.LIT), (lowlight.WANTED, lowlight.LIT)), means
    )
    found = second.mean(axis=(1, 2)) ** (1 / exponent[:, 0, 0])
    np.testing.assert_allclose(found[dark], wanted[dark], rtol=0.12)
    assert set(np.unique(exponent)) == {1, np.float32(lowlight.GAMMA)}
    assert means.min() < 0.06 and means.max() > 0.7, "from very dark to bright"


def test_the_noise_of_the_two_exposures_has_nothing_in_common(fast):
    first, held = taken(120, fast)
    noisy = (held[..., 2] == 1).all(axis=(1, 2)) & (first.std(axis=(1, 2, 3)) > 0.01)
    correlations = [
        np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(first[noisy], held[noisy, ..., 0], strict=True)
    ]
    assert len(correlations) > 50 and abs(np.mean(correlations)) < 0.02
    whole = np.rint(first * 255)
    np.testing.assert_allclose(first * 255, whole, atol=1e-3)


def test_batches_come_from_the_seed_and_their_number(fast):
    crops = np.random.default_rng(0).integers(0, 256, (12, 48, 48)).astype(np.uint8)
    targets = np.eye(12, dtype=np.float32)
    one, two = (lowlight.DarkPairs(crops, fast, targets) for _ in range(2))
    two[0]  # what was asked for before does not matter
    for first, second in zip((one[1][0], *one[1][1]), (two[1][0], *two[1][1]), strict=True):
        np.testing.assert_array_equal(first, second)
    assert (one[0][0] != one[1][0]).any()


def test_a_trained_llem_is_written_with_its_card(fast, tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (12, 48, 48)).astype(np.uint8)
    faces = FaceSet("faces", pictures, np.array(["happy"] * 12), split=np.array(["Training"] * 8 + ["Test"] * 4))
    steps = []
    progress = Progress(lambda status: steps.append((status.done, status.total)), every_s=0)
    told = lowlight.train_and_ship(faces, "Training", tmp_path, fast, progress)
    assert steps[-1] == (2, 2)
    assert told["data"]["training_pictures"] == 8 and told["kind"] == "enhancement"
    assert card.read(tmp_path) == told
    for name in ("model.onnx", "model.keras"):
        assert card.digest(tmp_path / name) == told["files"][name]
