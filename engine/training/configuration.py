"""How a network is trained: every choice in one place, and the recipes of the shipped weights."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from engine import emotions
from engine.settings import CROP_SIZE
from engine.training.augment import NONE, Augmentation


@dataclass(frozen=True)
class Configuration:
    """One training.

    Attributes
    ----------
    title
        The trained model's name for people.
    architecture
        A name in `engine.models.registry.ARCHITECTURES`.
    options
        What else the architecture's function is told, such as ``{"lbp": False}``.
    mirror
        Whether the trained network answers from a face and its mirror image (`engine.models.mirror.with_mirror`).
    initial
        The model to start from: a name that `engine.models.shipped.folder` knows, or a folder; None: random weights.
    teachers
        Models whose answers for the training pictures are mixed into the targets (`engine.training.targets`): names
        or folders as for ``initial``. They must not have seen what is held out.
    teacher_share
        The share of each target that comes from the teachers, 0..1.
    classes
        The expressions that the network may answer.
    labels
        ``"given"``: the set's own labels; ``"votes"``: the FERPlus votes as soft targets.
    votes_share
        With given labels, the share of each target that comes from the votes where a picture has some, 0..1.
    last_layer_votes_share
        The ``votes_share`` of unsmoothed targets that the last layer alone is learnt anew from, once the network is
        trained (`engine.training.last_layer`), 0..1; None: it stays as it was trained.
    label_smoothing
        Share of a given label spread evenly over all expressions, 0..1.
    class_balance
        How rare expressions come into their own. ``"none"``: not at all. ``"weights"``: each picture's loss counts by
        how rare its expression is, so that all expressions weigh alike in sum (as scikit-learn's
        ``class_weight="balanced"``). ``"prior"``: while training, the answers are multiplied by how often each
        expression is wanted in the set that the picture is of, so that what the network itself answers carries no
        such frequency (logit-adjusted loss, Menon et al. 2021, arXiv 2007.07314, equation 10).
    set_balance
        How far joined sets weigh alike, 0..1: a set's pictures come (size of the largest set / its own size) **
        set_balance times an epoch, rounded.
    epochs, batch_size, learning_rate, weight_decay, seed
        As usual; the learning rate is the highest, in 1/step.
    schedule
        ``"constant"``, or ``"cosine"``: rises over the first epoch, then falls to 0 along a cosine.
    ema_momentum
        Momentum of the moving average of the weights that is kept in the end, or None for the last weights.
    patience
        Epochs without a better validation loss after which training stops and the best weights come back, or None.
    precision
        ``"float32"``, or ``"mixed_bfloat16"``: compute in bfloat16 where it is safe; the weights stay float32. A
        machine that cannot convolve in it computes in float32; a network's card says in what.
    augmentation
        How far crops are changed.
    """

    title: str
    architecture: str
    options: dict[str, Any] = field(default_factory=dict)
    mirror: bool = False
    initial: str | None = None
    teachers: tuple[str, ...] = ()
    teacher_share: float = 0.5
    classes: tuple[str, ...] = emotions.SEVEN
    labels: str = "given"
    votes_share: float = 0.0
    last_layer_votes_share: float | None = None
    label_smoothing: float = 0.0
    class_balance: str = "none"
    set_balance: float = 0.0
    epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    schedule: str = "cosine"
    ema_momentum: float | None = 0.998
    patience: int | None = None
    precision: str = "mixed_bfloat16"
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)

    @property
    def crop_size(self) -> int:
        """Side of the crops in pixels: what the architecture is told, else the usual."""
        return self.options.get("crop_size", CROP_SIZE)


def shortened(configuration: Configuration, epochs: int) -> Configuration:
    """Return a training of other length in which averages reach back over the same share of it."""
    momentum = configuration.ema_momentum
    if momentum is not None:
        momentum = max(0.0, 1 - (1 - momentum) * configuration.epochs / epochs)
    return replace(configuration, epochs=epochs, ema_momentum=momentum)


CLASS_BALANCES = ("none", "weights", "prior")
"""How rare expressions come into their own: see `Configuration`."""

_STRONG = Augmentation(rotation_deg=15, scale=0.15, shift_px=4, contrast=0.4, brightness=0.15, erase=0.5)

AUGMENTATIONS = {
    "none": NONE,
    "usual": Augmentation(),
    "strong": _STRONG,
    "camera": replace(_STRONG, dark=0.15, coarse=0.15, compressed=0.15),
}
"""How far crops are changed, by name."""

_PAPER = Configuration(
    "CNN-LSTM of the reference paper",
    "paper_cnn_lstm",
    classes=emotions.PAPER_SIX,
    epochs=60,
    batch_size=8,
    learning_rate=1e-3,
    weight_decay=0.0,
    schedule="constant",
    ema_momentum=None,
    patience=3,
    precision="float32",
    augmentation=NONE,
)

_NEUROMER = Configuration(
    "NeuroMER",
    "neuromer_cnn_lstm",
    mirror=True,
    learning_rate=1.5e-3,
    weight_decay=0.05,
    augmentation=AUGMENTATIONS["strong"],
)

RECIPES = {
    "paper": _PAPER,
    "paper-stills": replace(_PAPER, title="CNN-LSTM of the reference paper, on the paper's stills"),
    "neuromer-start": replace(
        _NEUROMER, title="NeuroMER, before it has seen a second set", labels="votes", epochs=60, ema_momentum=0.999
    ),
    "neuromer": replace(
        _NEUROMER,
        votes_share=0.5,
        last_layer_votes_share=1.0,
        label_smoothing=0.05,
        class_balance="prior",
        set_balance=0.5,
        epochs=10,
        learning_rate=8e-4,
        ema_momentum=0.999,
        augmentation=AUGMENTATIONS["camera"],
    ),
}


@dataclass(frozen=True)
class Part:
    """A part of a recipe that can be left out.

    Attributes
    ----------
    name
        For people.
    without
        Returns a configuration that lacks the part, or the same one where it has none.
    trained_alike
        Whether leaving it out changes what is made of the trained weights, not the training itself.
    """

    name: str
    without: Callable[[Configuration], Configuration]
    trained_alike: bool = False


PARTS = {
    "lbp": Part("LBP planes", lambda known: _told(known, lbp=False)),
    "lstm": Part("LSTM", lambda known: _told(known, recurrent=False)),
    "soft-labels": Part(
        "votes as soft labels",
        lambda known: replace(known, labels="given", votes_share=0.0, last_layer_votes_share=None),
    ),
    "class-balance": Part("balanced expressions", lambda known: replace(known, class_balance="none")),
    "augmentation": Part("augmentation", lambda known: replace(known, augmentation=NONE)),
    "initial": Part("trained start", lambda known: replace(known, initial=None)),
    "teachers": Part("teachers", lambda known: replace(known, teachers=())),
    "last-layer": Part(
        "last layer learnt anew", lambda known: replace(known, last_layer_votes_share=None), trained_alike=True
    ),
    "averaging": Part("averaged weights", lambda known: replace(known, ema_momentum=None), trained_alike=True),
    "mirror": Part("mirror image", lambda known: replace(known, mirror=False), trained_alike=True),
}


def parts_of(configuration: Configuration) -> dict[str, Part]:
    """Return the parts that a configuration has, by the names under which they can be left out."""
    known = PARTS
    if configuration.architecture != "neuromer_cnn_lstm":
        # The paper's network is nothing but its LBP codes and its recurrent layers; others need not have such options.
        known = {key: part for key, part in PARTS.items() if key not in ("lbp", "lstm")}
    return {key: part for key, part in known.items() if part.without(configuration) != configuration}


def _told(known: Configuration, **options: bool) -> Configuration:
    return replace(known, options={**known.options, **options})
