"""What answering costs in arithmetic: additions of a spiking network beside multiply-adds of others.

Only arithmetic is counted, not the traffic to memory, which on real machines often costs more.
"""

import math
from dataclasses import dataclass

from engine.features.gabor import SCALES
from engine.settings import CROP_SIZE
from engine.spiking.simulation_trace import SimulationTrace

ADDITION_PJ, MULTIPLICATION_PJ = 0.9, 3.7
"""Energies of 32-bit floating-point operations in picojoules, 45 nm CMOS: Horowitz, "Computing's energy problem (and
what we can do about it)", ISSCC 2014, doi 10.1109/ISSCC.2014.6757323."""
MULTIPLY_ADD_PJ = ADDITION_PJ + MULTIPLICATION_PJ

_EMBEDDING = 256 + 128
_PUBLISHED_FILTERS, _PUBLISHED_TAPS = 72, 5 * 5


@dataclass(frozen=True)
class Work:
    """Arithmetic of one answer.

    Attributes
    ----------
    name
        What it is for.
    additions, multiply_adds
        How many of each.
    """

    name: str
    additions: int
    multiply_adds: int

    @property
    def microjoules(self) -> float:
        """The energy in µJ."""
        return (self.additions * ADDITION_PJ + self.multiply_adds * MULTIPLY_ADD_PJ) * 1e-6


def synaptic_operations(trace: SimulationTrace) -> int:
    """Return how often a spike was added to a potential: by inputs, and among outputs that inhibit each other."""
    outputs = len(trace.names)
    return len(trace.inputs) * outputs + len(trace.outputs) * (outputs - 1) * trace.inhibits


def works(trace: SimulationTrace) -> list[Work]:
    """Return the arithmetic of a run, part by part, and that of the shipped CNN-LSTM.

    Parameters
    ----------
    trace
        The run; changes of weights are left out, since the CNN-LSTM does not learn while it answers either.
    """
    outputs = len(trace.names)
    spikes = Work("spikes that arrive", synaptic_operations(trace), 0)
    leak = Work("leak of the potentials", 0, trace.inputs.steps * outputs)
    if trace.kind == "brightness":
        encoding = Work("encoding: published filters", 0, published_multiply_adds(*trace.before.shape))
    elif trace.kind == "face":
        encoding = Work("encoding: Gabor filters", 0, gabor_multiply_adds())
    elif trace.kind == "embedding":
        encoding = Work("encoding: CNN-LSTM's embedding", 0, cnn_lstm_multiply_adds() - _EMBEDDING * outputs)
    else:
        encoding = Work("encoding: pixels as they are", 0, 0)
    return [spikes, leak, encoding, Work("CNN-LSTM, two looks", 0, cnn_lstm_multiply_adds())]


def gabor_multiply_adds(orientations: int = 8) -> int:
    """Return those of filtering a crop of 48 × 48 pixels: every direction and width, lines and edges.

    The root of the sum of squares and the pooling add less than 1 % and are left out.
    """
    taps = sum((2 * math.ceil(3 * scale.sigma_px) + 1) ** 2 for scale in SCALES)
    return 2 * orientations * taps * CROP_SIZE**2


def published_multiply_adds(inputs: int, outputs: int) -> int:
    """Return those of the published network's 72 filters of 5 × 5 pixels, and of its constant currents."""
    return _PUBLISHED_FILTERS * _PUBLISHED_TAPS * CROP_SIZE**2 + inputs * outputs


def cnn_lstm_multiply_adds(classes: int = 7, looks: int = 2) -> int:
    """Return those of NeuroMER's CNN-LSTM for one face: convolutions, LSTM and the last layer.

    From the layers in `engine.models.cnn_lstm.neuromer_cnn_lstm` at its own widths, which all shipped NeuroMER models
    have; normalisation, pooling and what is done once a value add less than 1 % and are left out.

    Parameters
    ----------
    classes
        How many it tells apart.
    looks
        2 for a face and its mirror image, whose embeddings are averaged before the last layer.
    """
    first, second, third, fourth = 32, 64, 128, 256
    gray_and_lbp, rows, units = 1 + 8, 96, 128
    convolutions = (
        # Side of the map, planes in, planes out, side of the filter.
        (CROP_SIZE, gray_and_lbp, first, 3),
        (24, first, second, 3),
        (24, second, second, 3),
        (12, second, third, 3),
        (12, third, third, 3),
        (6, third, third, 3),
        (6, third, third, 3),
        (6, third, fourth, 3),
        (6, fourth, fourth, 3),
        (6, fourth, fourth, 3),
        (6, fourth, fourth, 3),
        (6, fourth, rows, 1),
    )
    one_look = sum(side**2 * inside * outside * taps**2 for side, inside, outside, taps in convolutions)
    one_look += 6 * 4 * units * (6 * rows + units)
    return looks * one_look + (fourth + units) * classes
