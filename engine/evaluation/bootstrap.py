"""Bootstrap by unit: how far a figure would move with other subjects, or other groups of copies."""

import numpy as np

RESAMPLES = 1000
_AT_ONCE = 4_000_000
"""Numbers drawn at once: 32 MB."""


def resampled(
    cells: np.ndarray, cell_count: int, unit: np.ndarray | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> np.ndarray:
    """Count cells again and again, each time with as many units drawn with replacement.

    Units whose pictures fall into the same cells are interchangeable, so the number of draws of each such kind of unit
    is drawn at once, from a multinomial distribution. This is exact, and quick: most units are single pictures, and
    those come in no more kinds than there are cells.

    Parameters
    ----------
    cells
        (n,) or (n, m) integers in 0..cell_count-1: the one cell, or the m cells, in which a picture is counted.
    cell_count
        How many cells there are.
    unit
        (n,) what is drawn: pictures of one unit (a subject, a group of copies) stay together; each picture for itself
        for None.
    resamples
        How often.
    seed
        Of the draws.

    Returns
    -------
    numpy.ndarray
        (resamples, cell_count) float64 counts.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 8: clusters are drawn whole.
    """
    cells = np.asarray(cells).reshape(len(cells), -1)
    kinds, frequency = _kinds(cells, cell_count, unit)
    random = np.random.default_rng(seed)
    total = int(frequency.sum())
    counts = np.empty((resamples, cell_count))
    step = max(1, _AT_ONCE // max(len(kinds), 1))
    for at in range(0, resamples, step):
        part = counts[at : at + step]
        part[:] = random.multinomial(total, frequency / total, size=len(part)) @ kinds
    return counts


def interval(values: np.ndarray) -> list[float]:
    """Return the 2.5th and the 97.5th percentile of a figure's (resamples,) values: its 95 % interval."""
    return [float(value) for value in np.percentile(values, [2.5, 97.5])]


def share_with_interval(right: np.ndarray, unit: np.ndarray | None = None, seed: int = 0) -> tuple[float, list[float]]:
    """Return how many of (n,) bools are true, 0..1, and the 95 % interval of that; parameters as in `resampled`."""
    drawn = resampled(right.astype(int), 2, unit, seed=seed)
    return float(right.mean()), interval(drawn[:, 1] / drawn.sum(axis=1))


def _kinds(cells: np.ndarray, cell_count: int, unit: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return what the kinds of units count, (kinds, cell_count) float64, and how many units are of each kind."""
    if unit is None:
        rows, frequency = np.unique(cells, axis=0, return_counts=True)
        owner = np.repeat(np.arange(len(rows)), cells.shape[1])
        return _table(owner, rows.ravel(), len(rows), cell_count), frequency
    _, member = np.unique(unit, return_inverse=True)
    size = np.bincount(member)
    alone = size[member] == 1
    single, single_frequency = _kinds(cells[alone], cell_count, None)
    _, member = np.unique(member[~alone], return_inverse=True)
    owner = np.repeat(member, cells.shape[1])
    table = _table(owner, cells[~alone].ravel(), int((size > 1).sum()), cell_count)
    several, several_frequency = np.unique(table, axis=0, return_counts=True)
    return np.concatenate([single, several]), np.concatenate([single_frequency, several_frequency])


def _table(owner: np.ndarray, cells: np.ndarray, owners: int, cell_count: int) -> np.ndarray:
    flat = np.bincount(owner * cell_count + cells, minlength=owners * cell_count)
    return flat.reshape(owners, cell_count).astype(float)
