"""Optical flow between two aligned faces, what it strains, and both as the small map that flow networks read.

References
----------
.. [1] Kroeger, Timofte, Dai, Van Gool, "Fast optical flow using dense inverse search", ECCV 2016,
       doi:10.1007/978-3-319-46493-0_29.
.. [2] Shreve, Godavarthy, Goldgof, Sarkar, "Macro- and micro-expression spotting in long videos using spatio-temporal
       strain", FG 2011, doi:10.1109/FG.2011.5771451.
.. [3] See, Yap, Li, Hong, Wang, "MEGC 2019: the second facial micro-expressions grand challenge", FG 2019,
       doi:10.1109/FG.2019.8756611.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

SMALLEST_SIDE = 24
"""Faces below this many pixels a side carry no flow: two patches have to fit."""

NO_MOTION_PX = 1e-3
"""A channel whose values differ by less is called still: a thousandth of a pixel is rounding, not motion."""

STILL = (128, 128, 0)
"""What `flow_map` holds where nothing moved: neither right nor left, neither down nor up, and no strain."""

# Larger patches and fewer steps of descent than OpenCV's presets, then refinement at full resolution: chosen on a face
# of 128 pixels moved by known, smooth displacements of 1 to 3 pixels, with sensor noise, once with other exposure. The
# mean error was 0.086 pixels; with OpenCV's medium preset 0.110, with its Farneback (window 15) 0.115, with
# scikit-image's TV-L1 0.139. Where the picture hardly changes, more steps only follow the noise.
_PATCH_PX, _STRIDE_PX, _DESCENT_STEPS, _REFINEMENT_STEPS = 12, 8, 5, 4
_TRIMMED_ROUNDS, _TRIMMED_POINTS = 3, 32  # of `global_motion`: points along a side, enough to fit four numbers
_BLUR_PX = 0.8


def dense_flow(onset: NDArray[np.uint8], apex: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how far each pixel has moved from one picture to the other.

    Dense inverse search with variational refinement [1]_ on slightly blurred pictures (0.8 pixels: sensor noise).

    Parameters
    ----------
    onset, apex
        (H, W) uint8 gray, aligned and of the same shape, at least 24 pixels a side.

    Returns
    -------
    ndarray
        (H, W, 2) float32 in pixels: u to the right, v downwards. What lies at (x, y) at the onset lies at
        (x + u, y + v) at the apex. Equal pictures give exactly 0.

    Raises
    ------
    ValueError
        For another dtype or number of axes, for shapes that differ, or a picture that is too small.

    Examples
    --------
    A pattern that moves by a pixel to the right:

    >>> import numpy as np
    >>> wave = np.sin(np.arange(64) / 5)
    >>> onset = np.round(128 + 60 * np.outer(wave, wave)).astype(np.uint8)
    >>> flow = dense_flow(onset, np.roll(onset, 1, axis=1))
    >>> flow.shape, flow.dtype
    ((64, 64, 2), dtype('float32'))
    >>> bool(abs(np.median(flow[..., 0]) - 1) < 0.2), bool(abs(np.median(flow[..., 1])) < 0.1)
    (True, True)
    """
    for picture in (onset, apex):
        if picture.dtype != np.uint8 or picture.ndim != 2:
            raise ValueError(f"Expected (H, W) uint8. Received {picture.shape} {picture.dtype}.")
    if onset.shape != apex.shape or min(onset.shape) < SMALLEST_SIDE:
        raise ValueError(
            f"Expected two faces of one size, at least {SMALLEST_SIDE} pixels a side. Received {onset.shape} and "
            f"{apex.shape}."
        )
    # Made anew each time, which costs microseconds: one object must not be used by two threads.
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    search.setPatchSize(_PATCH_PX)
    search.setPatchStride(_STRIDE_PX)
    search.setGradientDescentIterations(_DESCENT_STEPS)
    search.setVariationalRefinementIterations(_REFINEMENT_STEPS)
    before, after = (cv2.GaussianBlur(picture, (0, 0), _BLUR_PX) for picture in (onset, apex))
    # None, which OpenCV's types do not know here: it starts from no flow.
    return search.calc(before, after, None)  # type: ignore[call-overload]


def strain(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the magnitude of the optical strain: how much the skin is stretched, sheared or pressed together.

    ``sqrt(e_xx^2 + e_yy^2 + 2 e_xy^2)`` with ``e_xx = du/dx``, ``e_yy = dv/dy``, ``e_xy = (du/dy + dv/dx) / 2`` [2]_. A
    shift of the whole face strains nothing, nor does a small turn.

    Parameters
    ----------
    flow
        (H, W, 2) float32 in pixels, at least 2 pixels a side.

    Returns
    -------
    ndarray
        (H, W) float32, at least 0, a share (0.01 is one percent); central differences, one-sided at the border.

    Raises
    ------
    ValueError
        For another shape.

    Examples
    --------
    Skin that is stretched by one percent across:

    >>> import numpy as np
    >>> flow = np.zeros((3, 4, 2), np.float32)
    >>> flow[..., 0] = 0.01 * np.arange(4)
    >>> strain(flow).round(4)
    array([[0.01, 0.01, 0.01, 0.01],
           [0.01, 0.01, 0.01, 0.01],
           [0.01, 0.01, 0.01, 0.01]], dtype=float32)
    """
    if flow.ndim != 3 or flow.shape[2] != 2 or min(flow.shape[:2]) < 2:
        raise ValueError(f"Expected (H, W, 2), at least 2 pixels a side. Received {flow.shape}.")
    (u_x, v_x), (u_y, v_y) = _slopes(flow, 1), _slopes(flow, 0)
    shear = u_y + v_x
    return np.sqrt(u_x * u_x + v_y * v_y + 0.5 * shear * shear)


def flow_map(onset: NDArray[np.uint8], apex: NDArray[np.uint8], size: int = 28) -> NDArray[np.uint8]:
    """Return flow and strain between two faces as one small picture.

    Channels u, v and strain, each made smaller by area means and then scaled so that its least value becomes 0 and its
    largest 255, which is the form of the maps of the MEGC2019 composite [3]_. So the map tells where and whereto the
    face moves, not by how much.

    Parameters
    ----------
    onset, apex
        As in `dense_flow`.
    size
        Side of the map in pixels; 28 in [3]_.

    Returns
    -------
    ndarray
        (size, size, 3) uint8. A channel without any motion, its values within a thousandth of a pixel, holds 128 for u
        and v and 0 for strain.

    Raises
    ------
    ValueError
        As `dense_flow`.

    Examples
    --------
    >>> import numpy as np
    >>> face = np.full((64, 64), 128, np.uint8)
    >>> still = flow_map(face, face)
    >>> still.shape, still[0, 0].tolist()
    ((28, 28, 3), [128, 128, 0])
    """
    return map_of(dense_flow(onset, apex), size)


def map_of(flow: NDArray[np.float32], size: int = 28) -> NDArray[np.uint8]:
    """Return a flow that is known already as the map that `flow_map` describes: (H, W, 2) to (size, size, 3) uint8."""
    planes = [flow[..., 0], flow[..., 1], strain(flow)]
    scaled = [_scaled(resized(plane, size), still) for plane, still in zip(planes, STILL, strict=True)]
    return np.stack(scaled, axis=-1)


def _slopes(flow: NDArray[np.float32], axis: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how u and v change along an axis; as `numpy.gradient`, in a third of its time."""
    slope = np.asarray(
        cv2.Sobel(flow, cv2.CV_32F, axis, 1 - axis, ksize=1, scale=0.5, borderType=cv2.BORDER_REPLICATE), np.float32
    )
    # The repeated border pixel halves a difference there.
    slope.swapaxes(0, axis)[[0, -1]] *= 2
    return slope[..., 0], slope[..., 1]


def resized(plane: NDArray, side: int) -> NDArray:
    """Return a picture, (H, W) or (H, W, channels), as (side, side, ...): area means, or bilinear where it grows."""
    way = cv2.INTER_AREA if min(plane.shape[:2]) >= side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (side, side), interpolation=way))


def _scaled(plane: NDArray[np.float32], still: int) -> NDArray[np.uint8]:
    least, largest = float(plane.min()), float(plane.max())
    if largest - least < NO_MOTION_PX:
        return np.full(plane.shape, still, np.uint8)
    return np.rint((plane - least) * (255 / (largest - least))).astype(np.uint8)


def global_motion(flow: np.ndarray) -> np.ndarray:
    """Return the motion of a face as a whole, which is no expression: moved, turned and scaled, as most pixels say.

    Least squares on the half of the pixels that agree best, three times over, so that what an expression moves does not
    count (least trimmed squares: P. J. Rousseeuw 1984, doi 10.1080/01621459.1984.10477105).

    Parameters
    ----------
    flow
        (height, width, 2) float32 in pixels, as `dense_flow` returns it.

    Returns
    -------
    numpy.ndarray
        (2, 3) float64: moves points of the first picture as most of the face moves.
    """
    step = max(1, min(flow.shape[:2]) // _TRIMMED_POINTS)
    wanted = flow[::step, ::step].reshape(-1, 2).astype(float)
    # The first pixel's centre lies at (0.5, 0.5), see `engine.faces.sampling`.
    y, x = (each.ravel() + 0.5 for each in np.mgrid[: flow.shape[0] : step, : flow.shape[1] : step])
    one, none = np.ones_like(x), np.zeros_like(x)
    # u = a x - b y + c and v = b x + a y + d.
    terms = np.stack([np.stack([x, -y, one, none], 1), np.stack([y, x, none, one], 1)], 1)
    best = np.ones(len(x), bool)
    for _ in range(_TRIMMED_ROUNDS):
        solved = np.linalg.lstsq(terms[best].reshape(-1, 4), wanted[best].reshape(-1), rcond=None)[0]
        off = np.linalg.norm(wanted - terms @ solved, axis=1)
        best = off <= np.median(off)
    a, b, c, d = solved
    return np.array([[1 + a, -b, c], [b, 1 + a, d]])


def motion_as_flow(motion: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a (2, 3) motion as a flow: (height, width, 2) float32 in pixels."""
    y, x = np.mgrid[:height, :width] + 0.5
    points = np.stack([x, y], 2)
    return (points @ motion[:, :2].T + motion[:, 2] - points).astype(np.float32)
