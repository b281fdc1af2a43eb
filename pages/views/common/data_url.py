"""A picture inside the page itself: one that changes many times a second would else be asked for after it has gone."""

import base64

import cv2
import numpy as np


def inline(picture: np.ndarray) -> str:
    """Return what ``st.image`` shows without asking the server for a file.

    Parameters
    ----------
    picture
        (height, width) gray, (height, width, 3) RGB or (height, width, 4) RGBA, uint8.
    """
    order = [2, 1, 0, 3][: picture.shape[-1]]
    encoded = cv2.imencode(".png", picture if picture.ndim == 2 else picture[..., order])[1].tobytes()
    return f"data:image/png;base64,{base64.b64encode(encoded).decode()}"
