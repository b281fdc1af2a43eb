"""The picture that the figures are measured on."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data


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
