"""Networks that learn expressions from the faces of a clip: as a dynamic image, or as gray frames.

In the table of real micro-expressions these networks read flow maps, for want of faces: see
`engine.training.clip_learners`.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.images.lowlight import llem_weights
from engine.models.registry import CLIP_ARCHITECTURES
from engine.training.clip_forms import FACES, Form
from engine.training.clip_learners import NetworkLearner
from engine.training.clip_networks import ClipTraining

_FRAMES_HOW = ClipTraining(learning_rate=3e-3, batch_size=16, mixup=0.0)
_PICTURES_HOW = ClipTraining(learning_rate=1e-3, batch_size=16, mixup=0.0)
"""Rates, and numbers of epochs below, were found on synthetic identities that no figure is told of."""


@dataclass(frozen=True)
class FaceLearner(NetworkLearner):
    """A network that reads faces; a candidate is a number of epochs.

    Attributes
    ----------
    brightened
        Whether the frames that it is given went through LLEM before: see `behind_llem`.
    """

    candidates: tuple[Hashable, ...] = (60,)
    how: ClipTraining = _FRAMES_HOW
    form: Form | None = FACES
    brightened: bool = False

    @property
    def takes(self) -> str:
        """``"picture"`` or ``"frames"``."""
        return CLIP_ARCHITECTURES[self.architecture].takes

    @property
    def for_dark(self) -> bool:
        """Whether it is made for little light, and to be asked there: AGMENet, also without one of its parts."""
        return self.architecture == "agmenet"


_FRAMES = (("shape", CLIP_ARCHITECTURES["agmenet"].shape),)
# LLEM is not trained along, so its answer is worked out once, and what is trained is the part behind it.
_AGMENET = (*_FRAMES, ("llem", False))

FACE_LEARNERS: dict[str, FaceLearner] = {
    learner.name: learner
    for learner in (
        FaceLearner("learnet", "LEARNet", candidates=(30,), architecture="learnet", how=_PICTURES_HOW),
        FaceLearner(
            "resnet", "ResNet-18, a quarter as wide", candidates=(30,), architecture="resnet", how=_PICTURES_HOW
        ),
        FaceLearner("clip-cnn-lstm", "CNN-LSTM over frames", architecture="clip_cnn_lstm", options=_FRAMES),
        FaceLearner("agmenet", "AGMENet", architecture="agmenet", options=_AGMENET, brightened=True),
        FaceLearner("agmenet-without-llem", "AGMENet without LLEM", architecture="agmenet", options=_AGMENET),
        *(
            FaceLearner(
                f"agmenet-without-{part}",
                f"AGMENet without {part}",
                architecture="agmenet",
                options=(*_AGMENET, (part, False)),
                brightened=True,
            )
            for part in ("attention", "ensemble")
        ),
    )
}
"""By name."""


def face_learner(name: str) -> FaceLearner:
    """Return a learner by name.

    Raises
    ------
    ModelError
        For a name that is not in `FACE_LEARNERS`.
    """
    if name not in FACE_LEARNERS:
        raise ModelError(f"There is no learner {name!r} for faces.", f"There are: {', '.join(FACE_LEARNERS)}.")
    return FACE_LEARNERS[name]


def behind_llem(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the shipped LLEM, the one in front of a whole AGMENet, makes of each frame.

    Parameters
    ----------
    frames
        (n, T, height, width, 1) float32, gray in 0..1.

    Returns
    -------
    ndarray
        The same shape, float32 in 0..1; bright frames go through it as well, as in the network.
    """
    import keras

    from engine.models import llem  # noqa: F401 - its layers are in the saved network

    network = keras.saving.load_model(llem_weights(), compile=False)
    return np.stack([np.asarray(network.predict_on_batch(clip), np.float32) for clip in frames])
