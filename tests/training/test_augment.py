import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.augment import NONE, Augmentation, augment


def crops(count=6, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 48, 48)).astype(np.uint8)


def test_no_change_is_no_change():
    np.testing.assert_array_equal(augment(crops(), NONE, np.random.default_rng(0)), crops())


def test_a_certain_flip_is_the_mirror_image():
    flipped = augment(crops(), dataclasses.replace(NONE, flip=1), np.random.default_rng(0))
    np.testing.assert_array_equal(flipped, crops()[:, :, ::-1])


def test_brightness_shifts_the_mean_alone():
    flat = np.full((50, 48, 48), 128, np.uint8)
    changed = augment(flat, dataclasses.replace(NONE, brightness=0.1), np.random.default_rng(0))
    assert (changed.std(axis=(1, 2)) == 0).all()
    assert 128 - 26 <= changed.min() < 118 and 138 < changed.max() <= 128 + 26


def test_contrast_keeps_the_mean():
    soft = np.clip(np.random.default_rng(3).normal(128, 15, (20, 48, 48)), 0, 255).astype(np.uint8)
    changed = augment(soft, dataclasses.replace(NONE, contrast=0.3), np.random.default_rng(0))
    np.testing.assert_allclose(changed.mean(axis=(1, 2)), soft.mean(axis=(1, 2)), atol=0.6)
    ratio = changed.std(axis=(1, 2)) / soft.std(axis=(1, 2))
    assert 0.68 < ratio.min() < 0.9 and 1.1 < ratio.max() < 1.32


@pytest.mark.parametrize("name", ["rotation_deg", "scale", "shift_px"])
def test_geometry_moves_a_centred_spot_no_further_than_asked(name):
    spot = np.zeros((40, 48, 48), np.uint8)
    spot[:, 20:28, 20:28] = 255
    limit = {"rotation_deg": 15.0, "scale": 0.2, "shift_px": 4.0}[name]
    changed = augment(spot, dataclasses.replace(NONE, **{name: limit}), np.random.default_rng(0)).astype(float)
    rows, columns = np.mgrid[:48, :48]
    total = changed.sum(axis=(1, 2))
    centre = np.stack([(changed * rows).sum(axis=(1, 2)) / total, (changed * columns).sum(axis=(1, 2)) / total])
    moved = np.abs(centre - 23.5).max()
    assert moved <= (4.1 if name == "shift_px" else 0.3)
    assert (changed != spot).any()


@given(st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_crops(seed):
    first, second = (augment(crops(), Augmentation(), np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.dtype == np.uint8 and first.shape == (6, 48, 48)


@pytest.mark.parametrize("name", ["dark", "coarse", "compressed"])
def test_a_camera_takes_light_pixels_and_detail_away(name):
    smooth = np.tile(np.linspace(60, 220, 48).astype(np.uint8), (40, 48, 1))
    smooth[:, 20:28] = 250
    changed = augment(smooth, dataclasses.replace(NONE, **{name: 0.5}), np.random.default_rng(0))
    touched = (changed != smooth).any(axis=(1, 2))
    assert 8 <= touched.sum() <= 32
    if name == "dark":
        assert changed[touched].mean() < smooth[0].mean() - 20
    if name == "coarse":
        edge = np.abs(np.diff(changed.astype(int), axis=1)).max(axis=(1, 2))
        assert (edge[touched] < np.abs(np.diff(smooth[0].astype(int), axis=0)).max()).all()
    np.testing.assert_array_equal(augment(smooth, NONE, np.random.default_rng(0)), smooth)
