"""The pictures that the figures are measured on."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from engine.settings import CROP_SIZE

COPIED = 0.25
OCTAVES = ((3, 32.0), (6, 21.0), (12, 13.0), (24, 9.0), (48, 5.0))  # values a side, gray levels
# So strong that as many of them are worth a closer look as of FER2013's faces: about ten pairs a picture.


def portrait() -> NDArray[np.uint8]:
    """Return scikit-image's astronaut, 480 pixels high, in the middle of a gray photo: (480, 640, 3) RGB."""
    photo = Image.new("RGB", (640, 480), (128, 128, 128))
    photo.paste(Image.fromarray(data.astronaut()).resize((480, 480), Image.Resampling.LANCZOS), (80, 0))
    return np.asarray(photo)


def portrait_jpeg() -> bytes:
    """Return the same picture as a JPEG file of quality 90."""
    file = io.BytesIO()
    Image.fromarray(portrait()).save(file, "JPEG", quality=90)
    return file.getvalue()


def pictures_with_copies(count: int, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Make face-like pictures, a quarter of them altered copies of others: it is known which.

    An original is the mean of scikit-image's hundred small faces under random structure of every size, which takes the
    place of what makes a person and a photograph. A copy is scaled by up to a tenth, moved by up to 2 pixels, made
    brighter or darker and encoded as a JPEG; one in five is mirrored.

    Parameters
    ----------
    count
        Number of pictures.
    seed
        Of everything random.

    Returns
    -------
    tuple
        (count, 48, 48) uint8, and (count,) the number that a picture shares with its copies.
    """
    random = np.random.default_rng(seed)
    mean = (255 * data.lfw_subset()[:100].mean(axis=0)).astype(np.float32)
    face = cv2.resize(mean, (CROP_SIZE, CROP_SIZE))
    originals = round(count * (1 - COPIED))
    group = np.concatenate([np.arange(originals), random.integers(0, originals, count - originals)])
    pictures = np.empty((count, CROP_SIZE, CROP_SIZE), np.uint8)
    for row in range(originals):
        gray = face.copy()
        for values, strength in OCTAVES:
            layer = random.standard_normal((values, values), np.float32) * strength
            gray += cv2.resize(layer, (CROP_SIZE, CROP_SIZE), interpolation=cv2.INTER_CUBIC)
        pictures[row] = np.clip(gray, 0, 255)
    for row in range(originals, count):
        pictures[row] = altered(pictures[group[row]], random)
    order = random.permutation(count)
    return pictures[order], group[order]


def altered(picture: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return a copy, (48, 48) like the original, changed in every way named above."""
    scale = random.uniform(0.9, 1.1)
    shift = random.uniform(-2, 2, 2) + (1 - scale) * (CROP_SIZE - 1) / 2
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    copy = cv2.warpAffine(picture, matrix, picture.shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if random.random() < 0.2:
        copy = copy[:, ::-1]
    copy = np.clip(random.uniform(0.7, 1.2) * copy + random.uniform(-20, 20), 0, 255).astype(np.uint8)
    _, file = cv2.imencode(".jpg", copy, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 95))])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)
