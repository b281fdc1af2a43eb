"""What learns expressions from the faces of a clip: networks from a dynamic image or gray frames, and LBP-TOP.

In the table of real micro-expressions these networks read flow maps, for want of faces: see
`engine.training.clip_learners`.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.images.lowlight import llem_weights
from engine.images.prepare import round_gray
from engine.models.registry import CLIP_ARCHITECTURES
from engine.training.clip_forms import FACES, Form
from engine.training.clip_learners import NetworkLearner
from engine.training.clip_networks import ClipTraining
from engine.training.clip_readers import SVM

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


def lbp_top_shares(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `engine.features.lbp_top.lbp_top` of gray frames, (n, T, H, W, 1) in 0..1: (n, 25 * 3 * 59) float32."""
    # Numba's loops are loaded for this reader only.
    from engine.features.lbp_top import lbp_top

    return np.stack([lbp_top(clip) for clip in round_gray(255 * frames[..., 0])])


@dataclass(frozen=True)
class FrameSVM(SVM):
    """A support vector machine with radial basis functions on what a function makes of gray frames.

    The rest is as of `FaceLearner`. C was found where the networks' rates and epochs were.
    """

    candidates: tuple[Hashable, ...] = (10.0,)
    values: Callable[[NDArray], NDArray] = lbp_top_shares
    takes: ClassVar[str] = "frames"
    brightened: ClassVar[bool] = False
    for_dark: ClassVar[bool] = False


_FRAMES = (("shape", CLIP_ARCHITECTURES["agmenet"].shape),)
# LLEM is not trained along, so its answer is worked out once, and what is trained is the part behind it.
_AGMENET = (*_FRAMES, ("llem", False))

_LEARNERS: tuple[FaceLearner | FrameSVM, ...] = (
    FaceLearner("learnet", "LEARNet", candidates=(30,), architecture="learnet", how=_PICTURES_HOW),
    FaceLearner("resnet", "ResNet-18, a quarter as wide", candidates=(30,), architecture="resnet", how=_PICTURES_HOW),
    FaceLearner("clip-cnn-lstm", "CNN-LSTM over frames", architecture="clip_cnn_lstm", options=_FRAMES),
    FrameSVM("lbp-top", "RBF SVM on LBP-TOP of frames"),
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

FACE_LEARNERS = {learner.name: learner for learner in _LEARNERS}
"""By name."""


def face_learner(name: str) -> FaceLearner | FrameSVM:
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
