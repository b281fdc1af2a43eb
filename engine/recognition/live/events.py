"""Events with their seconds of faces, held until a user saves or discards them, in bounded memory."""

from collections import OrderedDict
from dataclasses import dataclass, replace

from engine import settings
from engine.errors import LiveError
from engine.recognition.analysis import Event
from engine.recognition.event_frames import FacePicture
from engine.recognition.live.faces import size_of
from engine.recognition.replay import MOST


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


class Events:
    """Holds events.

    Parameters
    ----------
    most
        How many; the oldest that nobody keeps goes first.
    most_bytes
        Of all their faces together. Where there is no room the oldest event that nobody keeps loses its faces.

    Attributes
    ----------
    spotted
        How many there have been.
    lost
        How many lost their faces.
    """

    def __init__(self, most: int = settings.LIVE_EVENTS_MAX, most_bytes: int = settings.LIVE_EVENT_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._held: OrderedDict[int, LiveEvent] = OrderedDict()
        self._faces: dict[int, list[FacePicture]] = {}
        self.spotted, self.lost = 0, 0

    def put(self, person: int, event: Event, faces: list[FacePicture]) -> None:
        """Hold an event that has become known, with the faces that are at hand."""
        self.spotted += 1
        faces = faces[:: max(1, -(-len(faces) // MOST))]
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
        kept = [each.number for each in self._held.values() if each.kept]
        if not event.kept and (len(kept) + 1 >= self._most or self._bytes([*kept, number]) > self._most_bytes / 2):
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

    def _bytes(self, numbers: list[int]) -> int:
        return sum(size_of(face) for number in numbers for face in self._faces[number])

    def _make_room(self) -> None:
        for number in [each.number for each in self._held.values() if not each.kept]:
            crowded = len(self._held) > self._most
            if not crowded and self._bytes(list(self._held)) <= self._most_bytes:
                return
            if self._faces[number]:
                self.lost += 1
                self._faces[number] = []
                self._held[number] = replace(self._held[number], pictures=0, whole=False)
            if crowded:
                self.discard(number)
