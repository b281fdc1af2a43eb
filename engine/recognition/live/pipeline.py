"""A camera's frames in, states out."""

import threading
import time
from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np

from engine.faces.network import side_by_side
from engine.faces.track import TrackedFace, Tracker
from engine.features.aligned_face import align_face
from engine.recognition.analysis import Event
from engine.recognition.face_answers import Lesson
from engine.recognition.face_pictures import FacePicture
from engine.recognition.live.classifier import LiveClassifier, LiveSettings
from engine.recognition.live.events import EventStore, FaceBuffer, cut_out
from engine.recognition.live.people import People, Person
from engine.recognition.live.state import LiveState, Timeline
from engine.recognition.live.stream import StreamClock, stream_warnings
from engine.recognition.personal import PersonalAnswers
from engine.recognition.replay import AROUND_S, Replay, stabilised
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.simulation_trace import SimulationTrace

LOOK_S = 1.0  # between two looks for newcomers: half as often as in recordings, each costs as much as all else
MOST_SIDE = 960  # pixels; larger pictures are made smaller first


class LivePipeline:
    """Follows the faces of one camera; every method may be called from any thread.

    Parameters
    ----------
    settings
        What was chosen; the defaults for None.

    Raises
    ------
    ModelError, DataError, UserError
        For a choice that cannot be: see `engine.recognition.live.classifier.LiveClassifier`.
    """

    def __init__(self, settings: LiveSettings | None = None) -> None:
        self._lock = threading.RLock()
        self._settings = settings or LiveSettings()
        self._people = People(LiveClassifier(self._settings), self._settings.smooth_s)
        self._clock, self._tracker = StreamClock(), Tracker(LOOK_S, together=True)
        self._faces, self._events = FaceBuffer(), EventStore()
        self._size = (0, 0)  # width, height of the pictures that are worked on
        self._now_s = 0.0
        self._state = LiveState(phase="running")

    @property
    def state(self) -> LiveState:
        """What is known after the latest frame."""
        return self._state

    @property
    def settings(self) -> LiveSettings:
        """What was chosen."""
        return self._settings

    @property
    def classifier(self) -> LiveClassifier:
        """What names expressions."""
        return self._people.classifier

    @property
    def labels(self) -> tuple[str, ...]:
        """What may be answered, and taught."""
        return self.classifier.labels

    def see(self, picture: np.ndarray, time_s: float) -> LiveState:
        """Take the next frame.

        Parameters
        ----------
        picture
            (height, width, 3) uint8 RGB, upright, of any size; nothing of it is held but small faces.
        time_s
            The frame's own time in seconds. Where it is not after the one before, the frame is left out and counted;
            where times begin anew, ours go on.

        Raises
        ------
        ValueError
            If the array is no picture.
        """
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or 0 in picture.shape:
            raise ValueError(f"Expected (height, width, 3) uint8. Received {picture.shape} {picture.dtype}.")
        with self._lock:
            began = time.perf_counter()
            tick = self._clock.take(time_s)
            if tick is None:
                self._state = replace(self._state, out_of_order=self._state.out_of_order + 1)
                return self._state
            self._now_s = tick.time_s
            small = self._small(picture)
            if self._resized(small) or tick.broke_off:
                self._miss(self._people.unseen())
            seen = self._look(small, tick.time_s)
            # A look has cost as much as the model does.
            self._people.ask(seen, spare=self._tracker.looked)
            for person, events in zip(seen, side_by_side(lambda person: person.go_on(tick.step_s), seen), strict=True):
                self._hold(person, events)
            self._miss(self._people.unseen(tick.time_s))
            self._people.forget(tick.time_s)
            scale = picture.shape[1] / small.shape[1]
            self._state = replace(
                self._known(),
                frames=self._state.frames + 1,
                time_s=tick.time_s,
                size=picture.shape[1::-1],
                faces=tuple(person.shown(scale) for person in seen),
                fps=self._clock.fps,
                too_slow=self._clock.too_slow,
                warnings=stream_warnings(small, len(seen), self._clock),
                took_s=(took := time.perf_counter() - began),
                lag_s=took,
            )
            return self._state

    def rest(self) -> LiveState:
        """Tell that no frames come for now: what was not final becomes known."""
        with self._lock:
            self._miss(self._people.unseen(), at_once=True)
            self._state = replace(self._known(), faces=())
            return self._state

    def change(self, settings: LiveSettings) -> None:
        """Have faces answered for in another way from now on; people, events and what was taught stay.

        What was taught goes where the model names other expressions. Raises as the pipeline itself does, and nothing
        is changed then.
        """
        classifier = LiveClassifier(settings)
        with self._lock:
            self._settings = settings
            self._people.change_classifier(classifier, settings.smooth_s)

    def teach(self, person: int, expression: str) -> None:
        """Learn that what this person has held for the latest half second is this expression.

        Raises
        ------
        LiveError
            Where the person is not in sight, or the model does not know the expression.
        """
        with self._lock:
            self._people.find(person).teach(expression, self._now_s)

    def name_rest(self, person: int) -> None:
        """Take the face that this person has held for the latest half second for how it rests.

        Raises
        ------
        LiveError
            Where the person is not in sight, moves, or shows what the model surely calls an expression.
        """
        with self._lock:
            self._people.find(person).name_rest(self._now_s)

    def forget_rest(self, person: int) -> None:
        """Answer for this person without regard to how the face rests."""
        with self._lock:
            self._people.find(person).forget_rest()

    def undo(self, person: int) -> bool:
        """Take back the latest step of what this person has taught; tell whether there was one."""
        with self._lock:
            return self._people.find(person).taught.undo()

    def reset(self, person: int) -> None:
        """Forget what this person has taught; `undo` takes that back."""
        with self._lock:
            self._people.find(person).taught.reset()

    def adapt(self, person: int, personal: PersonAdapter) -> None:
        """Answer for this person by what was learnt before, here or elsewhere; `undo` takes that back.

        Raises
        ------
        LiveError
            Where the person is not known, or it was learnt of other expressions.
        """
        with self._lock:
            self._people.find(person).taught.adopt(personal)

    def adaptation(self, person: int) -> PersonAdapter:
        """Return what this person has taught, also after he or she has left; not to be changed.

        Raises
        ------
        LiveError
            Where the person is not known.
        """
        with self._lock:
            return self._people.adaptation(person)

    def lessons(self, person: int) -> tuple[Lesson, ...]:
        """Return the lessons that this person has given and not taken back, also after he or she has left.

        Raises
        ------
        LiveError
            Where the person is not known.
        """
        with self._lock:
            return self._people.lessons(person)

    def all_lessons(self) -> dict[int, tuple[Lesson, ...]]:
        """Return the lessons of everybody who has given any and not taken them back, by number."""
        with self._lock:
            return self._people.all_lessons()

    def answer_as(self, person: int, personal: PersonalAnswers | None) -> None:
        """Answer for this person, and nobody else, by what was learnt of him or her before; for None as for anybody.

        It ends where the face is out of sight for so long that it gets another number, and where another model answers.

        Raises
        ------
        UserError
            Where the person is not known, or it was learnt with another model.
        """
        with self._lock:
            self._people.find(person).answer_as(personal)

    def timeline(self, person: int) -> Timeline:
        """Return a person's probabilities of the latest 30 s; raises `LiveError` where the person is not known."""
        with self._lock:
            return self._people.find(person).recent.timeline()

    def spikes(self, person: int) -> SimulationTrace | None:
        """Return spikes, potentials and weights of the plastic head for about the latest second of a face.

        None for a model without a plastic head, and where the face has just come; raises `LiveError` where the person
        is not known.
        """
        with self._lock:
            spikes = self._people.find(person).spikes
            return None if spikes is None else spikes.trace()

    def replay(self, number: int) -> Replay:
        """Return the pictures of an event, the face held still.

        Raises
        ------
        LiveError
            Where it is not held, or its pictures had to make room.
        """
        with self._lock:
            faces, onset_s = self._events.faces(number)
        return stabilised(faces, onset_s)

    def keep(self, number: int) -> None:
        """Hold an event's pictures until it is discarded; raises `LiveError` where there is no room or no event."""
        with self._lock:
            self._events.keep(number)
            self._state = self._known()

    def discard(self, number: int) -> None:
        """Forget an event and its pictures."""
        with self._lock:
            self._events.discard(number)
            self._state = self._known()

    def _small(self, picture: np.ndarray) -> np.ndarray:
        share = MOST_SIDE / max(picture.shape[:2])
        if share >= 1:
            return picture
        height, width = (max(1, round(share * side)) for side in picture.shape[:2])
        return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)

    def _resized(self, picture: np.ndarray) -> bool:
        """Tell whether pictures have another size from this one on."""
        before, self._size = self._size, picture.shape[1::-1]
        if before in ((0, 0), self._size):
            return False
        self._tracker.resize(before, self._size)
        return True

    def _look(self, picture: np.ndarray, time_s: float) -> list[Person]:
        """Find everybody in a picture."""

        def see(face: TrackedFace) -> FacePicture:
            sample = align_face(picture, face.landmarks, time_s)
            self._people.find(face.person).see(face, sample, picture)
            return cut_out(picture, face.landmarks, sample)

        faces = self._tracker.update(picture, time_s)
        seen = [self._people.take(face.person) for face in faces]
        for person, cut in zip(seen, side_by_side(see, faces), strict=True):
            self._faces.push(person.number, cut)
        return seen

    def _miss(self, people: Iterable[Person], *, at_once: bool = False) -> None:
        for person in people:
            self._hold(person, person.miss(self._now_s, at_once=at_once))

    def _hold(self, person: Person, events: list[Event]) -> None:
        for event in events:
            start_s, end_s = event.onset_s - AROUND_S, event.offset_s + AROUND_S
            faces = self._faces.between(person.number, start_s, end_s)
            self._events.put(person.number, event, faces, person.asked_at(event.apex_s))

    def _known(self) -> LiveState:
        events = self._events
        return replace(self._state, events=events.all(), spotted=events.spotted)
