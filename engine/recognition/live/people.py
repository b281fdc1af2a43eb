"""Everybody in front of one camera: all that is known of each, and what those who have left had taught."""

from collections import deque
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import LiveError
from engine.faces import Check
from engine.faces.covering import covering
from engine.faces.quality import judge
from engine.faces.track import REMEMBERED_S, TrackedFace
from engine.features.aligned_face import AlignedFace
from engine.recognition.analysis import Event
from engine.recognition.event_classification import classify_event, model_crop, with_rest_taken_out
from engine.recognition.face_answers import FaceAnswers, Lesson, answers_at
from engine.recognition.live.classifier import LiveClassifier, PersonalClassifier
from engine.recognition.live.events import COARSE_S, FINE_S
from engine.recognition.live.long_events import LongExpressions
from engine.recognition.live.plastic import LiveSpikes, UndoableAdapter
from engine.recognition.live.state import LiveFace, TimelineBuffer
from engine.recognition.personal import PersonalAnswers
from engine.recognition.resting_face import HELD_S, RestingFace, checked_rest
from engine.recognition.spotting import BUFFER_S, EventWithFaces, Shown, Spotter
from engine.recognition.spotting.gaps import APART_S
from engine.recognition.unit_track import RecentUnits
from engine.recognition.video.both_witnesses import shown_by
from engine.recognition.video.track_builder import ASK_S
from engine.recognition.video.warnings import FAINT_PX
from engine.spiking.person_adapter import PersonAdapter

CHECK_S = 0.25  # between two measurements of the picture's quality
MOST_ASKED = 2
"""Faces that the model is asked about in a frame, besides newcomers; those asked longest ago come first."""
MOST_LEFT = 20  # adaptations of people who are gone


class Person:
    """One person; frames are given one after the other.

    Parameters
    ----------
    number
        The tracker's.
    classifier
        What names expressions.
    smooth_s
        See `engine.recognition.live.classifier.LiveSettings`.

    Attributes
    ----------
    answered_s
        Time of the latest frame that was answered for.
    seen_s
        Time of the latest frame in which the face was seen.
    """

    def __init__(self, number: int, classifier: LiveClassifier, smooth_s: float) -> None:
        self.number = number
        self.seen_s = -np.inf
        self.labels: tuple[str, ...] = ()
        self._classifier_name = ""
        self._named_rest: NDArray | None = None
        self._plain_rest: RestingFace | None = None
        self._personal: PersonalAnswers | None = None
        self._recent: deque[FaceAnswers] = deque()
        self._spotter, self._away, self._over = Spotter(remember=False), False, False
        self._long, self._told_s = LongExpressions(), -np.inf
        self._units = RecentUnits(BUFFER_S)
        self._checked_s = -np.inf
        self._warnings: tuple[Check, ...] = ()
        self._readable = True
        self.change_classifier(classifier, smooth_s)

    def change_classifier(self, classifier: LiveClassifier, smooth_s: float) -> None:
        """Have something else answer from now on; what was taught stays where the expressions are the same."""
        if classifier.name != self._classifier_name:
            # How a face rests is known by what one model says of it.
            self._classifier_name, self._named_rest, self._long = classifier.name, None, LongExpressions()
            self._plain_rest = None
            self._recent.clear()
        self._classifier, self._smooth_s = classifier, smooth_s
        if self.labels != classifier.labels:
            self.labels = classifier.labels
            self.taught = UndoableAdapter(len(self.labels))
            self._named_rest = None
            self.recent = TimelineBuffer(self.labels)
        self._crop_size = classifier.crop_size
        self.spikes = None if classifier.readout is None else LiveSpikes(classifier.readout, classifier.labels)
        self.answered_s = -np.inf
        self._smoothed: NDArray | None = None
        self._held: deque[tuple[float, NDArray, NDArray]] = deque()
        if self._personal is not None and not fits(self._personal, classifier):
            self._personal = None

    def see(self, face: TrackedFace, sample: AlignedFace, picture: np.ndarray) -> None:
        """Take the face in a frame."""
        self._away = False
        self.seen_s, self._face, self._sample = sample.time_s, face, sample
        self.crop = model_crop(sample, self._crop_size)
        if sample.time_s - self._checked_s >= CHECK_S:
            self._checked_s = sample.time_s
            covered = covering(picture, face.landmarks.points).regions
            height, width = picture.shape[:2]
            quality = judge(face.box[2], face.landmarks, model_crop(sample), height, width, covered)
            self._warnings, self._readable = quality.checks, not quality.unreadable
            if face.box[2] < FAINT_PX and all(check.name != "small" for check in self._warnings):
                words = f"micro-expressions are seen well from about {FAINT_PX} on. Move closer to the camera."
                self._warnings += (Check("faint", f"The face is {face.box[2]:.0f} pixels wide; {words}"),)
        self._units.push(face.box[2], sample, readable=self._readable)

    @property
    def unanswered(self) -> bool:
        """Whether nothing has been answered since the face came into sight."""
        return self._smoothed is None

    def take_answer(self, named: NDArray, embedding: NDArray | None) -> None:
        """Take what was answered for the face in the latest frame."""
        step_s = self.seen_s - self.answered_s
        self._remember(named, embedding)
        plain, named = named, self._personally(named[np.newaxis], _batch(embedding))[0]
        self.answered_s, self._named, self._embedding = self.seen_s, plain, embedding
        self._held.append((self.seen_s, named, plain))
        while self._held[0][0] < self.seen_s - HELD_S:
            self._held.popleft()
        if self.seen_s - self._told_s >= 0.9 * ASK_S:  # as often as in a recording
            self._told_s = self.seen_s
            shown = shown_by(named, self._classifier)
            self._spotter.tell(self.seen_s, shown)
            if shown == Shown.NEUTRAL:
                self._units.rests()
        rest, self._said = self.rest, self.taught.adapter.answers(named[np.newaxis])[0]
        if rest is not None:
            self._said = rest.taken_out(self._said[np.newaxis])[0]
        if self._readable:
            self._long.push(self.seen_s, self._said)
        share = 1.0 if self._smoothed is None or not self._smooth_s else -np.expm1(-step_s / self._smooth_s)
        before = self._said if self._smoothed is None else self._smoothed
        self._smoothed = (before + share * (self._said - before)).astype(np.float32)
        self.recent.push(self.seen_s, self._said, self._smoothed)

    def go_on(self, step_s: float) -> list[Event]:
        """Let the spikes go on for the time since the frame before; return the events that have become known by now."""
        if self.spikes is not None and self._embedding is not None:
            self.spikes.advance(self._embedding, step_s)
        moved = self._events(self._spotter.push(self._sample))
        if not self._readable:
            # What is covered shows nothing that could be said: an expression that was there is seen no longer.
            long, self._long = self._long, LongExpressions()
            hidden = [replace(event, decided=False) for event in moved]
            return self._with_units(long.end(hidden, self._classifier, self.rest))
        return self._with_units(self._long.spot(self.seen_s, moved, self._classifier, self.rest))

    def miss(self, tick_s: float, *, at_once: bool = False) -> list[Event]:
        """Tell that the face is out of sight, or that frames are missing, and return what has become final by that.

        An expression goes on where the face is back within a blink, unless it is to be told of ``at_once``.
        """
        found: list[Event] = []
        if not self._away:
            self._away, self._over, self._smoothed = True, False, None
            self._held.clear()
            self.recent.gap(tick_s)
            if self.spikes is not None:
                self.spikes.rest()
            found = self._long.spot(self.seen_s, self._events(self._spotter.gap()), self._classifier, self.rest)
        if not self._over and (at_once or tick_s - self.seen_s > APART_S):
            self._over, long, self._long = True, self._long, LongExpressions()
            found += long.end([], self._classifier, self.rest)
        return self._with_units(found)

    @property
    def rest(self) -> RestingFace | None:
        """The face that was named as this person's rest, as it is answered for now; None for none."""
        if self._named_rest is None:
            return None
        return RestingFace.of(self.labels, self.taught.adapter.answers(self._named_rest), HELD_S, named=True)

    def name_rest(self, now_s: float) -> None:
        """Take the face held for the latest half second for this person's rest.

        Raises
        ------
        LiveError
            Where the face is not in sight, moves, or shows what the model surely calls an expression.
        """
        self._named_rest = checked_rest(self.labels, self._held_rows(now_s))
        self._units.name_rest(now_s - HELD_S)
        self._plain_rest = RestingFace.of(self.labels, np.stack([row for *_, row in self._held]), HELD_S, named=True)
        self._long = LongExpressions()

    def forget_rest(self) -> None:
        """Answer for this person as for anybody again."""
        self._named_rest, self._plain_rest, self._long = None, None, LongExpressions()
        self._units.forget_rest()

    def answer_as(self, personal: PersonalAnswers | None) -> None:
        """Answer for this person by what was learnt of him or her before, or, for None, as for anybody.

        Raises
        ------
        UserError
            Where something else answers here than what it was learnt with.
        """
        if personal is not None:
            personal.check(self._classifier.name, self._classifier.version)
            if not fits(personal, self._classifier):
                raise LiveError(
                    "The adaptation was learnt with the model’s own answer, here its plastic head answers.",
                    "Have the model itself answer.",
                )
        self._personal, self._long = personal, LongExpressions()
        self._held.clear()

    def asked_at(self, time_s: float) -> FaceAnswers | None:
        """Return what the model said of the face at a moment; None where that is not held, or it tells no embedding."""
        return next((each for each in reversed(self._recent) if each.near(time_s) is not None), None)

    def teach(self, expression: str, now_s: float) -> None:
        """Learn that the expression held for the latest `HELD_S` is this one.

        Raises
        ------
        LiveError
            Where the face is not in sight, or there is no such expression.
        """
        if expression not in self.labels:
            raise LiveError(f"There is no expression {expression!r} here.", f"There are {', '.join(self.labels)}.")
        held, face = self._held_rows(now_s), self.asked_at(now_s)
        lesson = None if face is None else Lesson(expression, face, self._plain_rest)
        self.taught.learn(held, self.labels.index(expression), lesson)

    def _held_rows(self, now_s: float) -> NDArray:
        if not self._held or now_s > self.seen_s:
            raise LiveError(f"Person {self.number} is not in sight.", "Look at the camera and hold the expression.")
        return np.stack([named for _, named, _ in self._held])

    def _remember(self, named: NDArray, embedding: NDArray | None) -> None:
        classifier, now_s = self._classifier, self.seen_s
        if embedding is None or classifier.plastic:
            return
        if not self._recent or now_s - self._recent[-1].time_s[0] >= 0.9 * ASK_S:
            self._recent.append(answers_at(classifier, [now_s], named[np.newaxis], embedding[np.newaxis]))
        while self._recent[0].time_s[0] < now_s - FINE_S - COARSE_S:
            self._recent.popleft()

    def _personally(self, named: NDArray, embeddings: NDArray | None) -> NDArray:
        if self._personal is None or embeddings is None:
            return named
        return self._personal.answers(named, embeddings)

    def _meant(self, named: NDArray, embeddings: NDArray | None) -> NDArray:
        return self.taught.adapter.answers(self._personally(named, embeddings))

    def shown(self, scale: float) -> LiveFace:
        """Return what is known, in pixels of which the frame has so many for one of those it was read in."""
        assert self._smoothed is not None  # every face is answered for in the frame in which it comes into sight
        smoothed, personal = self._plain(self._smoothed), self.taught.adapter
        x, y, width, height = (scale * side for side in self._face.box)
        yaw, pitch, roll = map(float, self._sample.pose_deg)
        best = max(smoothed, key=smoothed.__getitem__)
        moved, units_rested = self._units.now()
        said = None if self.spikes is None else personal.answers(self.spikes.probabilities()[np.newaxis])[0]
        return LiveFace(
            person=self.number,
            box=(x, y, width, height),
            pose_deg=(yaw, pitch, roll),
            eyes_open=self._sample.eyes_open,
            expression=best,
            decided=self._readable and smoothed[best] >= self._classifier.thresholds[best],
            named=self._plain(self._named),
            probabilities=self._plain(self._said),
            smoothed=smoothed,
            spiking=None if said is None else self._plain(said),
            answered_s=self.answered_s,
            corrections=personal.corrections,
            rest_named=self._named_rest is not None,
            warnings=self._warnings,
            moved=moved,
            units_rested=units_rested,
            personal=None if self._personal is None else self._personal.person,
        )

    def _events(self, spotted: list[EventWithFaces]) -> list[Event]:
        classifier, rest = PersonalClassifier(self._classifier, self._meant), self.rest
        # What is only the end of an event was told with its beginning, before the face was lost.
        found = [classify_event(*each, classifier) for each in spotted if each[0].onset_seen]
        return found if rest is None else [with_rest_taken_out(event, classifier, rest) for event in found]

    def _with_units(self, events: list[Event]) -> list[Event]:
        return [replace(event, moved=self._units.moved_in(event)) for event in events]

    def _plain(self, row: NDArray) -> dict[str, float]:
        return dict(zip(self.labels, map(float, row), strict=True))


class People:
    """Knows everybody by the tracker's number.

    Parameters
    ----------
    classifier
        What names expressions.
    smooth_s
        See `engine.recognition.live.classifier.LiveSettings`.

    Attributes
    ----------
    classifier
        What names expressions now.
    """

    def __init__(self, classifier: LiveClassifier, smooth_s: float) -> None:
        self.classifier, self._smooth_s = classifier, smooth_s
        self._known: dict[int, Person] = {}
        self._left: dict[int, UndoableAdapter] = {}

    def change_classifier(self, classifier: LiveClassifier, smooth_s: float) -> None:
        """Have something else answer from now on; what was taught goes where it names other expressions."""
        if classifier.labels != self.classifier.labels:
            self._left.clear()
        self.classifier, self._smooth_s = classifier, smooth_s
        for person in self._known.values():
            person.change_classifier(classifier, smooth_s)

    def take(self, number: int) -> Person:
        """Return the person of a number; somebody new where it is not known."""
        if number not in self._known:
            self._known[number] = Person(number, self.classifier, self._smooth_s)
        return self._known[number]

    def ask(self, seen: list[Person], spare: bool) -> None:
        """Ask the model about some of the faces in a frame, all at once; only about newcomers where it is spared."""
        asked = [person for person in seen if person.unanswered]
        if not spare:
            others = sorted((person for person in seen if not person.unanswered), key=lambda person: person.answered_s)
            asked += others[: max(0, MOST_ASKED - len(asked))]
        if not asked:
            return
        named, embeddings = self.classifier.answers(np.stack([person.crop for person in asked]))
        for at, person in enumerate(asked):
            person.take_answer(named[at], None if embeddings is None else embeddings[at])

    def unseen(self, since_s: float = np.inf) -> list[Person]:
        """Return those who have not been seen since; everybody for no time."""
        return [person for person in self._known.values() if person.seen_s < since_s]

    def forget(self, now_s: float) -> None:
        """Let go of those who have been out of sight for so long that they would get a new number."""
        for person in self.unseen(now_s - REMEMBERED_S):
            del self._known[person.number]
            if person.taught.adapter.corrections:
                self._left[person.number] = person.taught
                while len(self._left) > MOST_LEFT:
                    del self._left[min(self._left)]

    def find(self, number: int) -> Person:
        """Return a person.

        Raises
        ------
        LiveError
            For nobody.
        """
        if number not in self._known:
            raise LiveError(f"Person {number} is not known here, or no longer.", "Choose somebody who is in sight.")
        return self._known[number]

    def adaptation(self, number: int) -> PersonAdapter:
        """Return what somebody has taught, also after having left; raises as `find` does."""
        return self._taught(number).adapter

    def lessons(self, number: int) -> tuple[Lesson, ...]:
        """Return the lessons that somebody has given, also after having left; raises as `find` does."""
        return self._taught(number).lessons

    def all_lessons(self) -> dict[int, tuple[Lesson, ...]]:
        """Return the lessons of everybody who has given any, by number."""
        taught = {number: person.taught for number, person in self._known.items()} | self._left
        return {number: each.lessons for number, each in sorted(taught.items()) if each.lessons}

    def _taught(self, number: int) -> UndoableAdapter:
        return self._left[number] if number in self._left else self.find(number).taught


def fits(personal: PersonalAnswers, classifier: LiveClassifier) -> bool:
    """Tell whether what was learnt of a person is of what answers here."""
    return (personal.model, personal.version, False) == (classifier.name, classifier.version, classifier.plastic)


def _batch(embedding: NDArray | None) -> NDArray | None:
    return None if embedding is None else embedding[np.newaxis]
