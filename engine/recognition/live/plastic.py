"""The plastic head at work on one face, from frame to frame, and what this person has taught, step by step."""

import copy

import numpy as np
from numpy.typing import NDArray

from engine.errors import LiveError
from engine.recognition.face_answers import Lesson
from engine.spiking.person_adapter import PersonAdapter
from engine.spiking.readout import Readout
from engine.spiking.simulation_trace import SimulationTrace
from engine.spiking.streaming_network import StreamingNetwork

MOST_STEPS = 50  # that can be taken back
AT_ONCE = 5
"""Faces of the held expression that are learnt from: so many corrections of each expression is what was measured
(``python -m engine study simulated-users``)."""


class LiveSpikes:
    """A plastic head's first layer, advanced by the true time between frames in steps of 1 ms.

    Parameters
    ----------
    readout
        The layer; a copy of its network is advanced.
    labels
        Of its outputs.
    """

    def __init__(self, readout: Readout, labels: tuple[str, ...]) -> None:
        settings = readout.settings
        self._readout, self._labels = readout, labels
        self._network = StreamingNetwork(copy.deepcopy(readout.network), settings.current_mv, settings.picture_ms)

    def advance(self, embedding: NDArray, step_s: float) -> None:
        """Let the face, (size,), drive the network for the time since the frame before."""
        settings = self._readout.settings
        rates_hz = self._readout.encoder.strengths(embedding) * settings.hz_per_deviation
        self._network.advance(rates_hz, 1000 * step_s)

    def rest(self) -> None:
        """Begin anew: the face was out of sight."""
        self._network.rest()

    def probabilities(self) -> NDArray[np.float64]:
        """Return what the spikes of the latest 400 ms say: (labels,)."""
        return self._readout.softmax(self._network.counts())

    def trace(self) -> SimulationTrace | None:
        """Return spikes, potentials and weights of about the latest second; None before the first step."""
        return self._network.trace(self._labels, "embedding")


class UndoableAdapter:
    """A person's plastic layer, `engine.spiking.person_adapter.PersonAdapter`, and the layers before each step.

    Parameters
    ----------
    expressions
        How many there are.
    """

    def __init__(self, expressions: int) -> None:
        self._expressions = expressions
        self._steps: list[tuple[PersonAdapter, tuple[Lesson, ...]]] = [(PersonAdapter(expressions), ())]

    @property
    def adapter(self) -> PersonAdapter:
        """The layer as it is now; not to be changed."""
        return self._steps[-1][0]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What was taught here and stands, one a step, as it can be kept; without what was learnt elsewhere."""
        return self._steps[-1][1]

    def learn(self, named: NDArray, meant: int, lesson: Lesson | None = None) -> None:
        """Learn from faces of a held expression.

        Parameters
        ----------
        named
            (n, expressions), n at least 1: what was answered of each; `AT_ONCE` of them, evenly spread, are used.
        meant
            Which expression was held.
        lesson
            What can be kept of it; None where the model tells no embeddings.
        """
        layer = copy.deepcopy(self.adapter)
        for row in np.unique(np.linspace(0, len(named) - 1, AT_ONCE).round().astype(int)):
            layer.correct(named[row], meant)
        self._put(layer, self.lessons if lesson is None else (*self.lessons, lesson))

    def adopt(self, personal: PersonAdapter) -> None:
        """Go on from what was learnt elsewhere; a step like any other.

        Raises
        ------
        LiveError
            Where it was learnt of another number of expressions.
        """
        if len(personal.weights) != self._expressions:
            raise LiveError(
                f"The adaptation is one of {len(personal.weights)} expressions, the model names {self._expressions}.",
                "Choose the model that it was learnt with.",
            )
        self._put(copy.deepcopy(personal), self.lessons)

    def undo(self) -> bool:
        """Take the last step back; tell whether there was one."""
        if len(self._steps) == 1:
            return False
        self._steps.pop()
        return True

    def reset(self) -> None:
        """Forget everything; this can be taken back as well."""
        if self.adapter.corrections:
            self._put(PersonAdapter(self._expressions), ())

    def _put(self, layer: PersonAdapter, lessons: tuple[Lesson, ...]) -> None:
        self._steps.append((layer, lessons))
        del self._steps[: -MOST_STEPS - 1]
