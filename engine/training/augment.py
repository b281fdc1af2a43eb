"""Random changes to face crops while training: what a camera, a head and a face finder vary."""

from dataclasses import dataclass

import cv2
import numpy as np

from engine.evaluation.degradations import dark, low_light, resolution


@dataclass(frozen=True)
class Augmentation:
    """How far a crop may be changed; 0 switches a change off.

    Attributes
    ----------
    flip
        Probability of a mirror image.
    rotation_deg, scale, shift_px
        Largest rotation, relative change of size and shift of the crop: what face finding and alignment vary.
    contrast, brightness
        Largest relative change of contrast, and of brightness as a share of the range 0..255.
    erase
        Probability that a rectangle of up to a third of the side is filled with the picture's mean gray.
    dark
        Probability of a picture taken in down to a twentieth of the light, on a sensor with noise.
    coarse
        Probability of a picture that had as few as a third of the pixels a side.
    compressed
        Probability of a picture that was compressed as JPEG, of quality 15 to 75.
    """

    flip: float = 0.5
    rotation_deg: float = 12.0
    scale: float = 0.12
    shift_px: float = 3.0
    contrast: float = 0.3
    brightness: float = 0.12
    erase: float = 0.3
    dark: float = 0.0
    coarse: float = 0.0
    compressed: float = 0.0


NONE = Augmentation(0, 0, 0, 0, 0, 0, 0)


def augment(crops: np.ndarray, changes: Augmentation, random: np.random.Generator) -> np.ndarray:
    """Change every crop by a draw of its own.

    Parameters
    ----------
    crops
        (n, size, size) uint8.
    changes
        How far.
    random
        Source of every draw.

    Returns
    -------
    numpy.ndarray
        (n, size, size) uint8. Whole gray levels are kept because local binary patterns depend on equal neighbours.
    """
    count, size = crops.shape[:2]
    angle = np.deg2rad(random.uniform(-1, 1, count) * changes.rotation_deg)
    zoom = np.exp(random.uniform(-1, 1, count) * np.log1p(changes.scale))
    shift = random.uniform(-1, 1, (count, 2)) * changes.shift_px
    mirror = np.where(random.random(count) < changes.flip, -1.0, 1.0)
    gain = np.asarray(1 + random.uniform(-1, 1, count) * changes.contrast)
    offset = np.asarray(random.uniform(-1, 1, count) * changes.brightness * 255)
    centre = (size - 1) / 2
    cosine, sine = zoom * np.cos(angle), zoom * np.sin(angle)
    # Maps a point of the result to a point of the crop: mirrored, rotated and scaled about the centre, then shifted.
    linear = np.stack([mirror * cosine, -sine, mirror * sine, cosine], axis=1).reshape(count, 2, 2)
    origin = centre - linear.sum(axis=2) * centre + shift
    maps = np.concatenate([linear, origin[:, :, None]], axis=2)
    result = np.empty_like(crops)
    for index, crop in enumerate(crops):
        warped = cv2.warpAffine(
            crop,
            maps[index],
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        mean = warped.mean()
        relit = (warped - mean) * gain[index] + (mean + offset[index])
        result[index] = np.clip(np.rint(relit), 0, 255)
    for erased in np.flatnonzero(random.random(count) < changes.erase):
        height, width = random.integers(size // 8, size // 3 + 1, 2)
        top, left = random.integers(0, size - height), random.integers(0, size - width)
        result[erased, top : top + height, left : left + width] = result[erased].mean()
    for change, share in ((_coarse, changes.coarse), (_dark, changes.dark), (_compressed, changes.compressed)):
        if share:
            for row in np.flatnonzero(random.random(count) < share):
                result[row] = change(result[row], random)
    return result


def _coarse(crop: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return resolution(crop, random.uniform(1.2, 3), random)


def _dark(crop: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Take a crop in less light, as a camera that amplifies what it gets, or as one that does not."""
    take = dark if random.random() < 2 / 3 else low_light
    return take(crop, float(np.exp(random.uniform(0, np.log(20)))), random)


def _compressed(crop: np.ndarray, random: np.random.Generator) -> np.ndarray:
    file = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 76))])[1]
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)
