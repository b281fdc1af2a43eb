"""The faces of the latest seconds as small pictures, so that an event can be replayed once it is known to be one."""

from collections import deque

import cv2
import numpy as np

from engine import settings
from engine.faces.align import ANCHORS, similarity
from engine.faces.landmarks import Landmarks
from engine.faces.sampling import REPLICATE, invert_transform, transform_points, warp_square
from engine.features.aligned_face import ALIGNED_FACE_PX, AlignedFace
from engine.recognition.face_pictures import FacePicture

SIDE = 144
"""Pixels of a side: the outer corners of the eyes are about 58 apart."""
FINE_S = 6.0
"""Of so many latest seconds every face is held: of the longest micro-expression, and of the time that
`engine.recognition.spotting` lets pass before it calls one final ..."""
COARSE_S, EVERY_S = 18.0, 0.09
"""... and of so many one in each of these intervals: enough for an expression that lasts long."""
_SHARE = 0.92  # of the picture's side that a replay shows: it may still move the face a little


class FaceBuffer:
    """The latest faces of everybody, within a bound of time and one of memory.

    Parameters
    ----------
    most_bytes
        Of all of them together; the oldest go first.
    """

    def __init__(self, most_bytes: int = settings.LIVE_RECENT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._fine: deque[tuple[int, FacePicture]] = deque()
        self._coarse: deque[tuple[int, FacePicture]] = deque()

    def push(self, person: int, picture: np.ndarray, landmarks: Landmarks, sample: AlignedFace) -> None:
        """Keep one face of a frame, (height, width, 3) uint8 RGB, whose sample is at hand."""
        face = _cut_out(picture, landmarks, sample)
        self._fine.append((person, face))
        self._bytes += size_of(face)
        while self._fine[0][1].time_s < sample.time_s - FINE_S:
            self._thin(*self._fine.popleft())
        while self._coarse and self._coarse[0][1].time_s < sample.time_s - COARSE_S:
            self._drop(self._coarse)
        while self._bytes > self._most_bytes:
            self._drop(self._coarse or self._fine)

    def between(self, person: int, start_s: float, end_s: float) -> list[FacePicture]:
        """Return a person's faces that are held from a time to a time, in order."""
        held = (*self._coarse, *self._fine)
        return [face for who, face in held if who == person and start_s <= face.time_s <= end_s]

    def _thin(self, person: int, face: FacePicture) -> None:
        last_s = next((kept.time_s for who, kept in reversed(self._coarse) if who == person), -np.inf)
        if face.time_s - last_s >= EVERY_S:
            self._coarse.append((person, face))
        else:
            self._bytes -= size_of(face)

    def _drop(self, faces: deque[tuple[int, FacePicture]]) -> None:
        self._bytes -= size_of(faces.popleft()[1])


def size_of(face: FacePicture) -> int:
    """Return the bytes that a face takes."""
    return face.picture.nbytes + face.points.nbytes


def _cut_out(picture: np.ndarray, landmarks: Landmarks, sample: AlignedFace) -> FacePicture:
    points = landmarks.points[:, :2].astype(np.float64)
    # The sample lies in its frame as a replay does, only tighter.
    framed = similarity(points[ANCHORS], sample.points[ANCHORS].astype(np.float64))
    there = framed * _SHARE
    there[:, 2] += (1 - _SHARE) / 2 * ALIGNED_FACE_PX
    there *= SIDE / ALIGNED_FACE_PX
    face = warp_square(picture, invert_transform(there), SIDE, REPLICATE, interpolation=cv2.INTER_LINEAR)
    return FacePicture(sample.time_s, face, transform_points(there, points).astype(np.float32))
