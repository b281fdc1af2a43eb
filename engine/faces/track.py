"""Follow every face of a recording from frame to frame, and know each person again.

Finding faces is slow and jumps about; the face mesh is quick and can start from where its points were in the frame
before. So each face is followed by the mesh alone, and all faces are looked for every `DETECT_EVERY_S`, and `RETRY_S`
after one was lost or while none is in sight.

Who is who: a face found where one is being followed is that one. A face found elsewhere is, of the persons out of
sight, the one who was last seen nearest, if that was less than `NEAR_WIDTHS` of its own widths away, in a similar size,
and no longer than `REMEMBERED_S` ago; or else the only person seen so far, if that was no longer than `ONLY_PERSON_S`
ago. Everybody else is a new person. Looks are not compared: two people who change places while both are out of sight
change numbers.
"""

import math
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from engine.faces.blazeface import intersection_areas, iou
from engine.faces.find import Detection, find_faces
from engine.faces.landmarks import PRESENCE, Landmarks, follow_landmarks
from engine.faces.network import one_thread, side_by_side
from engine.faces.turned import find_turned, look_at

DETECT_EVERY_S = 0.5  # between two looks for newcomers
RETRY_S = 0.1  # between looks while a face is missing
MISSING_S = 2.0  # so long after a face was lost it counts as missing
REMEMBERED_S = 60.0
ONLY_PERSON_S = 10.0
NEAR_WIDTHS = 1.0  # widths of the face
MAX_SIZE_RATIO = 1.6  # most one size may be of the other
SAME_FACE_SHARE = 0.35  # least share of the smaller box inside the larger from which two boxes show one face
LEAST_IOU = 0.2  # least overlap of a face's boxes in two frames that follow each other
SMALLEST_PX = 20.0  # width of a face below which its points mean nothing


@dataclass(frozen=True)
class TrackedFace:
    """A face in one frame.

    Attributes
    ----------
    person
        From 1, in order of appearance.
    landmarks
        The 468 points in pixels of the picture.
    box
        x, y, width, height in pixels of the picture: what the points span, from the forehead to the chin.
    detection
        How it was found, in frames in which it was looked for and found; None in those in which it was followed.
    """

    person: int
    landmarks: Landmarks
    box: tuple[float, float, float, float]
    detection: Detection | None = None


class Tracker:
    """Follows faces; hand it the frames of one recording in their order.

    Parameters
    ----------
    detect_every_s
        Between two looks for newcomers while everybody is in sight.
    together
        Whether faces are followed side by side: not where other work goes on beside, such as frames that are decoded.

    Attributes
    ----------
    looked
        Whether it looked for faces in the last frame.
    """

    def __init__(self, detect_every_s: float = DETECT_EVERY_S, *, together: bool = False) -> None:
        self.looked = False
        self._look_s, self._together = detect_every_s, together
        self._present: list[TrackedFace] = []
        self._absent: dict[int, tuple[TrackedFace, float]] = {}
        self._persons = 0
        self._detected_s = self._turned_s = self._lost_s = -np.inf

    def update(self, picture: np.ndarray, time_s: float) -> list[TrackedFace]:
        """Return the faces seen in a frame, by person.

        Parameters
        ----------
        picture
            (height, width, 3) uint8 RGB, upright; all frames have one size, unless `resize` is told.
        time_s
            When it is shown, later than the one before.

        Raises
        ------
        ValueError
            If the array is no picture.
        ModelError
            If an installed face model cannot be read.
        """
        with nullcontext() if self._together else one_thread():
            followed = side_by_side(lambda last: _followed(picture, last), self._present)
        with one_thread():
            self._keep([face for face in followed if face is not None], picture, time_s)
        return sorted(self._present, key=lambda face: face.person)

    def resize(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Tell that the next frames have another size, or that the camera was turned.

        What was in the middle is still there, and as much of the picture's area as it was: so it is where a stream
        changes its resolution, and where a telephone that is turned shows a scene in portrait from then on.

        Parameters
        ----------
        before, after
            Width and height in pixels.
        """
        scale = math.sqrt(after[0] * after[1] / (before[0] * before[1]))
        shift = np.array(after) / 2 - scale * np.array(before) / 2
        self._present = [_moved(face, scale, shift) for face in self._present]
        self._absent = {person: (_moved(face, scale, shift), at) for person, (face, at) in self._absent.items()}

    def _keep(self, followed: list[TrackedFace], picture: np.ndarray, time_s: float) -> None:
        before, self._present = self._present, _without_doubles(followed)
        still = {face.person for face in self._present}
        for last in before:
            if last.person not in still:
                self._absent[last.person] = (last, time_s)
                self._lost_s = time_s
        self._absent = {person: last for person, last in self._absent.items() if time_s - last[1] <= REMEMBERED_S}
        patience_s = RETRY_S if not self._present or time_s - self._lost_s < MISSING_S else self._look_s
        self.looked = len(still) < len(before) or time_s - self._detected_s >= patience_s
        if self.looked:
            self._detected_s = time_s
            self._look(picture, time_s)

    def _look(self, picture: np.ndarray, time_s: float) -> None:
        detections = find_faces(picture)
        if not detections and not self._present and time_s - self._turned_s >= self._look_s:
            self._turned_s = time_s
            detections = find_turned(picture)
        for detection in detections:
            if any(_share(detection.box, face.box) >= SAME_FACE_SHARE for face in self._present):
                continue
            look = look_at(picture, detection)
            if not look.is_face:
                continue
            box = box_of(look.landmarks.points)
            if box[2] < SMALLEST_PX or any(_share(box, face.box) >= SAME_FACE_SHARE for face in self._present):
                continue
            self._present.append(TrackedFace(self._person(box, time_s), look.landmarks, box, look.detection))

    def _person(self, box: tuple[float, float, float, float], time_s: float) -> int:
        """Return who is seen at a box: somebody known who was out of sight, or a new person."""
        distances = {
            person: _distance(box, last.box)
            for person, (last, _) in self._absent.items()
            if 1 / MAX_SIZE_RATIO <= box[2] / last.box[2] <= MAX_SIZE_RATIO
        }
        nearest = min(distances, key=distances.__getitem__, default=None)
        if nearest is not None and distances[nearest] <= NEAR_WIDTHS:
            del self._absent[nearest]
            return nearest
        if self._persons == 1 and 1 in self._absent and time_s - self._absent[1][1] <= ONLY_PERSON_S:
            del self._absent[1]
            return 1
        self._persons += 1
        return self._persons


def box_of(points: np.ndarray) -> tuple[float, float, float, float]:
    """Return x, y, width, height of what points ``(N, 2 or 3)`` span."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    width, height = high - low
    return float(low[0]), float(low[1]), float(width), float(height)


def _moved(face: TrackedFace, scale: float, shift: np.ndarray) -> TrackedFace:
    points = (face.landmarks.points * scale + np.append(shift, 0.0)).astype(np.float32)
    return TrackedFace(face.person, Landmarks(points, face.landmarks.presence), box_of(points))


def _followed(picture: np.ndarray, last: TrackedFace) -> TrackedFace | None:
    landmarks = follow_landmarks(picture, last.landmarks.points)
    box = box_of(landmarks.points)
    overlap = iou(np.array(box), np.array([last.box]))[0]
    if landmarks.presence < PRESENCE or box[2] < SMALLEST_PX or overlap < LEAST_IOU:
        return None
    return TrackedFace(last.person, landmarks, box)


def _without_doubles(faces: list[TrackedFace]) -> list[TrackedFace]:
    """Keep one of two that follow the same face, as where somebody walks past another: the one known for longer."""
    kept: list[TrackedFace] = []
    for face in sorted(faces, key=lambda face: face.person):
        if all(_share(face.box, other.box) < SAME_FACE_SHARE for other in kept):
            kept.append(face)
    return kept


def _share(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the share of the smaller box that lies in the other one."""
    both = float(intersection_areas(np.array(one), np.array([other]))[0])
    return both / max(min(one[2] * one[3], other[2] * other[3]), 1e-9)


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return how far apart two boxes' centres are, in widths of the larger one."""
    right, down = (one[side] + one[2 + side] / 2 - other[side] - other[2 + side] / 2 for side in (0, 1))
    return math.hypot(right, down) / max(one[2], other[2], 1e-9)
