"""The faces of the latest seconds as small pictures, so that an event can be replayed once it is known to be one."""

from collections import deque

import cv2
import numpy as np

from engine import settings
from engine.faces.align import ANCHORS, similarity
from engine.faces.landmarks import Landmarks
from engine.faces.sampling import REPLICATE, apply, cut, invert
from engine.features.face_sample import SIDE as SAMPLE
from engine.features.face_sample import FaceSample
from engine.recognition.event_frames import FacePicture

SIDE = 160
"""Pixels of a side: the outer corners of the eyes are about 64 apart."""
SECONDS = 18.0
"""The longest event, and what `engine.recognition.spotting` waits for before it calls one final."""
_SHARE = 0.92  # of the picture's side that a replay shows: it may still move the face a little


class RecentFaces:
    """The latest faces of everybody, within a bound of time and one of memory.

    Parameters
    ----------
    most_bytes
        Of all of them together; the oldest go first.
    """

    def __init__(self, most_bytes: int = settings.LIVE_RECENT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._faces: deque[tuple[int, FacePicture]] = deque()

    def push(self, person: int, picture: np.ndarray, landmarks: Landmarks, sample: FaceSample) -> None:
        """Keep one face of a frame, (height, width, 3) uint8 RGB, whose sample is at hand."""
        face = _cut_out(picture, landmarks, sample)
        self._faces.append((person, face))
        self._bytes += size_of(face)
        while self._faces and (self._bytes > self._most_bytes or self._faces[0][1].time_s < sample.time_s - SECONDS):
            self._bytes -= size_of(self._faces.popleft()[1])

    def between(self, person: int, start_s: float, end_s: float) -> list[FacePicture]:
        """Return a person's faces that are held from a time to a time, in order."""
        return [face for who, face in self._faces if who == person and start_s <= face.time_s <= end_s]


def size_of(face: FacePicture) -> int:
    """Return the bytes that a face takes."""
    return face.picture.nbytes + face.points.nbytes


def _cut_out(picture: np.ndarray, landmarks: Landmarks, sample: FaceSample) -> FacePicture:
    points = landmarks.points[:, :2].astype(np.float64)
    # The sample lies in its frame as a replay does, only tighter.
    framed = similarity(points[ANCHORS], sample.points[ANCHORS].astype(np.float64))
    there = framed * _SHARE
    there[:, 2] += (1 - _SHARE) / 2 * SAMPLE
    there *= SIDE / SAMPLE
    face = cut(picture, invert(there), SIDE, REPLICATE, interpolation=cv2.INTER_LINEAR)
    return FacePicture(sample.time_s, face, apply(there, points))
