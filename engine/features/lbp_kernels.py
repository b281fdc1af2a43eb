"""The compiled loops behind `engine.features.lbp`: they trust their arguments, the wrapper checks them.

Two habits keep the compiler's vector units busy. A picture is walked as one flat row of pixels, so that a loop is long
and its end is rarely odd; and indices are unsigned, which spares the test for a negative (wrap-around) index.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

ONE, TWO = np.uintp(1), np.uintp(2)
TOP_LEFT, TOP, TOP_RIGHT, RIGHT, BOTTOM_RIGHT, BOTTOM, BOTTOM_LEFT, LEFT = (np.uint8(1 << bit) for bit in range(8))
ZERO, SHIFT = np.uint8(0), np.uint8(1)
NOT_LEFT = np.uint8(TOP | TOP_RIGHT | RIGHT | BOTTOM_RIGHT | BOTTOM)
NOT_RIGHT = np.uint8(TOP_LEFT | TOP | BOTTOM | BOTTOM_LEFT | LEFT)


class Circle(NamedTuple):
    """Where the neighbours of a pixel lie.

    Neighbour p of P lies between rows ``first_row[p]`` and one more, counted from the centre, with the share
    ``row_share[p, row]`` of the lower one. Across, it is one of G groups of neighbours with the same offset:
    ``column_group[p]`` names it, ``first_column[g]`` and ``column_share[g, column]`` say where it lies. No neighbour is
    farther away than ``margin`` pixels.
    """

    first_row: NDArray[np.int64]
    row_share: NDArray[np.float64]
    column_group: NDArray[np.int64]
    first_column: NDArray[np.int64]
    column_share: NDArray[np.float64]
    margin: int


@njit(cache=True, nogil=True)
def code_pixels(pixels: NDArray, width: int, count: int, codes: NDArray[np.uint8]) -> None:
    """Write the codes of ``count`` pixels that follow one another, from the second pixel of the second row on.

    ``pixels`` is flat with rows of ``width`` pixels, ``codes`` starts at the first coded pixel. Where a run goes on
    past the end of a row, the two pixels there take their outer neighbours from the wrong row.
    """
    middle, below = np.uintp(width), np.uintp(2 * width)
    for i in range(np.uintp(count)):
        centre = pixels[middle + i + ONE]
        code = TOP_LEFT if pixels[i] > centre else ZERO
        code = code + TOP if pixels[i + ONE] > centre else code
        code = code + TOP_RIGHT if pixels[i + TWO] > centre else code
        code = code + RIGHT if pixels[middle + i + TWO] > centre else code
        code = code + BOTTOM_RIGHT if pixels[below + i + TWO] > centre else code
        code = code + BOTTOM if pixels[below + i + ONE] > centre else code
        code = code + BOTTOM_LEFT if pixels[below + i] > centre else code
        code = code + LEFT if pixels[middle + i] > centre else code
        codes[i] = code


@njit(cache=True, nogil=True)
def code_squares(gray: NDArray, codes: NDArray[np.uint8]) -> None:
    """Fill ``codes`` (N, H, W) with the 3×3 codes of ``gray`` (N, H, W); beyond the border the edge is repeated."""
    pictures, height, width = gray.shape
    padded = np.empty(3 * (width + 2), gray.dtype)
    for n in range(pictures):
        flat_gray, flat_codes = gray[n].reshape(-1), codes[n].reshape(-1)
        if height > 4:
            code_pixels(flat_gray, width, (height - 2) * width - 2, flat_codes[width + 1 :])
        for row in range(2, height - 2):
            # The walk took the outer neighbours of the border columns from the wrong row. They repeat the edge: the
            # two in the corners equal the one above and the one below, the one at the side equals the centre.
            code = codes[n, row, 0]
            codes[n, row, 0] = (code & NOT_LEFT) | ((code >> SHIFT) & TOP_LEFT) | ((code << SHIFT) & BOTTOM_LEFT)
            code = codes[n, row, width - 1]
            codes[n, row, width - 1] = (
                (code & NOT_RIGHT) | ((code << SHIFT) & TOP_RIGHT) | ((code >> SHIFT) & BOTTOM_RIGHT)
            )
        for row in range(height):
            if 2 <= row < height - 2:
                continue
            # The two rows at each end, where the flat walk would leave the picture, go through a padded copy.
            for offset in range(3):
                source = min(max(row + offset - 1, 0), height - 1)
                start = np.uintp(offset * (width + 2) + 1)
                for column in range(np.uintp(width)):
                    padded[start + column] = gray[n, source, column]
                padded[start - ONE] = gray[n, source, 0]
                padded[start + np.uintp(width)] = gray[n, source, width - 1]
            code_pixels(padded, width + 2, width, flat_codes[row * width :])


@njit(cache=True, nogil=True)
def interpolate_along_row(
    line: NDArray[np.float64],
    first: int,
    share: NDArray[np.float64],
    share_start: int,
    out: NDArray[np.float64],
    out_start: int,
    width: int,
) -> None:
    """Write ``width`` values between each pixel of ``line`` from ``first`` on and its right neighbour.

    A neighbour in a whole column has the share 0 or 1 everywhere; any other has neither anywhere.
    """
    source, shares, target = np.uintp(first), np.uintp(share_start), np.uintp(out_start)
    if share[shares] == 0.0 or share[shares] == 1.0:
        source += np.uintp(share[shares])
        for column in range(np.uintp(width)):
            out[target + column] = line[source + column]
        return
    for column in range(np.uintp(width)):
        right = share[shares + column]
        out[target + column] = (1.0 - right) * line[source + column] + right * line[source + column + ONE]


@njit(cache=True, nogil=True)
def mark_not_less(
    values: NDArray[np.float64],
    upper: int,
    lower: int,
    share: float,
    line: NDArray[np.float64],
    centre: int,
    bit: np.uint32,
    codes: NDArray[np.uint32],
) -> None:
    """Set ``bit`` in ``codes`` (W,) uint32 where the value between rows ``upper`` and ``lower`` is >= the centre."""
    above, below, middle = np.uintp(upper), np.uintp(lower), np.uintp(centre)
    nothing = np.uint32(0)
    if share == 0.0 or share == 1.0:
        whole = below if share == 1.0 else above
        for column in range(np.uintp(codes.size)):
            codes[column] |= bit if values[whole + column] >= line[middle + column] else nothing
        return
    for column in range(np.uintp(codes.size)):
        value = (1.0 - share) * values[above + column] + share * values[below + column]
        codes[column] |= bit if value >= line[middle + column] else nothing


@njit(cache=True, nogil=True)
def count_ones(bits: np.uint32) -> np.uint32:
    """Return the number of ones in a uint32, summed in pairs, fours, then bytes."""
    bits = bits - ((bits >> np.uint32(1)) & np.uint32(0x55555555))
    bits = (bits & np.uint32(0x33333333)) + ((bits >> np.uint32(2)) & np.uint32(0x33333333))
    bits = (bits + (bits >> np.uint32(4))) & np.uint32(0x0F0F0F0F)
    return np.uint32(bits * np.uint32(0x01010101)) >> np.uint32(24)


@njit(cache=True, nogil=True)
def code_circles(gray: NDArray, circle: Circle, uniform: bool, out: NDArray) -> None:
    """Fill ``out`` (N, H, W) with the circular codes, or uniform labels, of ``gray`` (N, H, W); zero beyond the border.

    The values between columns are the same for every neighbour of a group and for every row that asks for them, so each
    is worked out once and kept in a ring of ``2 * margin + 1`` rows.
    """
    first_row, row_share, column_group, first_column, column_share, margin = circle
    pictures, height, width = gray.shape
    points, groups = first_row.size, first_column.size
    depth, line_width = 2 * margin + 1, width + 2 * margin
    lines = np.zeros(depth * line_width, np.float64)
    values = np.empty(depth * groups * width, np.float64)
    flat_share = column_share.reshape(-1)
    codes = np.empty(width, np.uint32)
    pairs = np.uint32((1 << (points - 1)) - 1)
    neither = np.uint32(points + 1)
    for n in range(pictures):
        for source in range(-margin, height + margin):
            slot = (source + depth) % depth
            start = np.uintp(slot * line_width + margin)
            for column in range(np.uintp(width)):
                lines[start + column] = gray[n, source, column] if 0 <= source < height else 0.0
            for group in range(groups):
                first = slot * line_width + margin + first_column[group]
                interpolate_along_row(
                    lines, first, flat_share, group * width, values, (slot * groups + group) * width, width
                )
            row = source - margin
            if row < 0:
                continue
            codes[:] = 0
            for point in range(points):
                upper = (row + first_row[point] + depth) % depth
                lower = (upper + 1) % depth
                group = column_group[point]
                mark_not_less(
                    values,
                    (upper * groups + group) * width,
                    (lower * groups + group) * width,
                    row_share[point, row],
                    lines,
                    (row % depth) * line_width + margin,
                    np.uint32(1) << np.uint32(point),
                    codes,
                )
            for column in range(np.uintp(width)):
                code = codes[column]
                if uniform:
                    changes = count_ones((code ^ (code >> np.uint32(1))) & pairs)
                    code = count_ones(code) if changes <= np.uint32(2) else neither
                out[n, row, column] = code


@njit(cache=True, nogil=True)
def count_codes(codes: NDArray, counts: NDArray[np.int64]) -> None:
    """Add the codes of each picture of ``codes`` (N, M) to its row of ``counts`` (N, bins)."""
    for n in range(codes.shape[0]):
        for i in range(codes.shape[1]):
            counts[n, codes[n, i]] += 1
