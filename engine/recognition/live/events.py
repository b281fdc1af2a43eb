"""Events with their seconds of faces, held until a user saves or discards them, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from engine import settings
from engine.errors import LiveError
from engine.recognition.analysis import Event
from engine.recognition.face_pictures import FacePicture
from engine.recognition.live.faces import size_of

MOST_PICTURES = 60
"""Of one event; of a longer one every second, third ... face is held."""


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
    """

    number: int
    person: int
    event: Event
    pictures: int
    whole: bool
    kept: bool = False


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

    def put(self, person: int, event: Event, faces: list[FacePicture]) -> None:
        """Hold an event that has become known, with the faces that are at hand."""
        self.spotted += 1
        faces = faces[:: max(1, -(-len(faces) // MOST_PICTURES))]
        whole = bool(faces) and faces[0].time_s < event.onset_s
        self._held[self.spotted] = LiveEvent(self.spotted, person, event, len(faces), whole)
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
