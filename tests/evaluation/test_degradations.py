import numpy as np
import pytest

from engine.evaluation.degradations import DEGRADATIONS, DIM_NOISE, FULL_WELL, GAMMA, READ_NOISE, degraded

PICTURES = np.random.default_rng(0).integers(60, 200, (4, 48, 48)).astype(np.uint8)


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_shape_seed_and_independence(name):
    strength = DEGRADATIONS[name].strengths[-1]
    worse = degraded(PICTURES, name, strength, seed=3)
    assert worse.shape == PICTURES.shape and worse.dtype == np.uint8
    assert (worse == degraded(PICTURES, name, strength, seed=3)).all()
    assert (worse[:2] == degraded(PICTURES[:2], name, strength, seed=3)).all(), "neighbours do not matter"
    assert (worse != PICTURES).any()


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_stronger_is_farther_from_the_picture(name):
    smooth = np.repeat(np.add.outer(np.arange(48), np.arange(48))[None] * 2 + 30, 30, axis=0).astype(np.uint8)
    smooth[:, 12:20, 12:20] = 200
    strengths = DEGRADATIONS[name].strengths
    assert list(strengths) == sorted(strengths)
    away = [np.abs(degraded(smooth, name, each).astype(int) - smooth).mean() for each in (strengths[0], strengths[-1])]
    assert away[0] < away[1]


def test_the_sensor_keeps_the_mean_and_adds_its_noise():
    gray = np.full((1, 200, 200), 128, np.uint8)
    worse = degraded(gray, "low-light", 4).astype(float)
    light = (128 / 255) ** GAMMA
    expected = np.sqrt(light * FULL_WELL / 4 + READ_NOISE**2) * 4 / FULL_WELL
    found = (worse / 255) ** GAMMA
    assert found.mean() == pytest.approx(light, rel=0.02)
    assert found.std() == pytest.approx(expected, rel=0.05)


def test_beyond_the_gain_it_gets_dark():
    gray = np.full((1, 48, 48), 200, np.uint8)
    assert degraded(gray, "low-light", 64).mean() < 0.7 * degraded(gray, "low-light", 8).mean()


@pytest.mark.parametrize("times", [2, 20])
def test_a_dark_picture_keeps_its_share_of_the_light_and_the_sensor_s_noise(times):
    gray = np.full((1, 300, 300), 255, np.uint8)
    found = (degraded(gray, "dark", times).astype(float) / 255) ** GAMMA
    assert found.mean() == pytest.approx(1 / times, rel=0.02)
    # 0.001 of light, one electron, is less than a gray level here: rounding adds little.
    assert found.std() == pytest.approx(np.sqrt(FULL_WELL / times + READ_NOISE**2) / FULL_WELL, rel=0.05)
    assert round(255 * 20 ** (-1 / GAMMA)) == 65, "what white comes out at in a twentieth of the light"


def test_divided_gray_values_keep_their_share_and_get_noise_before_rounding():
    gray = np.full((1, 300, 300), 200, np.uint8)
    found = degraded(gray, "dim", 20).astype(float)
    assert found.mean() == pytest.approx(10, abs=0.02)
    assert found.std() == pytest.approx(np.sqrt(DIM_NOISE**2 + 1 / 12), rel=0.02)
    assert degraded(np.full((1, 48, 48), 255, np.uint8), "dim", 20).max() < 25


def test_light_from_one_side_leaves_one_edge_alone():
    gray = np.full((8, 48, 48), 200, np.uint8)
    lit = degraded(gray, "side-light", 0.9)
    edges = lit[:, 0, [0, -1]].astype(int)
    assert (edges.max(axis=1) == 200).all() and (edges.min(axis=1) < 90).all()
    assert len({tuple(edge > 150) for edge in edges}) == 2, "both sides occur"


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_the_covered_area_is_what_was_asked_for(share):
    changed = (degraded(PICTURES, "occlusion", share) != PICTURES).mean()
    assert changed == pytest.approx(share, abs=0.03)


def test_a_shift_moves_by_its_length():
    picture = np.zeros((20, 48, 48), np.uint8)
    picture[:, 22:26, 22:26] = 255
    for moved in degraded(picture, "shift", 6):
        down, right = (np.average(np.arange(48), weights=moved.sum(axis=axis)) - 23.5 for axis in (1, 0))
        assert np.hypot(down, right) == pytest.approx(6, abs=0.2)


def test_lengths_grow_with_the_picture():
    small = np.zeros((1, 48, 48), np.uint8)
    small[:, :, 24:] = 200
    large = small.repeat(4, axis=1).repeat(4, axis=2)
    blurred = degraded(large, "blur", 2)[0, 96, ::4].astype(int)
    assert np.abs(blurred - degraded(small, "blur", 2)[0, 24]).max() < 30
