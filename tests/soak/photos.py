"""Photos for crowds: somebody in front of something, as large as a phone's."""

import cv2
import numpy as np
from skimage import data


def photo(megapixels, number):
    """Return a JPEG of so many megapixels with one face in it; each number is another file."""
    random = np.random.default_rng(number)
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = round(height * 4 / 3)
    coarse = random.integers(40, 200, (24, 32, 3)).astype(np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    # Grain, as a camera's: without it the file would be far smaller than a photo's.
    grain = random.integers(-6, 7, (512, 512, 3)).astype(np.int16)
    grain = np.tile(grain, (height // 512 + 1, width // 512 + 1, 1))[:height, :width]
    picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    side = round(height * random.uniform(0.5, 0.9))
    top, left = (int(random.integers(0, room - side + 1)) for room in (height, width))
    picture[top : top + side, left : left + side] = cv2.resize(data.astronaut()[..., ::-1], (side, side))
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
