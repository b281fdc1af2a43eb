"""What stands in front of a face: sunglasses, a mask, a hand, a phone, a scarf.

A network of 79 thousand parameters looks at the aligned crop in colour and says how surely each eye and the mouth are
hidden. It has learnt from faces that coverings were drawn upon; clear glasses and beards are among the bare ones.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from engine import settings
from engine.faces.align import crop_transform
from engine.faces.sampling import REPLICATE, warp_square
from engine.onnx_file import answer, open_session
from engine.settings import CROP_SIZE

if TYPE_CHECKING:
    import onnxruntime

REGIONS = ("eyes", "mouth")

# 1 % of the bare faces of the tuning part lie above each.
HIDDEN = np.array([0.79, 0.95])
# In a recording, as a share of these, what goes on being hidden before and after it surely is.
STILL_HIDDEN = 0.2


@dataclass(frozen=True)
class Covering:
    """How much of a face is hidden.

    Attributes
    ----------
    eyes, mouth
        How surely at least one eye, and the mouth, are behind something, 0 to 1.
    """

    eyes: float
    mouth: float

    @property
    def regions(self) -> tuple[str, ...]:
        """Those of `REGIONS` that cannot be read; empty for a bare face."""
        hidden = np.array([self.eyes, self.mouth]) >= HIDDEN
        return tuple(region for region, is_hidden in zip(REGIONS, hidden, strict=True) if is_hidden)


def covering(picture: np.ndarray, points: np.ndarray) -> Covering:
    """Tell what of a face is hidden.

    Parameters
    ----------
    picture
        ``(height, width)`` gray or ``(height, width, 3)`` RGB, uint8, in which the face was found.
    points
        ``(468, 2)`` or ``(468, 3)`` of the face mesh, in pixels of `picture`.

    Raises
    ------
    ModelError
        Where the network's file is missing or damaged.

    Examples
    --------
    >>> from engine.faces import analyse
    >>> from skimage import data
    >>> picture = data.astronaut()
    >>> (face,) = analyse(picture)
    >>> covering(picture, face.landmarks.points).regions
    ()
    """
    crop = warp_square(picture, crop_transform(points), CROP_SIZE, REPLICATE, oversampling=2)
    return covering_of_crop(crop if crop.ndim == 3 else cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB))


def covering_of_crop(crop: np.ndarray) -> Covering:
    """Tell what of a crop ``(48, 48, 3)``, RGB, uint8, framed as `engine.faces.align` frames it, is hidden."""
    (shares,) = answer(_session(), ["regions"], {"crop": crop[np.newaxis].astype(np.float32)})[0]
    right, left, mouth = map(float, shares)
    return Covering(max(right, left), mouth)


def covered_over_time(hidden: np.ndarray) -> np.ndarray:
    """Tell when a face is covered in a recording.

    Parameters
    ----------
    hidden
        (m, 2) `Covering.eyes` and `Covering.mouth` of one face, one after the other, a tenth of a second or so apart.

    Returns
    -------
    numpy.ndarray
        (m, 2) bool, a column for each of `REGIONS`: hidden surely, or somewhat and next to where it surely is.
    """
    # Not above: only recordings need it, and opening a page should not wait for it.
    from scipy import ndimage

    sure = hidden / HIDDEN
    covered = np.zeros(sure.shape, bool)
    for column in range(len(REGIONS)):
        stretches, _ = ndimage.label(sure[:, column] >= STILL_HIDDEN)
        surely = np.unique(stretches[sure[:, column] >= 1])
        covered[:, column] = np.isin(stretches, surely[surely > 0])
    return covered


@lru_cache(maxsize=1)
def _session() -> "onnxruntime.InferenceSession":
    return open_session(weights(), "covering", threads=1)


def weights() -> Path:
    """Return where the network lies."""
    return settings.WEIGHTS_FOLDER / "covering" / "model.onnx"
