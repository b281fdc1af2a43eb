"""Networks that learn a little at a time, so that somebody can watch."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.datasets.crops import face_crops
from engine.datasets.face_set import FaceSet
from engine.datasets.parts import meaning
from engine.datasets.splits import hold_out
from engine.errors import DataError
from engine.spiking.competitive import CompetitiveLayer, CompetitiveSettings, OutputLabels
from engine.spiking.encoding import OnOff
from engine.spiking.readout import Readout, ReadoutSettings
from engine.spiking.simulation_trace import SimulationTrace, record_trace
from engine.spiking.stimuli import CLASSES, Stimulus, digits, features_of

LEAST_FACES = 40
"""Pictures of each expression that a set must have."""
_FACES = 300
"""Pictures of each expression that are used, a fifth of them held out."""
_EPOCHS = 8
"""How often each face is shown: enough to see the weights settle, and over while one watches."""
_MOST_PAUSE_S = 2.0


class OnlineLearner(ABC):
    """Learns in slices of time.

    Attributes
    ----------
    kind
        ``"face"`` or ``"digit"``: what it learns from.
    answers
        What it may answer.
    done, total, words
        How far the present step is, and what it is.
    learnt, to_learn
        From how many pictures it has learnt, and from how many it will.
    accuracy
        After how many pictures which share of the held-out ones was answered rightly, 0..1.
    training, held_out
        How many pictures are on each side.
    last
        The picture that it learnt from last, (height, width) uint8, and its label; None before the first one.
    seconds
        That it has been at work.
    finished
        Whether there is nothing left to learn.
    copies_known
        Whether it is known which pictures belong together, so that none of them stands on both sides.
    """

    kind: str
    answers: tuple[str, ...]

    def __init__(self) -> None:
        self.done, self.total, self.words = 0, 0, "starting"
        self.learnt, self.to_learn = 0, 0
        self.accuracy: list[tuple[int, float]] = []
        self.training, self.held_out = 0, 0
        self.last: tuple[NDArray[np.uint8], str] | None = None
        self.seconds, self.finished, self.copies_known = 0.0, False, True
        self._ended: float | None = None
        self._work, self._lock = self._steps(), threading.Lock()

    def advance(self, seconds: float, most: int | None = None) -> None:
        """Go on for about so long, at least by one picture.

        Parameters
        ----------
        seconds
            After which to stop.
        most
            Pictures to learn from before that; any number for None.

        Raises
        ------
        DataError
            Where the pictures cannot be learnt from.
        """
        # A page that is drawn anew may ask while its last drawing is not over.
        with self._lock:
            began = time.monotonic()
            # What passed since the last slice counts for the time left, a pause does not.
            self.seconds += min(began - self._ended, _MOST_PAUSE_S) if self._ended is not None else 0.0
            enough = np.inf if most is None else self.learnt + most
            while not self.finished and self.learnt < enough:
                if next(self._work, self) is self:
                    self.finished = True
                if time.monotonic() - began >= seconds:
                    break
            self._ended = time.monotonic()
            self.seconds += self._ended - began

    def trace(self, stimulus: Stimulus) -> SimulationTrace:
        """Show a picture of its kind to a network that is `ready`; nothing is learnt."""
        with self._lock:
            return self._trace(stimulus)

    @property
    def ready(self) -> bool:
        """Whether there is a network yet, so that a picture can be shown to it."""
        return self.learnt > 0

    @property
    @abstractmethod
    def weights(self) -> NDArray | None:
        """(inputs, outputs), as they are now; None before there are any."""

    @abstractmethod
    def _trace(self, stimulus: Stimulus) -> SimulationTrace: ...

    @abstractmethod
    def _steps(self) -> Iterator[None]:
        """Yield after each picture."""

    def _begin(self, total: int, words: str) -> None:
        self.done, self.total, self.words = 0, total, words
        self.seconds, self._ended = 0.0, None


class FaceLearner(OnlineLearner):
    """Happy, neutral or surprise, learnt from labelled faces by three factors.

    Parameters
    ----------
    faces
        Any pictures with these labels; only those of a training part are used where the set has one.
    seed
        Of the drawing, the division and the order.

    Raises
    ------
    DataError
        For too few pictures of one of the expressions.
    """

    kind, answers = "face", CLASSES

    def __init__(self, faces: FaceSet, seed: int = 0) -> None:
        self._faces, self._random = faces, np.random.default_rng(seed)
        self._rows = self._sampled_rows()
        self._fold = hold_out(faces, self._rows, 0.2, seed)
        self._readout: Readout | None = None
        super().__init__()
        self.copies_known = faces.group is not None or faces.subject is not None

    @property
    def weights(self) -> NDArray | None:
        """(inputs, 3), as they are now; None before there are any."""
        return None if self._readout is None else self._readout.network.weights

    def _trace(self, stimulus: Stimulus) -> SimulationTrace:
        readout = self._readout
        assert readout is not None, "nothing is shown to a network that is not ready"
        return record_trace(
            readout.network, readout.spikes(stimulus.features), CLASSES, "face", drive_mv=readout.settings.current_mv
        )

    def _sampled_rows(self) -> NDArray[np.int64]:
        faces, split = self._faces, self._faces.split
        part = None if split is None else next(iter(meaning(np.unique(split).tolist(), "training")), None)
        rows = faces.rows_of(part)
        drawn = []
        for label in CLASSES:
            of_class = rows[faces.labels[rows] == label]
            if len(of_class) < LEAST_FACES:
                raise DataError(
                    f"{faces.name} has {len(of_class)} pictures of {label} to learn from.",
                    f"Choose a set with at least {LEAST_FACES} of happy, neutral and surprise each.",
                )
            drawn.append(self._random.permutation(of_class)[:_FACES])
        return np.concatenate(drawn)

    def _steps(self) -> Iterator[None]:
        crops, features, labels, sides = [], [], [], []
        self._begin(len(self._rows), "Turning faces into spikes")
        held_out = np.isin(np.arange(len(self._rows)), self._fold.held_out)
        for at, row in enumerate(self._rows):
            crop, kept, _ = face_crops(self._faces.pictures, np.array([row]))
            if len(kept):
                crops.append(crop[0])
                features.append(features_of(crop)[0])
                labels.append(CLASSES.index(self._faces.labels[row]))
                sides.append(held_out[at])
            self.done += 1
            yield
        # Its pictures may be many.
        del self._faces
        trains, tests = np.flatnonzero(~np.array(sides, bool)), np.flatnonzero(np.array(sides, bool))
        self.training, self.held_out = len(trains), len(tests)
        if not (len(trains) and len(tests)):
            raise DataError("Hardly any face was found in these pictures.", "Choose a set of faces.")
        energies, truth = np.array(features, np.float64), np.array(labels)
        settings = ReadoutSettings(epochs=_EPOCHS)
        encoder = OnOff.of(energies[trains], settings.most_deviations, settings.thresholds)
        self._readout = readout = Readout(encoder, len(CLASSES), settings)
        epochs = settings.epochs
        self.to_learn = epochs * len(trains)
        self._begin(self.to_learn, "Learning from spikes")
        yield from self._evaluate(readout, energies[tests], truth[tests])
        for _ in range(epochs):
            for at in trains[self._random.permutation(len(trains))]:
                share = 1 - self.learnt / self.to_learn
                readout.learn(energies[at], np.eye(len(CLASSES))[truth[at]], share)
                self.last = crops[at], CLASSES[truth[at]]
                self.learnt = self.done = self.learnt + 1
                yield
                if self.learnt % max(1, len(trains) // 2) == 0:
                    yield from self._evaluate(readout, energies[tests], truth[tests])

    def _evaluate(self, readout: Readout, energies: NDArray, truth: NDArray) -> Iterator[None]:
        right = 0
        for picture, label in zip(energies, truth, strict=True):
            counts = readout.counts(picture[None])[0]
            best = np.flatnonzero(counts == counts.max())
            # A tie is no answer.
            right += len(best) == 1 and best[0] == label
            yield
        self.accuracy.append((self.learnt, float(right / len(truth))))


class DigitLearner(OnlineLearner):
    """scikit-learn's digits, learnt without labels; a few labelled ones name the outputs afterwards.

    Parameters
    ----------
    seed
        Of the division, the first weights and the order.
    """

    kind, answers = "digit", tuple(str(digit) for digit in range(10))
    _NAMING, _TESTED = 300, 300

    def __init__(self, seed: int = 0) -> None:
        self._random = np.random.default_rng(seed)
        self._layer = CompetitiveLayer(digits()[0].shape[1], seed=seed)
        self._names: OutputLabels | None = None
        super().__init__()

    @property
    def weights(self) -> NDArray:
        """(64, 100), as they are now."""
        return self._layer.network.weights

    def _trace(self, stimulus: Stimulus) -> SimulationTrace:
        spikes = self._layer.spikes(stimulus.strengths)
        outputs = tuple(f"output {number}" for number in range(1, self._layer.settings.outputs + 1))
        trace = record_trace(self._layer.network, spikes, outputs, "digit")
        if self._names is None:
            return trace
        return replace(trace, scores=trace.counts @ self._names.log_share, answers=self.answers)

    def _steps(self) -> Iterator[None]:
        pixels, labels = digits()
        order = self._random.permutation(len(pixels))
        tests, trains = order[: self._TESTED], order[self._TESTED :]
        self.training, self.held_out = len(trains), len(tests)
        epochs = CompetitiveSettings().epochs
        self.to_learn = epochs * len(trains)
        self._begin(self.to_learn, "Learning from spikes")
        yield from self._evaluate(pixels, labels, trains[: self._NAMING], tests)
        for _ in range(epochs):
            for at in self._random.permutation(trains):
                self._layer.learn(pixels[at])
                self.last = np.round(pixels[at] * 255).astype(np.uint8).reshape(8, 8), str(labels[at])
                self.learnt = self.done = self.learnt + 1
                yield
                if self.learnt % (len(trains) // 4) == 0 or self.learnt == self.to_learn:
                    yield from self._evaluate(pixels, labels, trains[: self._NAMING], tests)

    def _evaluate(self, pixels: NDArray, labels: NDArray, naming: NDArray, tests: NDArray) -> Iterator[None]:
        counts = []
        for at in np.concatenate([naming, tests]):
            counts.append(self._layer.counts(pixels[at][None])[0])
            yield
        found = np.array(counts)
        self._names = OutputLabels.of(found[: len(naming)], labels[naming], len(self.answers))
        right = self._names.answers(found[len(naming) :]) == labels[tests]
        # Where no output fires there is no answer.
        right &= found[len(naming) :].any(axis=1)
        self.accuracy.append((self.learnt, float(right.mean())))


def enough_faces(labels: dict[str, int]) -> bool:
    """Tell whether a set with so many pictures of each label can be learnt from."""
    return all(labels.get(label, 0) >= LEAST_FACES for label in CLASSES)
