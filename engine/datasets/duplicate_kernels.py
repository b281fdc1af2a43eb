"""The compiled loops behind `engine.datasets.duplicates`: they trust their arguments."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

PAIRS, FOURS, BYTES, SUM = (
    np.uint64(number) for number in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
)
ONE, TWO, FOUR, TOP = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
NOTHING = np.float32(-1)
MOVES = 6
FINE_STEPS = (0.5, 0.25)


@njit(cache=True, nogil=True, inline="always")
def count_ones(bits: np.uint64) -> np.uint64:
    """Return the number of ones in a uint64, summed in pairs, fours, then bytes."""
    bits = bits - ((bits >> ONE) & PAIRS)
    bits = (bits & FOURS) + ((bits >> TWO) & FOURS)
    bits = (bits + (bits >> FOUR)) & BYTES
    return (bits * SUM) >> TOP


@njit(cache=True, nogil=True)
def near_neighbours(
    order: NDArray[np.int64],
    codes: NDArray[np.uint64],
    views: int,
    window: int,
    limit: int,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    distance: NDArray[np.int32],
) -> tuple[int, int]:
    """Compare each entry with those ``window`` places behind it in an order; note pairs of little distance.

    Entry ``e`` is view ``e % views`` of picture ``e // views``; the second half of a picture's views are mirrored. Two
    views of one picture, and two mirrored ones, are passed over.

    Parameters
    ----------
    order
        (e,) the entries in an order that brings alike ones together.
    codes
        (e, words) their codes.
    views, window, limit
        Views a picture, how far to look, and the largest number of differing bits.
    first, second, distance
        (e * window,) written: entries and differing bits of the pairs found.

    Returns
    -------
    tuple of int
        Pairs found, and comparisons made.
    """
    found = compared = 0
    for place in range(len(order)):
        one = order[place]
        for next_place in range(place + 1, min(place + 1 + window, len(order))):
            other = order[next_place]
            both_mirrored = one % views >= views // 2 and other % views >= views // 2
            if both_mirrored or one // views == other // views:
                continue
            compared += 1
            differing = 0
            for word in range(codes.shape[1]):
                differing += int(count_ones(codes[one, word] ^ codes[other, word]))
            if differing <= limit:
                first[found], second[found], distance[found] = one, other, differing
                found += 1
    return found, compared


@njit(cache=True, nogil=True, fastmath=True)
def correlation(
    one: NDArray[np.int8],
    other: NDArray[np.int8],
    mirrored: bool,
    scale: float | np.float32,
    right: float | np.float32,
    down: float | np.float32,
    step: int,
) -> np.float32:
    """Return the correlation, -1 to 1, of what two planes (S, S) both show, -1 where that is less than half a plane.

    A point at (x, y) from the middle of ``one`` lies at ``scale * (x, y) + (right, down)`` from the middle of
    ``other``, which is turned round first where it is ``mirrored``. Every ``step``-th pixel counts.
    """
    size = one.shape[0]
    middle = np.float32((size - 1) / 2)
    scale, right, down = np.float32(scale), np.float32(right), np.float32(down)
    count = 0
    sum_one = sum_other = sum_ones = sum_others = products = np.float32(0)
    for row in range(0, size, step):
        y = scale * (row - middle) + down + middle
        if y < 0 or y >= size - 1:
            continue
        top = int(y)
        low = y - np.float32(top)
        for column in range(0, size, step):
            x = scale * (column - middle) + right + middle
            if x < 0 or x >= size - 1:
                continue
            left = int(x)
            far = x - np.float32(left)
            near_column, far_column = left, left + 1
            if mirrored:
                near_column, far_column = size - 1 - left, size - 2 - left
            upper = other[top, near_column] * (1 - far) + other[top, far_column] * far
            lower = other[top + 1, near_column] * (1 - far) + other[top + 1, far_column] * far
            there, here = upper * (1 - low) + lower * low, np.float32(one[row, column])
            count += 1
            sum_one += here
            sum_other += there
            sum_ones += here * here
            sum_others += there * there
            products += here * there
    if 2 * count * step * step < size * size:
        return NOTHING
    spread = (sum_ones - sum_one * sum_one / count) * (sum_others - sum_other * sum_other / count)
    return (products - sum_one * sum_other / count) / np.sqrt(spread) if spread > 0 else NOTHING


@njit(cache=True, nogil=True)
def climb(
    one: NDArray[np.int8],
    other: NDArray[np.int8],
    mirrored: bool,
    placing: NDArray[np.float64],
    shift: float,
    step: int,
) -> np.float32:
    """Move ``placing`` (scale, right, down) to where the correlation is higher, in steps of ``shift``; return it.

    The scale steps by as much as moves the border by ``shift``. Every ``step``-th pixel counts.
    """
    trial, chosen = np.empty(3), np.empty(3)
    value = correlation(one, other, mirrored, placing[0], placing[1], placing[2], step)
    for _ in range(MOVES):
        highest = value
        for parameter in range(3):
            stride = 2 * shift / one.shape[0] if parameter == 0 else shift
            for sign in (-1, 1):
                trial[:] = placing
                trial[parameter] += sign * stride
                tried = correlation(one, other, mirrored, trial[0], trial[1], trial[2], step)
                if tried > highest:
                    highest = tried
                    chosen[:] = trial
        if highest == value:
            break
        value = highest
        placing[:] = chosen
    return value


@njit(cache=True, nogil=True)
def best_correlations(
    planes: NDArray[np.int8],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    mirrored: NDArray[np.bool_],
    placing: NDArray[np.float64],
    hopeless: float,
    best: NDArray[np.float32],
) -> None:
    """Write into ``best`` (m,) the highest correlation met while climbing from each pair's first guess.

    Parameters
    ----------
    planes
        (n, S, S) the pictures' detail.
    first, second, mirrored
        (m,) the pairs, and whether the second one is to be turned round.
    placing
        (m, 3) the guess: scale, shift to the right and down, as `correlation` takes them.
    hopeless
        Correlation below which a pair is given up after the first, coarse climb.
    """
    for pair in range(len(first)):
        one, other, turned, current = planes[first[pair]], planes[second[pair]], mirrored[pair], placing[pair].copy()
        value = climb(one, other, turned, current, 1.0, 3)
        if value >= hopeless:
            for shift in FINE_STEPS:
                climb(one, other, turned, current, shift, 2)
            value = correlation(one, other, turned, current[0], current[1], current[2], 1)
        best[pair] = value
