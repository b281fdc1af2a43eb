"""Which pictures may be copies of each other: found by hashing, so that the work grows with their number.

Comparing every picture with every other would take 650 million comparisons for 36,000 pictures. Instead each picture
gets a code of 512 bits: the signs of random sums of its low frequencies, so that alike pictures differ in few bits
(SimHash [1]_). The codes are sorted sixteen times, each time by other bits, and each is compared with its next
neighbours only [2]_. The number of comparisons is the number of pictures times a constant.

A copy may be cut out a little wider or further up. So each picture has ten views, itself and nine smaller squares of
it, and each view a mirrored one.

References
----------
.. [1] Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002, doi:10.1145/509907.509965.
.. [2] Manku, Jain, Das Sarma, "Detecting near-duplicates for web crawling", WWW 2007, doi:10.1145/1242572.1242592.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine import settings
from engine.datasets.duplicate_kernels import near_neighbours
from engine.settings import CROP_SIZE
from engine.tasks import Progress

# Row, column and side of each view, in pixels: the whole, and squares of 5/6 of its side.
VIEWS = np.array([(0, 0, CROP_SIZE), *((row, column, 40) for row in (0, 4, 8) for column in (0, 4, 8))])
_MIRRORED_VIEW = [VIEWS.tolist().index([row, CROP_SIZE - side - column, side]) for row, column, side in VIEWS.tolist()]
FREQUENCIES = 8
BITS = 512
WINDOW = 8
# Of 670 pairs of copies in FER2013 that exhaustive search had found, 95 % differ in less than this share of the bits in
# some view and meet in some order; copies come in groups, where one of several pairs is enough. A higher limit lets in
# many more pairs to look at: 0.18 about 100,000, 0.20 300,000, 0.25 1,500,000.
LIMIT = 0.2

_PART = 4096


@dataclass(frozen=True)
class DuplicateCandidates:
    """Pairs of pictures that may be copies, the most alike first, each pair once straight and once mirrored at most.

    Attributes
    ----------
    first, second
        (m,) int64 numbers of the pictures.
    mirrored
        (m,) bool: the second one is alike when mirrored.
    placing
        (m, 3) float64: where the first one's points lie in the second one: scale, shift to the right and down in pixels
        from middle to middle.
    compared
        Number of comparisons that were made.
    """

    first: np.ndarray
    second: np.ndarray
    mirrored: np.ndarray
    placing: np.ndarray
    compared: int


def duplicate_candidates(crops: np.ndarray, progress: Progress) -> DuplicateCandidates:
    """Find pairs that may be copies.

    Parameters
    ----------
    crops
        (n, 48, 48) uint8.
    progress
        Is told of every part done.
    """
    describing, looking = progress.split(2, 3)
    codes = np.concatenate([_codes(crops[at : at + _PART]) for at in _parts(len(crops), describing)])
    orders = [(word, half) for word in range(codes.shape[1]) for half in (0, 32)]
    views = 2 * len(VIEWS)

    def neighbours(order: tuple[int, int]) -> tuple[np.ndarray, int]:
        word, half = order
        # The other half of the word decides among those that agree in the first.
        key = np.bitwise_or(codes[:, word] << np.uint64(half), codes[:, word] >> np.uint64((64 - half) % 64))
        first, second, distance = (np.empty(len(codes) * WINDOW, np.int32) for _ in range(3))
        found, compared = near_neighbours(
            np.argsort(key, kind="stable"), codes, views, WINDOW, int(LIMIT * BITS), first, second, distance
        )
        return _closest(np.stack([first[:found], second[:found], distance[:found]]), len(crops)), compared

    met, compared = np.empty((3, 0), np.int32), 0
    with ThreadPoolExecutor(settings.threads(2)) as pool:
        for done, (found, count) in enumerate(pool.map(neighbours, orders)):
            looking.step(done, len(orders), "looking for alike pictures")
            met, compared = _closest(np.concatenate([met, found], axis=1), len(crops)), compared + count
    met = met[:, np.argsort(met[2], kind="stable")]
    first, second = met[:2] // views
    return DuplicateCandidates(first, second, met[1] % views >= len(VIEWS), _placing(*(met[:2] % len(VIEWS))), compared)


def _parts(count: int, progress: Progress) -> Iterator[int]:
    for at in range(0, max(count, 1), _PART):
        progress.step(at, count, "describing pictures")
        yield at


def _codes(crops: np.ndarray) -> np.ndarray:
    """Return the codes of all views of pictures: (n * views, words) uint64, a picture's mirrored views last."""
    seen = np.empty((len(crops), len(VIEWS), FREQUENCIES, FREQUENCIES), np.float32)
    for view, (row, column, side) in enumerate(VIEWS):
        wave = np.cos(np.pi / side * np.outer(np.arange(FREQUENCIES), np.arange(side) + 0.5)).astype(np.float32)
        seen[:, view] = wave @ crops[:, row : row + side, column : column + side].astype(np.float32) @ wave.T / side**2
    frequency = np.hypot(*np.mgrid[:FREQUENCIES, :FREQUENCIES]).astype(np.float32)
    # The lowest frequencies are the strongest and say the least: the root of the frequency makes up for half of it.
    # Frequency zero, the brightness, falls away.
    seen *= np.sqrt(frequency)
    turned = seen[:, _MIRRORED_VIEW]
    turned[..., 1::2] *= -1
    both = np.concatenate([seen, turned], axis=1).reshape(-1, FREQUENCIES**2)
    sums = np.random.default_rng(0).standard_normal((BITS, FREQUENCIES**2)).astype(np.float32)
    return np.packbits(both @ sums.T > 0, axis=1).view(np.uint64)


def _closest(met: np.ndarray, count: int) -> np.ndarray:
    """Keep of each pair of pictures the closest two views, straight and mirrored apart; put the mirrored one second.

    ``met`` is (3, m): two entries and the number of differing bits.
    """
    views = 2 * len(VIEWS)
    one, other, distance = met
    one_mirrored, other_mirrored = (entry % views >= len(VIEWS) for entry in (one, other))
    swapped = one_mirrored | (~other_mirrored & (one > other))
    one, other = np.where(swapped, other, one), np.where(swapped, one, other)
    low, high = np.minimum(one, other) // views, np.maximum(one, other) // views
    pair = (low.astype(np.int64) * count + high) * 2 + (one_mirrored | other_mirrored)
    order = np.lexsort((other, one, distance, pair))
    kept = order[np.flatnonzero(np.diff(pair[order], prepend=-1))]
    return np.stack([one[kept], other[kept], distance[kept]])


def _placing(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how a view of one picture lies over a view of another, see `DuplicateCandidates.placing`."""
    (row, column, side), (other_row, other_column, other_side) = VIEWS[one].T, VIEWS[other].T
    scale, middle = other_side / side, CROP_SIZE / 2
    return np.stack(
        [scale, other_column + (middle - column) * scale - middle, other_row + (middle - row) * scale - middle], axis=1
    )
