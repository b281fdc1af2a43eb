"""How each shipped clip model is trained on all clips, and what its card says of it alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.datasets.flow_set import FlowSet
from engine.errors import ModelError
from engine.models.registry import CLIP_ARCHITECTURES
from engine.recognition.clip_model import DEFAULT
from engine.training.clip_learners import LEARNERS, NetworkLearner
from engine.training.clip_networks import train
from engine.training.clip_readers import SMOOTHING, fit_linear

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class ClipRecipe:
    """How one learner becomes a shipped model.

    Attributes
    ----------
    learner
        Its name in `engine.training.clip_learners.LEARNERS`.
    name
        Of the shipped folder.
    takes
        A key of `engine.features.clip_input.INPUTS`.
    input
        The same for people.
    train
        From all clips, the candidate and a seed to a network from what it takes to (batch, classes) probabilities.
    named
        From the candidate to its parts by name, for the card.
    limits
        What the card says before what it says of every clip model.
    """

    learner: str
    name: str
    takes: str
    input: str
    train: "Callable[[FlowSet, Any, int], keras.Model]" = field(repr=False)
    named: Callable[[Any], dict[str, Any]] = field(repr=False)
    limits: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What trains the model again."""
        learner = "" if self.name == DEFAULT else f" --learner {self.learner}"
        return f"python -m engine micro train{learner} --data FLOW.npz --benchmark FILE.json --output FOLDER"


def recipe(learner: str) -> ClipRecipe:
    """Return how a learner is trained to be shipped.

    Raises
    ------
    ModelError
        For one that is not in `RECIPES`.
    """
    if learner not in RECIPES:
        raise ModelError(f"The learner {learner!r} cannot be shipped.", f"Those that can: {', '.join(RECIPES)}.")
    return RECIPES[learner]


def mixed(network: "keras.Model | None", coefficients: np.ndarray, offset: np.ndarray, share: float) -> "keras.Model":
    """Return one network that answers as the linear reader and the flow network together.

    Parameters
    ----------
    network
        The trained flow network; its layers are shared. None for a share of 0.
    coefficients, offset
        As `engine.training.clip_readers.fit_linear` returns them.
    share
        Of the network in the answer, 0..1.

    Returns
    -------
    keras.Model
        (batch, 28, 28, 3) as `engine.features.clip_input.log_scaled` makes it, to (batch, classes).
    """
    import keras
    from keras import layers

    flow = keras.Input(CLIP_ARCHITECTURES["flow_network"].shape, name="flow")
    linear = layers.Dense(len(offset), activation="softmax", name="linear_reader")
    smooth = layers.DepthwiseConv2D(len(SMOOTHING), padding="same", use_bias=False, trainable=False, name="smoothed")
    read = linear(layers.Flatten()(layers.AveragePooling2D(2, name="averaged")(smooth(flow))))
    smooth.set_weights([np.repeat(np.outer(SMOOTHING, SMOOTHING)[:, :, None, None], flow.shape[-1], axis=2)])
    linear.set_weights([coefficients.astype(np.float32), offset.astype(np.float32)])
    if network is None:
        return keras.Model(flow, read, name="neuromer_flow")
    # Without the optimizer of its training, which would be saved with it.
    network = keras.Model(network.input, network.output, name=network.name)
    return keras.Model(flow, (1 - share) * read + share * network(flow), name="neuromer_flow")


def _train_mixed(clips: FlowSet, candidate: tuple[float, int, float], seed: int) -> "keras.Model":
    penalty, epochs, share = candidate
    network = train("flow_network", clips.flow, clips.y, len(clips.classes), epochs, seed) if share else None
    return mixed(network, *fit_linear(clips.flow, clips.y, len(clips.classes), penalty), share)


def _published(learner: str, name: str, input: str, *limits: str) -> ClipRecipe:
    """Return the recipe of a learner that is one network: it is trained as in the benchmark."""
    described = LEARNERS[learner]
    assert isinstance(described, NetworkLearner)

    def train_network(clips: FlowSet, epochs: int, seed: int) -> "keras.Model":
        given = (described.architecture, clips.flow, clips.y, len(clips.classes), epochs, seed, described.how)
        return train(*given, options=described.options)

    takes = CLIP_ARCHITECTURES[described.architecture].takes
    return ClipRecipe(learner, name, takes, input, train_network, lambda epochs: {"epochs": epochs}, limits)


RECIPES = {
    each.learner: each
    for each in (
        ClipRecipe(
            "neuromer",
            DEFAULT,
            "map",
            "flow map 28×28 of u, v and strain from onset to apex, on a logarithmic scale of its own",
            _train_mixed,
            lambda candidate: dict(zip(("C", "epochs", "share_of_the_network"), candidate, strict=True)),
        ),
        _published(
            "learnet",
            "learnet-flow",
            "flow map of u, v and strain from onset to apex, around its median, stretched from 28×28 to 112×112",
            "As published (doi 10.1109/TIP.2019.2912358) it reads a dynamic image, which sums up all frames of a clip. "
            "This one reads optical flow instead, since no frames were at hand to train it on; so it is no measure of "
            "what its authors report.",
            "It has many more parameters than there are clips to learn from.",
        ),
        _published(
            "agmenet",
            "agmenet-flow",
            "8 frames that grow evenly from rest to the flow map 28×28 of u, v and strain from onset to apex",
            "Only an abstract of it is published (doi 10.5281/zenodo.13933725); how each part is made is our reading, "
            "so it is no measure of what its authors report.",
            "Its frames are shares of one flow map, since no frames were at hand to train it on: its attention over "
            "time has little to choose from, and its low-light enhancement is left out.",
        ),
    )
}
"""By learner, the default first."""
