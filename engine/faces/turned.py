"""Faces that lie on their side or stand on their head: the true tilt, found by looking again at a turned picture.

BlazeFace and the mesh were made for faces that are more or less upright. At 120 degrees of tilt BlazeFace still finds
most, but puts the eyes where the chin is, and the mesh lays its points accordingly. So where the first look is in
doubt, a face is looked at again in squares turned by 0, 90, 180 and 270 degrees, and the look that both networks
together are surest of is taken: of 60 stills at all tilts that was the right one for 97 % of what was found. Where two
looks that disagree are nearly as sure, the tilt is left open. Then the face is looked at once more, turned upright by
the tilt that was found: where the networks hardly see it there, that was not its tilt. A strongly tilted face's points
are those of that last look: of 25 pictures of FER2013's PublicTest at seven tilts it was read as the upright picture is
in 97 %, the one before in 92 %.

A photo or frame in which that finds nobody is looked at as a whole, turned by 180, 90 and 270 degrees.
"""

from dataclasses import dataclass, replace

import numpy as np

from engine.faces.blazeface import OVERLAP, detect, iou, weighted_nms
from engine.faces.find import VERIFY_FACE_SHARE, VERIFY_PX, Detection, find_faces
from engine.faces.landmarks import DOUBTED_PRESENCE, DOUBTED_SCORE, Landmarks, find_landmarks, head_pose, is_face
from engine.faces.network import side_by_side
from engine.faces.sampling import BLACK, square_transform, transform_points, warp_square

# A first look that has all three is clear. Of 60 stills turned by every 15 degrees 2 of the 535 that were read the
# wrong way up had, and 92 % of those within 30 degrees of upright.
SURE_SCORE, SURE_PRESENCE, TILTED_DEG = 0.7, 0.99999, 40.0
LEAST_SCORE = 0.5  # of the detector in a turned look
BETTER = 1.02  # times as sure as the first look a turned one has to be
SAME_TILT_DEG = 45.0  # looks nearer than this to each other agree
UPRIGHT = 0.7  # of that certainty, which the face turned upright keeps; 99 % of those read right do
RIVAL = 0.8  # of the best look's certainty, from which on another that disagrees leaves the tilt open
UPRIGHT_DEG = 5.0  # up to this tilt the head counts as upright
BESIDE_DEG = 12.0  # two of the looks beside a face are turned by this from upright


@dataclass(frozen=True)
class Look:
    """One look at a face.

    Attributes
    ----------
    detection, landmarks
        What it saw, in pixels of the picture.
    again
        Whether it is not the first look at what was found.
    tilt_open
        Whether another look is nearly as sure that the face is turned in another way, or turned upright it is not seen.
    """

    detection: Detection
    landmarks: Landmarks
    again: bool = False
    tilt_open: bool = False

    @property
    def is_face(self) -> bool:
        """Whether both networks together see a face. More looks are more chances to err: they have to be surer."""
        if not self.again:
            return is_face(self.detection, self.landmarks)
        return self.detection.score >= DOUBTED_SCORE and self.landmarks.presence >= DOUBTED_PRESENCE

    @property
    def certainty(self) -> float:
        """How sure both networks are together, 0 to 1."""
        return self.detection.score * self.landmarks.presence


def look_for_faces(rgb: np.ndarray, reach: str = "photo") -> list[Look]:
    """Return every face of a picture with its points, whichever way up.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8.
    reach
        See `engine.faces.find.find_faces`; ``"live"`` looks once.

    Raises
    ------
    ValueError
        If the array is no picture or the reach is unknown.
    ModelError
        If an installed face model cannot be read.
    """
    found = find_faces(rgb, reach=reach)
    if reach == "live":
        looks = side_by_side(lambda detection: Look(detection, find_landmarks(rgb, detection)), found)
        return [look for look in looks if look.is_face]
    seen = _faces_at(rgb, found)
    turned = [round(roll_deg(look.landmarks) / 90) % 4 for look in seen]
    if not seen:
        return [look for look in _faces_at(rgb, find_turned(rgb)) if replace(look, again=True).is_face]
    if all(turned):
        # The whole picture is turned, it seems; others in it may only be found the right way up.
        for detection in find_turned(rgb, tuple(set(turned))):
            if not (iou(np.array(detection.box), np.array([look.detection.box for look in seen])) > OVERLAP).any():
                seen += _faces_at(rgb, [detection])
    return seen


def _faces_at(rgb: np.ndarray, detections: list[Detection]) -> list[Look]:
    looks = side_by_side(lambda detection: look_at(rgb, detection), detections)
    kept: list[Look] = []
    for look in sorted(looks, key=lambda look: -look.certainty):
        boxes = np.array([other.detection.box for other in kept]).reshape(-1, 4)
        if look.is_face and not (iou(np.array(look.detection.box), boxes) > OVERLAP).any():
            kept.append(look)
    return kept


def look_at(rgb: np.ndarray, detection: Detection) -> Look:
    """Return the points of a face that was found, whichever way up it is.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8, the picture in which the face was found.
    detection
        Where.

    Raises
    ------
    ModelError
        If an installed face model cannot be read.
    """
    first = Look(detection, find_landmarks(rgb, detection))
    if _is_clear(first):
        return first
    looks = [first, *(look for turns in range(4) if (look := _turned_look(rgb, detection, turns)) is not None)]
    best = max(looks, key=lambda look: look.certainty)
    if best.certainty < BETTER * first.certainty:
        best = first
    rivals = (look for look in looks if _apart_deg(look, best) > SAME_TILT_DEG)
    is_open = any(look.certainty >= RIVAL * best.certainty for look in rivals)
    upright = _turned_look(rgb, best.detection, roll_deg(best.landmarks) / 90)
    if upright is None or upright.certainty < UPRIGHT * best.certainty:
        return replace(best, tilt_open=True)
    strongly = abs(roll_deg(best.landmarks)) > TILTED_DEG
    return replace(best, tilt_open=is_open, landmarks=upright.landmarks if strongly else best.landmarks)


def looks_beside(rgb: np.ndarray, detection: Detection, landmarks: Landmarks) -> list[Look]:
    """Return how a tilted face is seen in squares turned by whole quarters, and a little to either side of upright.

    How a tilted face's points lie depends a little on how it was looked at, and a doubtful answer with them. What these
    looks answer otherwise is not to be relied on.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8, the picture in which the face was found.
    detection, landmarks
        Where, in its pixels.

    Returns
    -------
    list of Look
        None for a face that is upright; else three, or fewer where it is not seen so.

    Raises
    ------
    ModelError
        If an installed face model cannot be read.
    """
    roll = head_pose(landmarks.points)[2]
    if abs(roll) <= UPRIGHT_DEG:
        return []
    turns = (round(roll / 90), (roll - BESIDE_DEG) / 90, (roll + BESIDE_DEG) / 90)
    return [look for turn in turns if (look := _turned_look(rgb, detection, turn)) is not None]


def find_turned(rgb: np.ndarray, turns: tuple[int, ...] = (2, 1, 3)) -> list[Detection]:
    """Find the faces of a picture in which none was found, turned as a whole.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8.
    turns
        By how many quarters, clockwise, the heads may be turned; tried in this order.

    Returns
    -------
    list of Detection
        In pixels of the picture as it is, of the turn with the surest face; the most certain first.
    """
    found = [
        [_turned_back(detection, quarter, rgb.shape) for detection in find_faces(turned)]
        for quarter in turns
        for turned in [np.ascontiguousarray(np.rot90(rgb, quarter))]
    ]
    return max(found, key=lambda faces: max((face.score for face in faces), default=0.0))


def roll_deg(landmarks: Landmarks) -> float:
    """Return by how much a head is tilted, clockwise as seen, -180 to 180."""
    return head_pose(landmarks.points)[2]


def _is_clear(look: Look) -> bool:
    sure = look.detection.score >= SURE_SCORE and look.landmarks.presence >= SURE_PRESENCE
    return sure and abs(roll_deg(look.landmarks)) <= TILTED_DEG


def _apart_deg(one: Look, other: Look) -> float:
    return abs((roll_deg(one.landmarks) - roll_deg(other.landmarks) + 180) % 360 - 180)


def _turned_look(rgb: np.ndarray, detection: Detection, turns: float) -> Look | None:
    """Return the face as it is seen in a square around it that is turned by quarters, clockwise."""
    box = np.array(detection.box)
    side = float(max(box[2:])) / VERIFY_FACE_SHARE
    transform = square_transform(box[:2] + box[2:] / 2, side, turns * np.pi / 2, VERIFY_PX)
    seen = weighted_nms(detect(warp_square(rgb, transform, VERIFY_PX, BLACK), LEAST_SCORE)).take(slice(1))
    if not len(seen):
        return None
    low, high, *_ = seen.points[0]
    # Its box is upright in the turned look; in the picture it stands as upright as quarters of a turn let it.
    size = (high - low)[:: -1 if round(turns) % 2 else 1] * side / VERIFY_PX
    (middle,) = transform_points(transform, (low + high)[None] / 2)
    left, top = middle - size / 2
    again = Detection(
        (float(left), float(top), float(size[0]), float(size[1])),
        float(seen.scores[0]),
        transform_points(transform, seen.points[0][2:]).astype(np.float32),
    )
    return Look(again, find_landmarks(rgb, again), again=True)


def _turned_back(detection: Detection, quarter: int, shape: tuple[int, ...]) -> Detection:
    """Return what was found in ``numpy.rot90(picture, quarter)`` in pixels of the picture, of this shape."""
    x, y, width, height = detection.box
    points = np.concatenate([[[x, y], [x + width, y + height]], detection.keypoints])
    for step in range(quarter, 0, -1):
        # A picture of this width before the step was turned counterclockwise by it: x' = y, y' = width - x.
        wide = shape[1] if step % 2 else shape[0]
        points = np.stack([wide - points[:, 1], points[:, 0]], axis=1)
    low, high = points[:2].min(axis=0), points[:2].max(axis=0)
    return Detection(
        (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
        detection.score,
        points[2:].astype(np.float32),
    )
