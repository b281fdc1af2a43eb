"""Which architectures there are, and which trained models are shipped; importing this needs no Keras."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from engine.errors import ModelError
from engine.settings import CROP_SIZE

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Architecture:
    """What a network is and takes: (batch, size, size, 1) float32 gray in 0..1 to (batch, labels) probabilities.

    Attributes
    ----------
    name
        The function in `engine.models.cnn_lstm` that builds it.
    title
        Its name for people.
    source
        Where it is described.
    """

    name: str
    title: str
    source: str


ARCHITECTURES = {
    entry.name: entry
    for entry in (
        Architecture("paper_cnn_lstm", "CNN-LSTM of the reference paper", "doi 10.51846/vol7iss4pp173-182"),
        Architecture("neuromer_cnn_lstm", "NeuroMER CNN-LSTM", "engine/models/cnn_lstm.py"),
    )
}


@dataclass(frozen=True)
class ClipArchitecture:
    """What a network for clips is and takes.

    Attributes
    ----------
    name
        The function that builds it, which takes the number of classes and ``shape``.
    title
        Its name for people.
    source
        Where it is described.
    module
        In `engine.models`, where the function is.
    takes
        What `engine.features.clip_input` makes for it: ``"map"`` (a flow map, scaled), ``"picture"`` (a dynamic image,
        or a flow map stretched) or ``"frames"`` (gray faces, or a flow map as a ramp).
    shape
        Of one input when nothing else is asked for, without the batch.
    """

    name: str
    title: str
    source: str
    module: str
    takes: str
    shape: tuple[int, ...]


_FRAMES = (8, CROP_SIZE, CROP_SIZE, 1)

CLIP_ARCHITECTURES = {
    entry.name: entry
    for entry in (
        ClipArchitecture(
            "flow_network", "Flow network", "engine/models/flow_network.py", "flow_network", "map", (28, 28, 3)
        ),
        ClipArchitecture("learnet", "LEARNet", "doi 10.1109/TIP.2019.2912358", "learnet", "picture", (112, 112, 3)),
        ClipArchitecture(
            "resnet", "ResNet-18, a quarter as wide", "doi 10.1109/CVPR.2016.90", "resnet", "picture", (112, 112, 3)
        ),
        ClipArchitecture(
            "agmenet",
            "AGMENet, our reading",
            "doi 10.5281/zenodo.13933725",
            "agmenet",
            "frames",
            _FRAMES,
        ),
        ClipArchitecture(
            "clip_cnn_lstm",
            "CNN-LSTM over frames",
            "engine/models/clip_cnn_lstm.py",
            "clip_cnn_lstm",
            "frames",
            _FRAMES,
        ),
    )
}
"""The networks for clips, by name."""


def build(architecture: str, class_count: int, **options: Any) -> keras.Model:
    """Build an untrained network; ``options`` go to the function that builds it.

    Raises
    ------
    ModelError
        For a name that is not in `ARCHITECTURES`.
    """
    if architecture not in ARCHITECTURES:
        raise ModelError(f"There is no architecture {architecture!r}.", f"There are: {', '.join(ARCHITECTURES)}.")
    from engine.models import cnn_lstm

    return getattr(cnn_lstm, architecture)(class_count, **options)


def build_clip(architecture: str, class_count: int, **options: Any) -> keras.Model:
    """Build an untrained network for clips; ``options``, such as ``shape``, go to the function that builds it.

    Raises
    ------
    ModelError
        For a name that is not in `CLIP_ARCHITECTURES`.
    """
    if architecture not in CLIP_ARCHITECTURES:
        raise ModelError(
            f"There is no architecture {architecture!r} for clips.", f"There are: {', '.join(CLIP_ARCHITECTURES)}."
        )
    entry = CLIP_ARCHITECTURES[architecture]
    return getattr(import_module(f"engine.models.{entry.module}"), entry.name)(class_count, **options)
