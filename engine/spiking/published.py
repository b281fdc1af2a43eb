"""The published spiking network for expressions, as its code does it, to show why it cannot learn.

github.com/galihru/NeuromorphicRecognitionComputing. Four things keep it from learning, each measured there:

- its Gabor filters have a mean and are averaged over orientation, which leaves a map of brightness;
- its drive is some 200 times the weakest that makes a neuron fire, so that every output fires whenever it can;
- the times of the last spike before and after a synapse are set in the same step, so that their difference is always 0
  and no rule of plasticity is ever applied;
- the outputs are never tied to labels: they fire together, and the tie is read as the first of them.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.features.gabor import pooled
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.raster import Raster

OUTPUTS = ("happy", "neutral", "surprise")
NEURON = Neuron(tau_m_ms=20.0, e_l_mv=-70.0, v_th_mv=-50.0, v_r_mv=-75.0, t_ref_ms=2.0)
WINDOW_MS = 500
INHIBITION = 0.5
TIMES_RHEOBASE = 200.0
"""How strong the drive of a picture of middle brightness is, against the weakest one that makes a neuron fire."""


def features(crops: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return its features: (n, 48, 48) uint8 to (n, 144), the answers of 72 filters averaged and pooled 4 × 4."""
    kernel = np.mean(
        [
            cv2.getGaborKernel((5, 5), sigma, np.pi * turn / 8, wavelength, 0.5, 0)
            for turn in range(8)
            for sigma in (3, 5, 7)
            for wavelength in (6, 9, 12)
        ],
        axis=0,
    )
    # Filters that are averaged are one filter.
    answers = np.stack([cv2.filter2D(crop.astype(np.float32) / 255, cv2.CV_32F, kernel) for crop in crops])
    return pooled(answers / np.abs(kernel).sum(), 4).reshape(len(crops), -1)


def drive_mv(
    found: NDArray, weights: NDArray, neuron: Neuron = NEURON, times_rheobase: float = TIMES_RHEOBASE
) -> NDArray[np.float64]:
    """Return the constant drive R I of each output, (..., outputs) in mV; the strongest one lowers the others.

    Parameters
    ----------
    found
        (..., 144) features.
    weights
        (144, outputs).
    neuron
        Whose weakest drive counts.
    times_rheobase
        How many times that a picture of middle brightness drives.
    """
    rheobase_mv = neuron.v_th_mv - neuron.e_l_mv
    current = found @ weights * (times_rheobase * rheobase_mv / 5)
    highest = current.max(axis=-1, keepdims=True)
    others = np.arange(current.shape[-1]) != current.argmax(axis=-1)[..., None]
    return current - INHIBITION * others * highest


def counts(crops: NDArray[np.uint8], seed: int = 0) -> NDArray[np.int64]:
    """Return how often each output fires within the window: (n, 48, 48) uint8 to (n, 3).

    Parameters
    ----------
    crops
        Faces.
    seed
        Of the weights, drawn evenly from 0 to 0.2 and normalised to a sum of 10; they never change.
    """
    weights = np.random.default_rng(seed).uniform(0, 0.2, (144, len(OUTPUTS)))
    weights *= 10 / weights.sum(axis=0)
    current = drive_mv(features(crops), weights)
    silence = Raster.of([], [], WINDOW_MS, 1)
    found = []
    for drive in current:
        network = Network(np.zeros((1, len(OUTPUTS))), NEURON)
        found.append(network.run(silence, current_mv=drive).counts())
    return np.array(found).reshape(-1, len(OUTPUTS))
