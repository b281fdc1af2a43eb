"""Faces of the latest seconds, and events with theirs until a user saves or discards them, in bounded memory."""

from collections import OrderedDict, deque
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engine import settings
from engine.errors import LiveError
from engine.faces.align import ANCHORS, similarity
from engine.faces.landmarks import Landmarks
from engine.faces.sampling import REPLICATE, invert_transform, transform_points, warp_square
from engine.features.aligned_face import ALIGNED_FACE_PX, AlignedFace
from engine.recognition.analysis import Event
from engine.recognition.face_answers import FaceAnswers
from engine.recognition.face_pictures import FacePicture

SIDE = 144
"""Pixels of a side: the outer corners of the eyes are about 58 apart."""
FINE_S = 6.0
"""Of so many latest seconds every face is held: of the longest micro-expression, and of the time that
`engine.recognition.spotting` lets pass before it calls one final ..."""
COARSE_S, EVERY_S = 18.0, 0.09
"""... and of so many one in each of these intervals: enough for an expression that lasts long."""
_SHARE = 0.92  # of the picture's side that a replay shows: it may still move the face a little
MOST_PICTURES = 60
"""Of one event; of a longer one every second, third ... face is held."""


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

    def push(self, person: int, face: FacePicture) -> None:
        """Keep one face of a frame; see `cut_out`."""
        self._fine.append((person, face))
        self._bytes += size_of(face)
        while self._fine[0][1].time_s < face.time_s - FINE_S:
            self._thin(*self._fine.popleft())
        while self._coarse and self._coarse[0][1].time_s < face.time_s - COARSE_S:
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


def cut_out(picture: np.ndarray, landmarks: Landmarks, sample: AlignedFace) -> FacePicture:
    """Return one face of a frame, (height, width, 3) uint8 RGB, as a replay shows it; its sample is at hand."""
    points = landmarks.points[:, :2].astype(np.float64)
    # The sample lies in its frame as a replay does, only tighter.
    framed = similarity(points[ANCHORS], sample.points[ANCHORS].astype(np.float64))
    there = framed * _SHARE
    there[:, 2] += (1 - _SHARE) / 2 * ALIGNED_FACE_PX
    there *= SIDE / ALIGNED_FACE_PX
    face = warp_square(picture, invert_transform(there), SIDE, REPLICATE, interpolation=cv2.INTER_LINEAR)
    return FacePicture(sample.time_s, face, transform_points(there, points).astype(np.float32))


@dataclass(frozen=True)
class LiveEvent:
    """One expression that came and went.

    Attributes
    ----------
    number
        What it is asked for by; from 1, in the order in which events became known.
    person
        Whose it is.
    event
        What was spotted, with times in seconds from the first frame.
    pictures
        Of how many frames there are faces for a replay; 0 where they had to make room.
    whole
        Whether the replay begins before the onset.
    kept
        Whether a user has asked for it to be kept.
    asked
        What the model said of the face at the apex, with its embedding; None where it tells none.
    """

    number: int
    person: int
    event: Event
    pictures: int
    whole: bool
    kept: bool = False
    asked: FaceAnswers | None = None


class EventStore:
    """Holds events.

    Parameters
    ----------
    most
        How many; the oldest that nobody keeps goes first.
    most_bytes
        Of the faces of all that nobody keeps; where there is no room the oldest one loses its faces.
    kept_bytes
        Of the faces of all that a user keeps.

    Attributes
    ----------
    spotted
        How many there have been.
    lost
        How many lost their faces.
    """

    def __init__(
        self,
        most: int = settings.LIVE_EVENTS_MAX,
        most_bytes: int = settings.LIVE_EVENT_BYTES,
        kept_bytes: int = settings.LIVE_KEPT_BYTES,
    ) -> None:
        self._most, self._most_bytes, self._kept_bytes = most, most_bytes, kept_bytes
        self._held: OrderedDict[int, LiveEvent] = OrderedDict()
        self._faces: dict[int, list[FacePicture]] = {}
        self.spotted, self.lost = 0, 0

    def put(self, person: int, event: Event, faces: list[FacePicture], asked: FaceAnswers | None = None) -> None:
        """Hold an event that has become known, with the faces that are at hand, and the numbers of that at its apex."""
        self.spotted += 1
        faces = faces[:: max(1, -(-len(faces) // MOST_PICTURES))]
        whole = bool(faces) and faces[0].time_s < event.onset_s
        self._held[self.spotted] = LiveEvent(self.spotted, person, event, len(faces), whole, asked=asked)
        self._faces[self.spotted] = faces
        self._make_room()

    def all(self) -> tuple[LiveEvent, ...]:
        """Return the events that are held, in the order in which they became known."""
        return tuple(self._held.values())

    def keep(self, number: int) -> None:
        """Never drop this one to make room for others.

        Raises
        ------
        LiveError
            Where it is not held, or what is kept already leaves no room for it.
        """
        event = self._find(number)
        kept = self._numbers(kept=True)
        if not event.kept and (len(kept) + 1 >= self._most or self._bytes([*kept, number]) > self._kept_bytes):
            raise LiveError(
                f"There is no room to keep event {number}: {len(kept)} are kept already.",
                "Save some of them as files and discard them here.",
            )
        self._held[number] = replace(event, kept=True)

    def discard(self, number: int) -> None:
        """Forget an event and its faces; nothing where it is not held."""
        self._held.pop(number, None)
        self._faces.pop(number, None)

    def faces(self, number: int) -> tuple[list[FacePicture], float]:
        """Return the faces of an event, in order, and its onset in seconds.

        Raises
        ------
        LiveError
            Where it is not held, or its faces had to make room.
        """
        onset_s, faces = self._find(number).event.onset_s, self._faces[number]
        if not faces:
            raise LiveError(
                f"The pictures of event {number} are no longer held.",
                "Keep an event soon after it was spotted, and discard others.",
            )
        return faces, onset_s

    def _find(self, number: int) -> LiveEvent:
        if number not in self._held:
            raise LiveError(f"Event {number} is not held.", "Choose one of those that are listed.")
        return self._held[number]

    def _numbers(self, *, kept: bool) -> list[int]:
        return [number for number, event in self._held.items() if event.kept == kept]

    def _bytes(self, numbers: list[int]) -> int:
        return sum(size_of(face) for number in numbers for face in self._faces[number])

    def _make_room(self) -> None:
        free = self._numbers(kept=False)
        while free and (len(self._held) > self._most or self._bytes(free) > self._most_bytes):
            oldest = free.pop(0)
            if self._faces[oldest]:
                self.lost += 1
                self._faces[oldest] = []
                self._held[oldest] = replace(self._held[oldest], pictures=0, whole=False)
            if len(self._held) > self._most:
                self.discard(oldest)
