import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.bootstrap import interval, resampled


def plainly(cells, cell_count, unit, resamples, seed):
    """Draw units one by one, as the textbook says."""
    random = np.random.default_rng(seed)
    units = [np.flatnonzero(unit == each) for each in np.unique(unit)]
    rows = []
    for _ in range(resamples):
        drawn = np.concatenate([units[at] for at in random.integers(0, len(units), len(units))])
        rows.append(np.bincount(cells[drawn], minlength=cell_count))
    return np.array(rows)


@pytest.mark.parametrize("units", [300, 60, 7])
def test_mean_and_spread_agree_with_drawing_one_by_one(units):
    random = np.random.default_rng(1)
    cells, unit = random.integers(0, 4, 300), random.integers(0, units, 300)
    quick, slow = resampled(cells, 4, unit, 4000), plainly(cells, 4, unit, 4000, 2)
    assert quick.mean(axis=0) == pytest.approx(slow.mean(axis=0), abs=1.0)
    assert np.cov(quick.T) == pytest.approx(np.cov(slow.T), rel=0.15, abs=8)


def test_interval_of_a_share_agrees_with_the_normal_approximation():
    right = (np.arange(2000) % 10 < 7).astype(int)
    drawn = resampled(right, 2)
    half = 1.96 * np.sqrt(0.7 * 0.3 / 2000)
    assert interval(drawn[:, 1] / 2000) == pytest.approx([0.7 - half, 0.7 + half], abs=0.003)


def test_units_are_drawn_whole():
    cells = np.repeat([0, 1], 20)
    together = resampled(cells, 2, unit=cells)
    assert set(np.unique(together)) == {0, 20, 40}
    apart = resampled(cells, 2)
    assert len(np.unique(apart)) > 10


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=30), st.booleans())
def test_what_is_drawn_is_made_of_whole_units(pairs, grouped):
    cells, unit = np.array(pairs).T
    drawn = resampled(cells, 3, unit if grouped else None, resamples=20)
    assert drawn.shape == (20, 3) and (drawn >= 0).all()
    present = np.bincount(cells, minlength=3) > 0
    assert not drawn[:, ~present].any()
    if not grouped:
        assert (drawn.sum(axis=1) == len(cells)).all()
    elif len(np.unique(unit)) == 1:
        assert (drawn == np.bincount(cells, minlength=3)).all()


def test_two_cells_of_a_picture_are_drawn_together():
    cells = np.stack([np.arange(50) % 2, 2 + np.arange(50) % 2], axis=1)
    drawn = resampled(cells, 4)
    assert (drawn[:, :2] == drawn[:, 2:]).all()


def test_the_seed_decides():
    cells = np.arange(40) % 3
    assert (resampled(cells, 3, seed=5) == resampled(cells, 3, seed=5)).all()
    assert (resampled(cells, 3, seed=5) != resampled(cells, 3, seed=6)).any()
