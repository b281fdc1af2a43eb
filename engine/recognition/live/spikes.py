"""The plastic head at work on one face: its spikes go on from frame to frame."""

import copy

import numpy as np
from numpy.typing import NDArray

from engine.spiking.readout import Readout
from engine.spiking.simulation_trace import SimulationTrace
from engine.spiking.streaming_network import StreamingNetwork


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
