"""What the way from a photo to a crop costs: known crops set into a larger frame, found and cropped again."""

from typing import Any

import cv2
import numpy as np

from engine import faces, images
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.evaluation.protocols import Answering
from engine.settings import CROP_SIZE

FRAME_HEIGHT, FRAME_WIDTH = 480, 640
SIDE = 192
"""The crops are enlarged to this side, in pixels: four times FER2013's."""


def set_into_scene(crop: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Enlarge a crop and set it at a random place into a frame of its own border's mean gray.

    Parameters
    ----------
    crop
        (height, width) uint8.
    random
        Draws the place.

    Returns
    -------
    numpy.ndarray
        (480, 640, 3) uint8.
    """
    large = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    border = np.concatenate([large[0], large[-1], large[:, 0], large[:, -1]])
    frame = np.full((FRAME_HEIGHT, FRAME_WIDTH), round(float(border.mean())), np.uint8)
    top, left = random.integers(0, FRAME_HEIGHT - SIDE), random.integers(0, FRAME_WIDTH - SIDE)
    frame[top : top + SIDE, left : left + SIDE] = large
    return np.repeat(frame[..., None], 3, axis=2)


def whole_path(model: Answering, data: FaceSet, split: str | None = None, seed: int = 0) -> dict[str, Any]:
    """Compare the bare crops with the same crops found again in a larger frame.

    Parameters
    ----------
    model
        What answers.
    data
        Gray face crops.
    split
        Name of the split, all pictures for None.
    seed
        Of the places in the frame.

    Returns
    -------
    dict
        ``n`` pictures of a class that the model knows; ``detectable``, in how many of them a face is found when the
        bare crop itself is enlarged and searched; ``found``, in how many of those it is found in the frame;
        ``found_share``; and for the pictures found in the frame ``accuracy_bare``, ``accuracy_found`` and
        ``loss_points``, their difference in percentage points.

    Raises
    ------
    DataError
        Where the set's pictures are no gray crops, or no face is found.
    """
    rows = data.rows_of(split)
    rows = rows[np.isin(data.labels[rows], model.labels)]
    random = np.random.default_rng(seed)
    bare, again, true = [], [], []
    detectable = found_count = 0
    for row in rows:
        crop = data.pictures[row]
        if crop.shape != (CROP_SIZE, CROP_SIZE):
            raise DataError(
                f"{data.name}: picture {row} is {crop.shape}.", f"This needs gray crops of {CROP_SIZE} pixels."
            )
        alone = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        is_detectable = bool(faces.analyse(np.repeat(alone[..., None], 3, axis=2)))
        found = faces.analyse(set_into_scene(crop, random))
        detectable += is_detectable
        found_count += is_detectable and bool(found)
        if found:
            bare.append(crop)
            again.append(images.round_gray(found[0].crop))
            true.append(model.labels.index(data.labels[row]))
    if not true:
        raise DataError(f"In none of the {len(rows)} pictures of {data.name} a face was found.", "Use face crops.")
    shares = [
        float((model.probabilities(np.stack(crops)).argmax(axis=1) == np.array(true)).mean()) for crops in (bare, again)
    ]
    return {
        "n": len(rows),
        "detectable": detectable,
        "found": found_count,
        "found_share": found_count / max(detectable, 1),
        "accuracy_bare": shares[0],
        "accuracy_found": shares[1],
        "loss_points": 100 * (shares[0] - shares[1]),
    }
