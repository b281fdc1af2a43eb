"""Local binary patterns (LBP): each pixel described by which of its neighbours are brighter.

Two forms. `lbp_3x3` is the one of the CNN-LSTM paper: eight neighbours on a square, **strictly** greater.
`lbp_circular` is the one the field compares with: any number of neighbours on a circle, interpolated, greater **or
equal**.

References
----------
.. [1] Javaid, Basit, Arshad, PakJET 7(4), 2024, doi:10.51846/vol7iss4pp173-182 (equations 4 to 7).
.. [2] Ojala, Pietikäinen, Mäenpää, "Multiresolution gray-scale and rotation invariant texture classification with local
       binary patterns", IEEE TPAMI 24(7), 2002, doi:10.1109/TPAMI.2002.1017623.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.features.lbp_kernels import Circle, code_circles, code_squares, count_codes

MAXIMUM_POINTS = 32
MAXIMUM_RADIUS = 64.0
GRAY_TYPES = frozenset(map(np.dtype, (np.uint8, np.float32, np.float64)))


def lbp_3x3(gray: NDArray) -> NDArray[np.uint8]:
    """Code every pixel by its eight neighbours: bit i is 1 where neighbour i is strictly greater than the centre.

    The neighbours run clockwise from the top left: bit 0 top left, 1 top, 2 top right, 3 right, 4 bottom right,
    5 bottom, 6 bottom left, 7 left. Beyond the border the edge pixel is repeated. Both are our choice, the paper is
    silent; a model that works out the planes itself has to make the same ones.

    Parameters
    ----------
    gray
        (H, W) or (N, H, W) array, uint8, float32 or float64 of any finite range: only the order of values counts.

    Returns
    -------
    ndarray
        Codes of the same shape, uint8, 0 to 255.

    Raises
    ------
    TypeError
        If `gray` is not an array of one of the three types.
    ValueError
        If it has another number of axes, no pixel, or a value that is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> lbp_3x3(np.array([[9, 1, 2], [8, 5, 6], [7, 3, 4]], np.uint8))
    array([[  0, 253, 112],
           [  3, 201,   0],
           [  3, 223,   7]], dtype=uint8)

    References
    ----------
    Equations 4 and 5 of [1]_ in the module.
    """
    pictures = _checked_pictures(gray)
    codes = np.empty(pictures.shape, np.uint8)
    code_squares(pictures, codes)
    return codes.reshape(gray.shape)


def lbp_circular(
    gray: NDArray, points: int = 8, radius: float | tuple[float, float] = 1.0, method: str = "default"
) -> NDArray[np.unsignedinteger]:
    """Code every pixel by neighbours on a circle: bit p is 1 where neighbour p is greater than or equal to the centre.

    Neighbour p lies at the angle 2 pi p / P, from the right and counter-clockwise. Between pixels the value is
    interpolated bilinearly; beyond the border it is zero. The codes are those of scikit-image's
    ``local_binary_pattern``, ties included: an interpolated value on a flat area may come out one rounding below the
    centre, so coordinates and products are rounded here in the same order as there.

    Parameters
    ----------
    gray
        (H, W) or (N, H, W) array, uint8, float32 or float64.
    points
        Number of neighbours P, 1 to 32.
    radius
        Radius of the circle in pixels, above 0 and at most 64; or two of them, downwards and across, for an ellipse.
    method
        ``"default"``: the P bits as a number. ``"uniform"``: the number of ones where the bits change at most twice
        from one neighbour to the next (the step from the last back to the first does not count), otherwise P + 1.

    Returns
    -------
    ndarray
        Codes or labels of the same shape, in the smallest of uint8, uint16 and uint32 that holds them: for labels
        (0 to P + 1) always uint8.

    Raises
    ------
    TypeError
        If `gray` is not an array of one of the three types, or `points` is not an integer.
    ValueError
        If an argument is out of its range, or `gray` has another number of axes, no pixel, or a value not finite.

    Examples
    --------
    >>> import numpy as np
    >>> lbp_circular(np.array([[9, 1, 2], [8, 5, 6], [7, 3, 4]], np.uint8), points=8, radius=1.0, method="uniform")
    array([[0, 6, 2],
           [1, 9, 0],
           [1, 5, 2]], dtype=uint8)

    References
    ----------
    Ojala et al., [2]_ in the module.
    """
    pictures = _checked_pictures(gray)
    if not isinstance(points, int | np.integer) or isinstance(points, bool):
        raise TypeError(f"Expected an integer number of points. Received {points!r}.")
    if not 1 <= points <= MAXIMUM_POINTS:
        raise ValueError(f"Expected 1 to {MAXIMUM_POINTS} points. Received {points}.")
    down, across = radius if isinstance(radius, tuple) else (radius, radius)
    if not (0 < down <= MAXIMUM_RADIUS and 0 < across <= MAXIMUM_RADIUS):
        raise ValueError(f"Expected a radius above 0 and at most {MAXIMUM_RADIUS:g} pixels. Received {radius}.")
    if method not in ("default", "uniform"):
        raise ValueError(f"Expected the method 'default' or 'uniform'. Received {method!r}.")

    _, height, width = pictures.shape
    uniform = method == "uniform"
    labels = np.empty(pictures.shape, np.min_scalar_type(points + 1 if uniform else 2 ** int(points) - 1))
    circle = _circle_tables(int(points), float(down), float(across), height, width)
    code_circles(pictures, circle, uniform, labels)
    return labels.reshape(gray.shape)


def histogram(codes: NDArray[np.unsignedinteger], bins: int = 256) -> NDArray[np.float64]:
    """Return how often each code occurs, as a share of all pixels.

    Parameters
    ----------
    codes
        (H, W) or (N, H, W) array of codes, unsigned integers below `bins`.
    bins
        Number of different codes: 256 for `lbp_3x3`, 2 ** P for `lbp_circular`, P + 2 for its uniform labels.

    Returns
    -------
    ndarray
        (bins,) or (N, bins) float64, at least 0, each histogram summing to 1.

    Raises
    ------
    TypeError
        If `codes` is not an array of unsigned integers.
    ValueError
        If it has another number of axes, no pixel, or a code that is not below `bins`.

    Examples
    --------
    >>> import numpy as np
    >>> picture = np.array([[9, 1, 2], [8, 5, 6], [7, 3, 4]], np.uint8)
    >>> histogram(lbp_circular(picture, points=4, method="uniform"), bins=6).round(2)
    array([0.22, 0.44, 0.  , 0.22, 0.  , 0.11])

    References
    ----------
    Equations 6 and 7 of [1]_ in the module.
    """
    if not isinstance(codes, np.ndarray) or codes.dtype.kind != "u":
        raise TypeError(f"Expected an array of unsigned integers. Received {_described(codes)}.")
    _check_shape(codes)
    if (largest := int(codes.max())) >= bins:
        raise ValueError(f"Expected codes below {bins}, the number of bins. Received {largest}.")
    pictures = codes.reshape(-1 if codes.ndim == 3 else 1, codes.shape[-2] * codes.shape[-1])
    counts = np.zeros((len(pictures), bins), np.int64)
    count_codes(pictures, counts)
    return (counts / pictures.shape[1]).reshape(*codes.shape[:-2], bins)


def _checked_pictures(gray: NDArray) -> NDArray:
    """Return `gray` as a contiguous (N, H, W) array, or raise what the public functions promise."""
    if not isinstance(gray, np.ndarray) or gray.dtype not in GRAY_TYPES:
        raise TypeError(f"Expected an array of uint8, float32 or float64. Received {_described(gray)}.")
    _check_shape(gray)
    if gray.dtype.kind == "f" and not np.isfinite(gray).all():
        raise ValueError("Expected finite values only. Received at least one that is infinite or not a number.")
    return np.ascontiguousarray(gray).reshape(-1, *gray.shape[-2:])


def _check_shape(array: NDArray) -> None:
    if array.ndim not in (2, 3) or array.size == 0:
        raise ValueError(f"Expected shape (H, W) or (N, H, W) with at least one pixel. Received {array.shape}.")


def _described(value: object) -> str:
    return str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__


@lru_cache(maxsize=16)
def _circle_tables(points: int, down: float, across: float, height: int, width: int) -> Circle:
    """Return where the neighbours lie, as `engine.features.lbp_kernels.code_circles` takes it."""
    angles = 2 * np.pi * np.arange(points) / points
    # scikit-image takes the radius as float32 and rounds to five digits; equal codes need both.
    down, across = float(np.float32(down)), float(np.float32(across))
    below, right = np.round(-down * np.sin(angles), 5), np.round(across * np.cos(angles), 5)
    right_groups, column_group = np.unique(right, return_inverse=True)
    first_row, row_share = _between_pixels(below, height)
    first_column, column_share = _between_pixels(right_groups, width)
    margin = int(np.ceil(np.abs([below, right]).max()))
    return Circle(first_row, row_share, column_group, first_column, column_share, margin)


def _between_pixels(offsets: NDArray[np.float64], size: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the first of the two pixels around each offset, (M,), and the second one's share, (M, size).

    A whole offset takes the pair on the side of the centre, so that no pixel farther than the radius is read. The share
    differs from one position to the next by rounding: ``position + offset`` is the less exact the larger it is.
    """
    first = np.where(offsets > 0, np.ceil(offsets) - 1, np.floor(offsets))
    positions = np.arange(size)
    return first.astype(np.int64), (positions + offsets[:, None]) - (positions + first[:, None])
