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
    """What a network is and takes.

    Attributes
    ----------
    name
        The function that builds it: it takes the number of classes and options, and returns a network from
        a batch of ``shape`` float32 to (batch, classes) probabilities.
    title
        Its name for people.
    source
        Where it is described.
    module
        In `engine.models`, where the function is.
    takes
        ``"face"``: a gray face crop in 0..1. Of a clip, what `engine.features.clip_input` makes for it: ``"map"`` (a
        flow map, scaled), ``"picture"`` (a dynamic image, or a flow map stretched) or ``"frames"`` (gray faces, or a
        flow map as a ramp).
    shape
        Of one input when nothing else is asked for, without the batch.
    """

    name: str
    title: str
    source: str
    module: str
    takes: str = "face"
    shape: tuple[int, ...] = (CROP_SIZE, CROP_SIZE, 1)

    def described(self) -> dict[str, str]:
        """Return what a card says of it."""
        return {"name": self.name, "title": self.title, "source": self.source}


_FRAMES = (8, CROP_SIZE, CROP_SIZE, 1)
_PICTURE = (112, 112, 3)

ARCHITECTURES = {
    entry.name: entry
    for entry in (
        Architecture("paper_cnn_lstm", "CNN-LSTM of the reference paper", "doi 10.51846/vol7iss4pp173-182", "cnn_lstm"),
        Architecture("neuromer_cnn_lstm", "NeuroMER CNN-LSTM", "engine/models/cnn_lstm.py", "cnn_lstm"),
    )
}
"""The networks for faces, by name."""

CLIP_ARCHITECTURES = {
    entry.name: entry
    for entry in (
        Architecture(
            "flow_network", "Flow network", "engine/models/flow_network.py", "flow_network", "map", (28, 28, 3)
        ),
        Architecture("learnet", "LEARNet", "doi 10.1109/TIP.2019.2912358", "learnet", "picture", _PICTURE),
        Architecture(
            "resnet", "ResNet-18, a quarter as wide", "doi 10.1109/CVPR.2016.90", "resnet", "picture", _PICTURE
        ),
        Architecture("agmenet", "AGMENet, our reading", "doi 10.5281/zenodo.13933725", "agmenet", "frames", _FRAMES),
        Architecture(
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
    """Build an untrained network for faces.

    Parameters
    ----------
    architecture
        A name in `ARCHITECTURES`.
    class_count
        Number of expressions.
    options
        For the function that builds it.

    Raises
    ------
    ModelError
        For a name that is not there.
    """
    return _built(ARCHITECTURES, "faces", architecture, class_count, options)


def build_clip(architecture: str, class_count: int, **options: Any) -> keras.Model:
    """Build an untrained network for clips, from `CLIP_ARCHITECTURES`, as `build` does for faces."""
    return _built(CLIP_ARCHITECTURES, "clips", architecture, class_count, options)


def _built(
    known: dict[str, Architecture], what: str, architecture: str, class_count: int, options: dict[str, Any]
) -> keras.Model:
    if architecture not in known:
        raise ModelError(f"There is no architecture {architecture!r} for {what}.", f"There are: {', '.join(known)}.")
    entry = known[architecture]
    return getattr(import_module(f"engine.models.{entry.module}"), entry.name)(class_count, **options)
