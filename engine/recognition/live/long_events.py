"""Long expressions in front of a camera, while frames come in; see `engine.recognition.spotting.long_expressions`."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from engine.emotions import NEUTRAL
from engine.recognition.analysis import Event
from engine.recognition.prediction import Classifier
from engine.recognition.resting_face import LEAST_S, RestingFace
from engine.recognition.spotting import BUFFER_S
from engine.recognition.spotting.long_expressions import Answers, bring_together, long_expressions

_EVERY_S = 0.09  # between two answers that are held ...
_COARSE_S = 1.0  # ... and where they are older than what motion looks back upon
_MOST = 2000  # answers that are held: half an hour
_LOOK_S = 1.0  # how often they are looked through
_SETTLED_S = 3.5  # what ended so long ago will not change any more, by either witness


class LongExpressions:
    """Holds what is answered for one face, and brings it together with the events that motion tells."""

    def __init__(self) -> None:
        self._rows: deque[tuple[float, NDArray]] = deque()
        self._coarse: deque[tuple[float, NDArray]] = deque(maxlen=_MOST)
        self._moved: list[Event] = []
        self._begin_s, self._looked_s, self._told_s = np.inf, -np.inf, -np.inf

    def push(self, time_s: float, row: NDArray) -> None:
        """Take what was answered for a frame, (labels,) probabilities."""
        self._begin_s = min(self._begin_s, time_s)
        if self._rows and time_s - self._rows[-1][0] < _EVERY_S:
            return
        self._rows.append((time_s, row))
        while self._rows[0][0] < time_s - BUFFER_S:
            old = self._rows.popleft()
            if not self._coarse or old[0] - self._coarse[-1][0] >= _COARSE_S:
                self._coarse.append(old)

    def spot(self, time_s: float, moved: list[Event], classifier: Classifier, rest: RestingFace | None) -> list[Event]:
        """Return the events that have become known by a frame, in order.

        Parameters
        ----------
        time_s
            Of the frame.
        moved
            What motion told of by it, named.
        classifier
            What answered.
        rest
            The resting face that was taken out of the answers; None for none.
        """
        self._moved += moved
        if not moved and time_s - self._looked_s < _LOOK_S:
            return []
        self._looked_s = time_s
        return self._known(time_s - _SETTLED_S, self._shown(classifier, rest), classifier)

    def end(self, moved: list[Event], classifier: Classifier, rest: RestingFace | None) -> list[Event]:
        """Tell that the face is out of sight, and return what was not final yet; nothing is asked of it after that."""
        self._moved += moved
        return self._known(np.inf, self._shown(classifier, rest), classifier)

    def _shown(self, classifier: Classifier, rest: RestingFace | None) -> list[Event]:
        held = [*self._coarse, *self._rows]
        if len(held) < 2:
            return []
        time_s, rows = np.array([each[0] for each in held]), np.stack([each[1] for each in held])
        begin_s, end_s = min(self._begin_s, float(time_s[0])), float(time_s[-1])
        answers = Answers(time_s, rows, classifier.labels, classifier.thresholds, begin_s, end_s, classifier.name, rest)
        return long_expressions(answers)

    def _known(self, until_s: float, shown: list[Event], classifier: Classifier) -> list[Event]:
        final = [event for event in shown if until_s == np.inf or (event.end_seen and event.offset_s <= until_s)]
        going_on = [event for event in shown if event not in final]
        # Motion within what still goes on may be a part of it: who it belongs to is known once that is over.
        waiting = [each for each in self._moved if len(bring_together([each], going_on, rested=True)) == len(going_on)]
        waiting = waiting if going_on else []
        free = [each for each in self._moved if each not in waiting]
        self._moved = waiting
        found = bring_together(free, final, rested=self._rested(classifier))
        new = [event for event in found if event.onset_s > self._told_s or event in free]
        self._told_s = max([self._told_s, *(event.onset_s for event in final)])
        return new

    def _rested(self, classifier: Classifier) -> bool:
        """Tell whether motion is measured from a face that was called neutral, as `Spotter` does."""
        neutral = classifier.labels.index(NEUTRAL) if NEUTRAL in classifier.labels else -1
        return sum(int(row.argmax()) == neutral for _, row in self._rows) * _EVERY_S >= LEAST_S
