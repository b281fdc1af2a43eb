"""Find every face of a picture: from fine to coarse, then a second look at each doubtful one.

Why only BlazeFace's short-range model, also for photos: it is fully convolutional, so it reads a photo at half its size
in one go and meets a face of 40 pixels with 20 of its own, where MediaPipe's full-range model, which is fixed to 192 by
192 pixels, has 12 in a photo of 640 by 480. Measured on 300 colour faces pasted into photos without people, share of
faces with a score of 0.1 or more: short range at 20 pixels 97 %, at 16 90 %; full range at 24 pixels 92 %, at 16 81 %,
at 12 58 %. It also costs less a pixel: 128 by 128 take 0.83 ms, 192 by 192 2.6 ms, on one thread.

A second look shows a doubtful face in the middle and at a size that the model knows well. Of 612 true and 2,242 false
proposals, a score of 0.5 in that look keeps 98 % and 7 %. What is still false is caught by the face mesh's presence,
see `engine.faces.analyse`.
"""

from dataclasses import dataclass

import numpy as np

from engine.faces.blazeface import Candidates, detect, drop_nested, iou, weighted_nms
from engine.faces.network import side_by_side
from engine.faces.pyramid import detect_coarsest, detect_multiscale
from engine.faces.sampling import BLACK, square_transform, warp_square

THRESHOLD = 0.5  # MediaPipe's own; with 0.6 in the second look 2 to 5 % of small faces on texture were lost
CERTAIN_SCORE = 0.75  # no second look from here on

VERIFY_PX = 96  # network pixels of a second look
VERIFY_FACE_SHARE = 0.5  # of them, the face
SAME_FACE_IOU = 0.25  # least overlap of what the second look finds with the proposal


@dataclass(frozen=True)
class Detection:
    """A face found.

    Attributes
    ----------
    box
        x, y, width, height in pixels of the picture: about a square from the brows to the chin. May pass the border.
    score
        0 to 1.
    keypoints
        ``(6, 2)`` float32 in pixels: the person's right and left eye, nose tip, mouth, right and left ear.
    """

    box: tuple[float, float, float, float]
    score: float
    keypoints: np.ndarray


def find_faces(rgb: np.ndarray, *, reach: str = "photo") -> list[Detection]:
    """Find the faces of a picture.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8.
    reach
        ``"photo"``: every face from 40 pixels up; large photos are read in overlapping tiles. ``"live"``: one quick
        look at the whole, for faces that fill at least a fifth of the longer side.

    Returns
    -------
    list of Detection
        Most certain first. Tuned to miss none: a few are false until the face mesh has been asked.

    Raises
    ------
    ValueError
        If the array is no picture or the reach is unknown.
    ModelError
        If the installed face model cannot be read.

    Examples
    --------
    >>> from engine.synthetic import synthetic_clip
    >>> (face,) = find_faces(synthetic_clip(3, duration_s=0.1, size=(320, 240)).picture(0))
    >>> face.score > 0.9, len(face.keypoints)
    (True, 6)
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
        raise ValueError(f"Expected a picture of shape (H, W, 3) and type uint8. Received {rgb.shape}, {rgb.dtype}.")
    if reach == "photo":
        found = _search(rgb)
    elif reach == "live":
        found = weighted_nms(detect_coarsest(rgb, THRESHOLD))
    else:
        raise ValueError(f'Expected a reach of "photo" or "live". Received {reach!r}.')
    found = drop_nested(found)
    told = zip(found.boxes.tolist(), found.scores.tolist(), found.keypoints, strict=True)
    return [Detection((x, y, width, height), score, points) for (x, y, width, height), score, points in told]


def _search(rgb: np.ndarray) -> Candidates:
    proposals, tiled = detect_multiscale(rgb)
    proposals = weighted_nms(proposals)
    # In tiles a face may have been seen in part, which can score high but with a wrong box.
    sure = (proposals.scores >= CERTAIN_SCORE) & (not tiled)
    looks = side_by_side(lambda box: verify(rgb, box), list(proposals.boxes[~sure]))
    return weighted_nms(Candidates.concatenate([proposals.take(sure), *looks]))


def verify(rgb: np.ndarray, box: np.ndarray) -> Candidates:
    """Return the face at a proposed box ``(4,)``, seen centred and at a good size: one or none."""
    side = float(max(box[2:])) / VERIFY_FACE_SHARE
    transform = square_transform(box[:2] + box[2:] / 2, side, 0.0, VERIFY_PX)
    seen = detect(warp_square(rgb, transform, VERIFY_PX, BLACK), THRESHOLD)
    seen = seen.scaled(side / VERIFY_PX, side / VERIFY_PX).shifted(*transform[:, 2])
    return weighted_nms(seen.take(iou(box, seen.boxes) > SAME_FACE_IOU)).take(slice(1))
