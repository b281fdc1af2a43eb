"""Everybody in front of one camera, and what those who have left had taught."""

import numpy as np

from engine.errors import LiveError
from engine.faces.track import REMEMBERED_S, TrackedFace
from engine.features.aligned_face import AlignedFace
from engine.recognition.live.classifier import LiveClassifier
from engine.recognition.live.person import Person
from engine.spiking.person_adapter import PersonAdapter

MOST_ASKED = 2
"""Faces that the model is asked about in a frame, besides newcomers; those asked longest ago come first."""
MOST_LEFT = 20  # adaptations of people who are gone


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
        self._left: dict[int, PersonAdapter] = {}

    def change_classifier(self, classifier: LiveClassifier, smooth_s: float) -> None:
        """Have something else answer from now on; what was taught goes where it names other expressions."""
        if classifier.labels != self.classifier.labels:
            self._left.clear()
        self.classifier, self._smooth_s = classifier, smooth_s
        for person in self._known.values():
            person.change_classifier(classifier, smooth_s)

    def see(self, face: TrackedFace, sample: AlignedFace, shape: tuple[int, ...]) -> Person:
        """Take a face in a frame of this shape, and return whose it is."""
        if face.person not in self._known:
            self._known[face.person] = Person(face.person, self.classifier, self._smooth_s)
        person = self._known[face.person]
        person.see(face, sample, shape)
        return person

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
                self._left[person.number] = person.taught.adapter
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
        return self._left[number] if number in self._left else self.find(number).taught.adapter
