"""Copies among 36,000 pictures and among a quarter as many, beside ImageHash's pHash with a comparison of all pairs."""

import tempfile
from pathlib import Path

import numpy as np

from engine.bench.measurement import Measurement
from engine.bench.peer import Alternative, compare
from engine.bench.pictures import pictures_with_copies
from engine.bench.timing import stopwatch
from engine.datasets.duplicates import find_copies, groups_found

ALTERNATIVE = Alternative("ImageHash 4.3.2", "engine.bench.peers.imagehash_pairs", ("imagehash==4.3.2",), patience=900)
AT_MOST_S = {9_000: None, 36_000: 120.0}
"""The target, by number of pictures."""


def measure() -> list[Measurement]:
    """Time both numbers of pictures; the notes say how the work grows and what was found."""
    with tempfile.TemporaryDirectory() as folder:
        return [_measure(count, Path(folder), at_most) for count, at_most in AT_MOST_S.items()]


def quality(group: np.ndarray, found: np.ndarray) -> str:
    """Return in words which of the known groups were found, and how many pairs besides."""
    whole, groups, _, _ = groups_found(group, found)
    _, _, right, pairs = groups_found(found, group)
    wrong = (pairs - right) / max(pairs, 1)
    return f"groups found: {whole / max(groups, 1):.1%}, pairs that are no copies: {wrong:.1%}"


def _measure(count: int, folder: Path, at_most: float | None) -> Measurement:
    pictures, group = pictures_with_copies(count)
    found = find_copies(pictures)
    note = f"ours: {quality(group, found.group)}, {found.compared / count:,.0f} comparisons a picture"

    files = [str(folder / f"{name}.npy") for name in ("pictures", "group")]
    np.save(files[0], pictures)
    np.save(files[1], group)
    timed = compare(stopwatch(lambda: find_copies(pictures)), ALTERNATIVE, files, rounds=2, each=(1, 1))
    return timed.measurement(f"copies among {count:,} pictures", "s", at_most=at_most, note=note)
