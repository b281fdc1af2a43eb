"""Motion made larger: what moved a little since the onset is shown as if it had moved several times as far.

Each picture's dense flow since the onset is multiplied and the picture is drawn anew by it [1]_. Unlike filters of
frequency bands ([2]_, [3]_) this needs no band, which one short event does not have, and makes no noise brighter.

References
----------
.. [1] Liu, Torralba, Freeman, Durand, Adelson, "Motion magnification", ACM Transactions on Graphics 24(3), 2005,
       doi:10.1145/1186822.1073223.
.. [2] Wu, Rubinstein, Shih, Guttag, Durand, Freeman, "Eulerian video magnification for revealing subtle changes in the
       world", ACM Transactions on Graphics 31(4), 2012, doi:10.1145/2185520.2185561.
.. [3] Wadhwa, Rubinstein, Durand, Freeman, "Phase-based video motion processing", ACM Transactions on Graphics 32(4),
       2013, doi:10.1145/2461912.2461966.
"""

from collections.abc import Callable

import cv2
import numpy as np

from engine.features.optical_flow import dense_flow, global_motion, motion_as_flow

FACTORS = (1, 2, 4, 6, 8, 10)
"""How many times as far."""

_FLOW_SIDE = 128  # pixels: finer flow takes three times as long and finds no more
_SMOOTH = 0.02  # of the picture's side: neighbours on a face move together, and the picture must not tear
_ROUNDS = 8


def magnify_motion(
    faces: np.ndarray, onset: int, factor: float, progress: Callable[[float], None] | None = None
) -> np.ndarray:
    """Multiply the motion since the onset.

    Parameters
    ----------
    faces
        (n, side, side, 3) uint8 RGB, held still, as `engine.recognition.replay.replay` returns them.
    onset
        Index of the picture from which motion is counted; it is left as it is.
    factor
        How many times as far everything moves, 1 or more; 1 changes nothing.
    progress
        Told which share of the pictures is done, 0..1.

    Returns
    -------
    numpy.ndarray
        (n, side, side, 3) uint8. The motion of the face as a whole, which is no expression, is not multiplied.

    Raises
    ------
    ValueError
        For a factor below 1.
    """
    if not factor >= 1:
        raise ValueError(f"Expected a factor of 1 or more. Received {factor}.")
    if factor == 1:
        return faces
    small = (min(_FLOW_SIDE, faces.shape[2]), min(_FLOW_SIDE, faces.shape[1]))
    gray = [cv2.cvtColor(cv2.resize(face, small, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY) for face in faces]
    made = []
    for index, face in enumerate(faces):
        still = index == onset
        made.append(face if still else _moved(face, _own_flow(gray[onset], gray[index], face.shape[0]), factor))
        if progress is not None:
            progress((index + 1) / len(faces))
    return np.stack(made)


def _own_flow(onset: np.ndarray, now: np.ndarray, side: int) -> np.ndarray:
    """Return the flow, smooth, and without what the face does as a whole: (side, side, 2) float32, in its pixels."""
    flow = dense_flow(onset, now)
    own = flow - motion_as_flow(global_motion(flow), *flow.shape[:2])
    smooth = cv2.GaussianBlur(own, (0, 0), _SMOOTH * flow.shape[0])
    return cv2.resize(smooth, (side, side)) * (side / flow.shape[0])


def _moved(face: np.ndarray, flow: np.ndarray, factor: float) -> np.ndarray:
    """Draw a face with its own motion multiplied.

    With F the flow from onset to now, a point of the onset at p is now at p + F(p) and is to be drawn at
    p + factor F(p). So for what is drawn at q, p = q - factor F(p) is solved, and q - (factor - 1) F(p) is taken.
    """
    height, width = flow.shape[:2]
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    at_p = flow
    for _ in range(_ROUNDS):
        source = (right - factor * at_p[..., 0], down - factor * at_p[..., 1])
        # Halfway each time: a plain step would swing where the flow changes quickly.
        at_p = 0.5 * (at_p + cv2.remap(flow, *source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    source = (right - (factor - 1) * at_p[..., 0], down - (factor - 1) * at_p[..., 1])
    return cv2.remap(face, *source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
