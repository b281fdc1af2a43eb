"""Everything that can learn expressions from flow maps, by name, so that it can stand in one table."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.training import clip_networks
from engine.training.clip_forms import Form
from engine.training.clip_networks import ClipTraining
from engine.training.clip_readers import SVM, LinearLearner, lbp_histograms
from engine.training.clip_task import Answers, Learner, Task


@dataclass(frozen=True)
class NetworkLearner(Learner):
    """A network; a candidate is a number of epochs. Its form is that of the clips: flow maps for None."""

    candidates: tuple[Hashable, ...] = (15, 30)
    architecture: str = "flow_network"
    how: ClipTraining = field(default_factory=ClipTraining)
    options: tuple[tuple[str, Any], ...] = ()
    form: Form | None = None

    def answers(self, task: Task, candidates: Iterable[Any]) -> Answers:
        """Train once a number of epochs: the rate falls over all of them."""
        return {epochs: self._run(task, epochs)[-1] for epochs in candidates}

    def by_epoch(self, task: Task, candidate: Any) -> NDArray[np.float32]:
        """Ask after every epoch of one training."""
        return self._run(task, candidate, every=True)

    def _run(self, task: Task, epochs: Any, every: bool = False) -> NDArray[np.float32]:
        found = []

        def ask(done: int, model: Any) -> None:
            if every or done == epochs:
                found.append(clip_networks.answers(model, self.architecture, task.asked, self.form))

        given = (self.architecture, task.maps, task.y, task.classes, epochs, task.seed)
        clip_networks.train(*given, self.how, ask, self.options, self.form)
        return np.stack(found)


LINEAR = LinearLearner("linear", "the linear reader alone")
FLOW_NETWORK = NetworkLearner("flow-network", "the flow network alone")


@dataclass(frozen=True)
class NeuroMER(Learner):
    """The linear reader and the flow network together; a candidate is C, epochs, the network's share."""

    candidates: tuple[Hashable, ...] = tuple(product((3e-4, 1e-3, 3e-3), (15, 30), (0.0, 0.25, 0.5)))
    linear: LinearLearner = LINEAR
    network: NetworkLearner = FLOW_NETWORK

    def answers(self, task: Task, candidates: Iterable[Any]) -> Answers:
        """Average the probabilities of both."""
        chosen: list[Any] = list(candidates)
        linear = self.linear.answers(task, dict.fromkeys(penalty for penalty, _, _ in chosen))
        network = self.network.answers(task, dict.fromkeys(epochs for _, epochs, _ in chosen))
        return {each: _mixed(linear[each[0]], network[each[1]], each[2]) for each in chosen}

    def by_epoch(self, task: Task, candidate: Any) -> NDArray[np.float32]:
        """Average the linear reader with the network after each epoch."""
        penalty, epochs, share = candidate
        linear = self.linear.answers(task, [penalty])[penalty]
        return _mixed(linear[None], self.network.by_epoch(task, epochs), share)


_LARGE = ClipTraining(learning_rate=1e-3, batch_size=64, mixup=0.0)
"""For networks made by others: Adam's usual rate, and of the ways to vary only what any of them would be given."""

LEARNERS: dict[str, Learner] = {
    learner.name: learner
    for learner in (
        NeuroMER("neuromer", "NeuroMER for micro-expressions"),
        FLOW_NETWORK,
        LINEAR,
        SVM("svm", "RBF SVM on the maps"),
        SVM("lbp", "RBF SVM on LBP histograms of the maps", values=lbp_histograms),
        NetworkLearner("clip-cnn-lstm", "CNN-LSTM over frames", (10, 20), "clip_cnn_lstm", _LARGE),
        NetworkLearner("agmenet", "AGMENet", (8, 16), "agmenet", _LARGE),
        NetworkLearner("learnet", "LEARNet", (6, 12), "learnet", _LARGE),
        NetworkLearner("resnet", "ResNet-18, a quarter as wide", (6, 12), "resnet", _LARGE),
        *(
            NetworkLearner(
                f"agmenet-without-{part}", f"AGMENet without {part}", (8, 16), "agmenet", _LARGE, ((part, False),)
            )
            for part in ("attention", "ensemble")
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


def _mixed(linear: NDArray, network: NDArray, share: float) -> NDArray[np.float32]:
    return ((1 - share) * linear + share * network).astype(np.float32)
