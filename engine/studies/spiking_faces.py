"""Happy, neutral or surprised: what each rule of plasticity learns of real faces, next to what plain statistics do."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from engine import datasets
from engine.arguments import add_data, add_seeds, seeds_of
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.evaluation.words import mean_over_seeds, seeds_in_words
from engine.spiking import published
from engine.spiking.competitive import CompetitiveLayer, CompetitiveSettings, OutputLabels
from engine.spiking.encoding import OnOff, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.plasticity import L1, PairSTDP
from engine.spiking.readout import Readout
from engine.spiking.stimuli import CLASSES, features_of
from engine.tasks import SILENT, Progress

_COMPETING = replace(
    CompetitiveSettings(),
    total_hz=20_000.0,
    gain_mv=0.4,
    epochs=2,
    neuron=replace(CompetitiveSettings().neuron, theta_plus_mv=0.05),
)
"""Many inputs share a picture's spikes here: they need more of them, each worth less, and pictures are more."""


@dataclass(frozen=True)
class Sides:
    """Features and labels of pictures that train and of pictures that are held out.

    Attributes
    ----------
    training, held_out
        (n, 576) float32 Gabor energies: 8 orientations × 2 scales × 6 × 6 places.
    labels, true
        (n,) int64, indices into `CLASSES`.
    crops
        (n, 48, 48) uint8, the held-out pictures.
    """

    training: NDArray[np.float32]
    labels: NDArray[np.int64]
    held_out: NDArray[np.float32]
    true: NDArray[np.int64]
    crops: NDArray[np.uint8]


def balanced(faces: FaceSet, held_out: str, seed: int, training: int = 1000, tested: int = 300) -> Sides:
    """Sample as many pictures of each class, and none to train on that has a copy among those that are held out.

    Parameters
    ----------
    faces
        Crops of 48 × 48 gray pixels with a part ``Training``, and groups of copies.
    held_out
        The part that is answered for: ``PublicTest`` while anything is chosen.
    seed
        Of the sample.
    training, tested
        How many of each class.

    Raises
    ------
    DataError
        Where a class has too few, with the count.
    """
    random = np.random.default_rng(seed)
    tests = _sampled(faces, faces.rows_of(held_out), tested, held_out, random)
    trains = faces.rows_of("Training")
    if faces.group is not None:
        trains = trains[~np.isin(faces.group[trains], faces.group[tests])]
    sampled = [_sampled(faces, trains, training, "Training", random), tests]
    crops = [np.stack([faces.pictures[row] for row in each]) for each in sampled]
    labels = [np.array([CLASSES.index(faces.labels[row]) for row in each]) for each in sampled]
    return Sides(features_of(crops[0]), labels[0], features_of(crops[1]), labels[1], crops[1])


def three_factor(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of a spiking readout that hears an error for each class."""
    readout = Readout.fit(sides.training, np.eye(len(CLASSES))[sides.labels], seed=seed, progress=progress)
    return _accuracy(readout.counts(sides.held_out), sides.true)


def pair_stdp(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of competing outputs that learn without labels and are named afterwards."""
    training, held_out = _strengths(sides)
    layer = CompetitiveLayer(training.shape[1], _COMPETING, seed).fit(training, progress)
    names = OutputLabels.of(layer.counts(training), sides.labels, len(CLASSES))
    return float(np.mean(names.answers(layer.counts(held_out)) == sides.true))


def pair_stdp_with_teacher(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of one output a class that a teacher makes fire while STDP is at work."""
    random = np.random.default_rng(seed)
    training, held_out = _strengths(sides)
    neuron, gain_mv = Neuron(t_ref_ms=2.0), 8.0
    learns = Network(
        random.uniform(0, 0.3, (training.shape[1], len(CLASSES))).astype(np.float32),
        neuron,
        gain_mv=gain_mv,
        stdp=PairSTDP(0.0005, -0.0004, 20.0, 20.0, 0.0, 1.0),
        l1=L1(0.07 * training.shape[1], 400.0),
    )
    for done, at in enumerate(random.permutation(len(training))):
        if done % 100 == 0:
            progress.step(done, len(training), "learning from spikes")
        own = np.arange(len(CLASSES)) == sides.labels[at]
        learns.rest()
        learns.run(regular(20 * training[at], 400), current_mv=np.where(own, 40.0, -200.0))
    # Outputs that inhibit each other end in fewer ties.
    answers = Network(learns.weights, neuron, gain_mv=gain_mv, inhibition_mv=8.0)
    counts = []
    for picture in held_out:
        answers.rest()
        counts.append(answers.run(regular(20 * picture, 400), learn=False).counts())
    return _accuracy(np.array(counts), sides.true)


def as_published(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of the published network, which reads a tie as the first output."""
    return float(np.mean(published.counts(sides.crops, seed).argmax(axis=1) == sides.true))


def logistic_regression(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of logistic regression; its strength was chosen on validation pictures."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=1000, random_state=seed))
    return float(model.fit(sides.training, sides.labels).score(sides.held_out, sides.true))


def nearest_mean(sides: Sides, seed: int, progress: Progress = SILENT) -> float:
    """Return the accuracy of the nearest class mean, in standard deviations."""
    model = make_pipeline(StandardScaler(), NearestCentroid())
    return float(model.fit(sides.training, sides.labels).score(sides.held_out, sides.true))


RULES: dict[str, Callable[[Sides, int, Progress], float]] = {
    "three-factor": three_factor,
    "pair STDP with a teacher": pair_stdp_with_teacher,
    "pair STDP": pair_stdp,
    "as published": as_published,
    "logistic regression": logistic_regression,
    "nearest mean": nearest_mean,
}
"""What is compared, on the same pictures and the same features."""


def _strengths(sides: Sides) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    encoder = OnOff.of(sides.training)
    return encoder.strengths(sides.training), encoder.strengths(sides.held_out)


def _accuracy(counts: NDArray[np.int64], true: NDArray[np.int64]) -> float:
    """Return the share of pictures whose own output fired more often than any other; a tie is no answer."""
    own = counts[np.arange(len(true)), true]
    others = counts.copy()
    others[np.arange(len(true)), true] = -1
    return float(np.mean(own > others.max(axis=1)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, "PublicTest", "FER2013, crops with the same parts")
    add_seeds(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Let every rule learn from the same pictures, drawn anew for each seed."""
    data = datasets.read(options.data)
    found: dict[str, list[float]] = {name: [] for name in RULES}
    for seed in seeds_of(options):
        sides = balanced(data, options.split, seed)
        for name, rule in RULES.items():
            found[name].append(rule(sides, seed, progress))
    return [mean_over_seeds(found)]


in_words = seeds_in_words


def _sampled(faces: FaceSet, rows: NDArray, count: int, part: str, random: np.random.Generator) -> NDArray[np.int64]:
    chosen = []
    for label in CLASSES:
        of_class = rows[faces.labels[rows] == label]
        if len(of_class) < count:
            raise DataError(
                f"{faces.name}, {part}, has {len(of_class)} pictures of {label} that can be used.",
                f"Ask for fewer than {count}.",
            )
        chosen.append(random.permutation(of_class)[:count])
    return np.concatenate(chosen)
