"""The compiled loops behind `engine.features.region_motion`: they trust their arguments.

Both move a template over a picture until the squared difference is least, by Gauss and Newton's method with the
template's own gradient (B. D. Lucas and T. Kanade, IJCAI 1981; S. Baker and I. Matthews, "Lucas-Kanade 20 years on",
International Journal of Computer Vision 56(3), 2004, doi 10.1023/B:VISI.0000011205.11775.fd).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

_ROBUST = 2.0  # standard deviations from which on a pixel counts for less and less
_LEAST_TEXTURE = 1e-3


@njit(cache=True, nogil=True, inline="always")
def _sampled(picture: NDArray[np.float32], x: float, y: float) -> float:
    """Interpolate linearly; beyond the border its last pixels are repeated. Pixel centres lie at whole numbers."""
    height, width = picture.shape
    x, y = min(max(x, 0.0), width - 1.001), min(max(y, 0.0), height - 1.001)
    column, row = int(x), int(y)
    right, below = x - column, y - row
    top = picture[row, column] * (1 - right) + picture[row, column + 1] * right
    bottom = picture[row + 1, column] * (1 - right) + picture[row + 1, column + 1] * right
    return top * (1 - below) + bottom * below


@njit(cache=True, nogil=True)
def fit_head(
    picture: NDArray[np.float32],
    place: NDArray[np.float64],
    basis: NDArray[np.float64],
    weight: NDArray[np.float64],
    value: NDArray[np.float64],
    slope: NDArray[np.float64],
    motion: NDArray[np.float64],
    damping: float,
    rounds: int,
) -> tuple[float, float]:
    """Improve ``motion``, (2, 4): how x and y of a pixel move by its ``basis`` row (x, y, depth, 1), in place.

    Turning a rigid body and seeing it from afar moves its points by just such a linear map. ``place`` (n, 2),
    ``basis`` (n, 4), ``weight``, ``value`` (n,) and ``slope`` (n, 2) are the template's pixels; ``damping`` draws back
    to where ``motion`` began, which decides where there is no texture.

    Returns the sums of squares of the differences that are left and of the template, both over what hardly moves but
    with the head (the weight's third power).
    """
    start = motion.copy()
    count = len(value)
    error = np.empty(count)
    left = total = 0.0
    for _ in range(rounds):
        square = weights = 0.0
        for i in range(count):
            x, y = place[i, 0], place[i, 1]
            for k in range(4):
                x += motion[0, k] * basis[i, k]
                y += motion[1, k] * basis[i, k]
            error[i] = _sampled(picture, x, y) - value[i]
            square += weight[i] * error[i] * error[i]
            weights += weight[i]
        scale = 1.0 / (_ROBUST * _ROBUST * square / weights + 1e-9)
        normal = np.zeros((8, 8))
        right = np.zeros(8)
        for i in range(count):
            trust = 1.0 + error[i] * error[i] * scale
            w = weight[i] / (trust * trust)
            xx, xy, yy = w * slope[i, 0] ** 2, w * slope[i, 0] * slope[i, 1], w * slope[i, 1] ** 2
            ex, ey = w * slope[i, 0] * error[i], w * slope[i, 1] * error[i]
            for j in range(4):
                right[j] += ex * basis[i, j]
                right[4 + j] += ey * basis[i, j]
                for k in range(4):
                    both = basis[i, j] * basis[i, k]
                    normal[j, k] += xx * both
                    normal[j, 4 + k] += xy * both
                    normal[4 + j, 4 + k] += yy * both
        for j in range(4):
            for k in range(4):
                normal[4 + k, j] = normal[j, 4 + k]
        for j in range(8):
            normal[j, j] += damping
            right[j] += damping * (motion[j // 4, j % 4] - start[j // 4, j % 4])
        change = np.linalg.solve(normal, right)
        largest = 0.0
        for j in range(8):
            motion[j // 4, j % 4] -= change[j]
            largest = max(largest, abs(change[j]))
        if largest < 2e-3:
            break
    for i in range(count):
        steady = weight[i] * weight[i] * weight[i]
        left += steady * error[i] * error[i]
        total += steady * value[i] * value[i]
    return left, total


@njit(cache=True, nogil=True)
def _difference(
    picture: NDArray[np.float32],
    place: NDArray[np.float64],
    value: NDArray[np.float64],
    first: int,
    last: int,
    dx: float,
    dy: float,
) -> float:
    square = 0.0
    for i in range(first, last):
        square += (_sampled(picture, place[i, 0] + dx, place[i, 1] + dy) - value[i]) ** 2
    return square


@njit(cache=True, nogil=True)
def fit_regions(
    picture: NDArray[np.float32],
    place: NDArray[np.float64],
    begin: NDArray[np.int64],
    value: NDArray[np.float64],
    slope: NDArray[np.float64],
    starts: NDArray[np.float64],
    damping: float,
    rounds: int,
    moved: NDArray[np.float64],
    likeness: NDArray[np.float64],
) -> None:
    """Write how far each region is from where its template's pixels lie, (regions, 2), and how alike it is, 0 to 1.

    ``place`` (n, 2) is where the head alone would put the pixels of all regions; ``begin`` (regions + 1,) tells them
    apart. Of ``starts`` (several, regions, 2) the one with the least difference is improved. ``damping`` draws to
    zero, which decides where there is no texture.
    """
    for r in range(len(begin) - 1):
        first, last = begin[r], begin[r + 1]
        best, least = 0, np.inf
        for s in range(len(starts)):
            square = _difference(picture, place, value, first, last, starts[s, r, 0], starts[s, r, 1])
            if square < least:
                best, least = s, square
        dx, dy = starts[best, r, 0], starts[best, r, 1]
        xx = yy = _LEAST_TEXTURE + damping
        xy = own = 0.0
        for i in range(first, last):
            xx += slope[i, 0] * slope[i, 0]
            xy += slope[i, 0] * slope[i, 1]
            yy += slope[i, 1] * slope[i, 1]
            own += value[i] * value[i]
        determinant = xx * yy - xy * xy
        for _ in range(rounds):
            ex, ey = damping * dx, damping * dy
            for i in range(first, last):
                e = _sampled(picture, place[i, 0] + dx, place[i, 1] + dy) - value[i]
                ex += slope[i, 0] * e
                ey += slope[i, 1] * e
            step_x = (yy * ex - xy * ey) / determinant
            step_y = (xx * ey - xy * ex) / determinant
            # A long step leaves the ground on which the slope is known.
            long = max(1.0, np.hypot(step_x, step_y) / 2.0)
            dx -= step_x / long
            dy -= step_y / long
            if abs(step_x) + abs(step_y) < 2e-3:
                break
        square = _difference(picture, place, value, first, last, dx, dy)
        moved[r, 0], moved[r, 1] = dx, dy
        likeness[r] = max(0.0, 1.0 - square / (own + 1e-9))
