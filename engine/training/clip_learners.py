"""What can learn expressions from flow maps, all asked in one way, so that they can stand in one table."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.features.clip_input import log_scaled
from engine.training.clip_networks import ClipTraining, mirrored

Answers = dict[Hashable, NDArray[np.float32]]
"""By candidate, (asked, classes) probabilities."""


@dataclass(frozen=True)
class Task:
    """What is learnt from, and what is asked.

    Attributes
    ----------
    maps, y
        (n, 28, 28, 3) uint8 and (n,) class numbers of the clips that train.
    classes
        How many classes there are.
    asked
        (m, 28, 28, 3) uint8, the clips to answer for.
    seed
        Of everything that is drawn.
    """

    maps: NDArray[np.uint8]
    y: NDArray[np.int64]
    classes: int
    asked: NDArray[np.uint8]
    seed: int


@dataclass(frozen=True)
class Learner:
    """One line of the table.

    Attributes
    ----------
    name, title
        On the command line, and for people.
    candidates
        The settings that one is chosen of, inside the training subjects.
    """

    name: str
    title: str
    candidates: tuple[Hashable, ...] = (None,)

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Learn and answer, with each of the candidates."""
        raise NotImplementedError

    def by_epoch(self, task: Task, candidate: Hashable) -> NDArray[np.float32] | None:
        """Return the answers after each epoch, (epochs, asked, classes), or None for what has no epochs."""
        return None


@dataclass(frozen=True)
class NetworkLearner(Learner):
    """A network; a candidate is a number of epochs."""

    candidates: tuple[Hashable, ...] = (15, 30)
    architecture: str = "flow_network"
    how: ClipTraining = field(default_factory=ClipTraining)
    options: tuple[tuple[str, Any], ...] = ()

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Train once a number of epochs: the rate falls over all of them."""
        return {epochs: self._run(task, epochs)[-1] for epochs in candidates}

    def by_epoch(self, task: Task, candidate: Hashable) -> NDArray[np.float32]:
        """Ask after every epoch of one training."""
        return self._run(task, candidate, every=True)

    def _run(self, task: Task, epochs: Any, every: bool = False) -> NDArray[np.float32]:
        from engine.training import clip_networks

        found = []

        def ask(done: int, model: Any) -> None:
            if every or done == epochs:
                found.append(clip_networks.answers(model, self.architecture, task.asked))

        given = (self.architecture, task.maps, task.y, task.classes, epochs, task.seed)
        clip_networks.train(*given, self.how, ask, self.options)
        return np.stack(found)


@dataclass(frozen=True)
class LinearLearner(Learner):
    """Logistic regression on `log_scaled` maps averaged over 2×2; a candidate is C, the inverse of its penalty."""

    candidates: tuple[Hashable, ...] = (3e-4, 1e-3, 3e-3)

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Learn from the clips and their mirror images, and answer from both."""
        found = {}
        for penalty in candidates:
            coefficients, offset = fit_linear(task.maps, task.y, task.classes, penalty)
            both = [_softmax(pooled(each) @ coefficients + offset) for each in (task.asked, mirrored(task.asked))]
            found[penalty] = np.mean(both, axis=0, dtype=np.float32)
        return found


@dataclass(frozen=True)
class NeuroMER(Learner):
    """The flow network and the linear reader together; a candidate is C, epochs, and the network's share."""

    candidates: tuple[Hashable, ...] = tuple(product((3e-4, 1e-3, 3e-3), (15, 30), (0.25, 0.5, 0.75)))
    linear: LinearLearner = field(default_factory=partial(LinearLearner, "linear", ""))
    network: NetworkLearner = field(default_factory=partial(NetworkLearner, "flow-network", ""))

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Average the probabilities of both."""
        chosen: list[Any] = list(candidates)
        linear = self.linear.answers(task, dict.fromkeys(penalty for penalty, _, _ in chosen))
        network = self.network.answers(task, dict.fromkeys(epochs for _, epochs, _ in chosen))
        return {each: _mixed(linear[each[0]], network[each[1]], each[2]) for each in chosen}

    def by_epoch(self, task: Task, candidate: Hashable) -> NDArray[np.float32]:
        """Average the linear reader with the network after each epoch."""
        penalty, epochs, share = candidate
        linear = self.linear.answers(task, [penalty])[penalty]
        return _mixed(linear[None], self.network.by_epoch(task, epochs), share)


@dataclass(frozen=True)
class SVM(Learner):
    """A support vector machine with radial basis functions on standardised maps averaged over 2×2."""

    candidates: tuple[Hashable, ...] = (1.0, 10.0)

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Learn; its decision values are turned into shares that are ordered like them."""
        shapes = [_averaged(each.astype(np.float32)).reshape(len(each), -1) for each in (task.maps, task.asked)]
        return {penalty: _machine(*shapes, task, penalty) for penalty in candidates}


@dataclass(frozen=True)
class LBPHistograms(Learner):
    """The same machine on histograms of uniform LBP codes of each channel, over 4×4 cells."""

    candidates: tuple[Hashable, ...] = (1.0, 10.0)

    def answers(self, task: Task, candidates: Iterable[Hashable]) -> Answers:
        """Learn from histograms."""
        shapes = [_histograms(each) for each in (task.maps, task.asked)]
        return {penalty: _machine(*shapes, task, penalty) for penalty in candidates}


_LARGE = ClipTraining(learning_rate=1e-3, batch_size=64, mixup=0.0)
"""For networks made by others: Adam's usual rate, and of the ways to vary only what any of them would be given."""

LEARNERS: dict[str, Learner] = {
    learner.name: learner
    for learner in (
        NeuroMER("neuromer", "NeuroMER: flow network and linear reader"),
        NetworkLearner("flow-network", "the flow network alone"),
        LinearLearner("linear", "the linear reader alone"),
        SVM("svm", "RBF SVM on the maps"),
        LBPHistograms("lbp", "RBF SVM on LBP histograms of the maps"),
        NetworkLearner("clip-cnn-lstm", "CNN-LSTM over frames", (10, 20), "clip_cnn_lstm", _LARGE),
        NetworkLearner("agmenet", "AGMENet", (8, 16), "agmenet", _LARGE),
        NetworkLearner("learnet", "LEARNet", (6, 12), "learnet", _LARGE),
        NetworkLearner("resnet", "ResNet-18, a quarter as wide", (6, 12), "resnet", _LARGE),
        NetworkLearner(
            "agmenet-without-attention",
            "AGMENet without attention",
            (8, 16),
            "agmenet",
            _LARGE,
            (("attention", False),),
        ),
        NetworkLearner(
            "agmenet-without-ensemble", "AGMENet without ensemble", (8, 16), "agmenet", _LARGE, (("ensemble", False),)
        ),
    )
}
"""By name, NeuroMER's first."""


def learner(name: str) -> Learner:
    """Return a learner by name.

    Raises
    ------
    ModelError
        For a name that is not in `LEARNERS`.
    """
    if name not in LEARNERS:
        raise ModelError(f"There is no learner {name!r} for clips.", f"There are: {', '.join(LEARNERS)}.")
    return LEARNERS[name]


def fit_linear(
    maps: NDArray[np.uint8], y: NDArray[np.int64], classes: int, penalty: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit logistic regression, every class weighing alike, and return (values, classes) coefficients and an offset.

    The values are those of `pooled`; standardisation is folded into the coefficients.
    """
    from sklearn.linear_model import LogisticRegression

    values = np.concatenate([pooled(maps), pooled(mirrored(maps))])
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    machine = LogisticRegression(C=penalty, class_weight="balanced", max_iter=500)
    machine.fit((values - centre) / spread, np.tile(y, 2))
    coefficients, offset = np.zeros((values.shape[1], classes)), np.full(classes, -np.inf)
    known = machine.classes_
    if len(known) == 2:
        # scikit-learn gives one line for two classes.
        lines, starts = np.concatenate([-machine.coef_, machine.coef_]) / 2, np.array([-0.5, 0.5]) * machine.intercept_
    else:
        lines, starts = machine.coef_, machine.intercept_
    coefficients[:, known] = lines.T / spread[:, None]
    offset[known] = starts - (lines / spread) @ centre
    return coefficients, offset


def pooled(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return what the linear reader reads: (n, 588), `log_scaled` maps averaged over 2×2."""
    return _averaged(log_scaled(maps)).reshape(len(maps), -1).astype(np.float64)


def _averaged(values: NDArray) -> NDArray:
    count, height, width, channels = values.shape
    return values.reshape(count, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def _mixed(linear: NDArray, network: NDArray, share: float) -> NDArray[np.float32]:
    return ((1 - share) * linear + share * network).astype(np.float32)


def _machine(seen: NDArray, asked: NDArray, task: Task, penalty: Any) -> NDArray[np.float32]:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    machine = make_pipeline(StandardScaler(), SVC(C=penalty, decision_function_shape="ovr"))
    machine.fit(seen, task.y)
    known = np.unique(task.y)
    values = machine.decision_function(asked)
    found = np.full((len(asked), task.classes), -np.inf)
    found[:, known] = np.stack([-values, values], axis=1) if values.ndim == 1 else values
    return _softmax(found)


def _histograms(maps: NDArray[np.uint8]) -> NDArray[np.float64]:
    from engine.features.lbp import histogram, lbp_circular

    found = []
    for each in maps:
        codes = [lbp_circular(np.ascontiguousarray(channel), method="uniform") for channel in np.moveaxis(each, -1, 0)]
        bands = [band for plane in codes for band in np.array_split(plane, 4, axis=0)]
        cells = [cell for band in bands for cell in np.array_split(band, 4, axis=1)]
        found.append(np.concatenate([histogram(np.ascontiguousarray(cell), 10) for cell in cells]))
    return np.array(found)


def _softmax(values: NDArray) -> NDArray[np.float32]:
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
