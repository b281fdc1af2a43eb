"""Bytes to an upright RGB picture, whatever the bytes are: a whole, allowed picture, or one clear error."""

from collections.abc import Callable
from functools import partial

import numpy as np

from engine import settings
from engine.errors import ImageError
from engine.images import bmp, gif, heif, jpeg, others, png, refusal, tiff, webp
from engine.images.kinds import recognise

_READERS: dict[str, Callable[[bytes], np.ndarray]] = {
    "JPEG": jpeg.read,
    "PNG": png.read,
    "WebP": webp.read,
    "BMP": bmp.read,
    "GIF": gif.read,
    "TIFF": tiff.read,
    "HEIC": heif.read,
    "AVIF": heif.read,
    **{kind: partial(others.read, kind) for kind in others.PLUGINS},
}


def decode(data: bytes) -> np.ndarray:
    """Decode a picture that somebody gave us, trusting nothing about it.

    Every format of photos is first walked by code of this package: sizes, counts and offsets are held against the
    limits of :mod:`engine.settings` and against the file itself before a pixel is decoded. Then a library decodes
    exactly what was judged; formats seldom met (`engine.images.others`) are left to Pillow in a process of its own. Of
    several pictures in one file only the first is touched, of an icon's the largest. Colour profiles are not applied.

    Parameters
    ----------
    data
        The whole file: JPEG, PNG, WebP, BMP, GIF, TIFF, HEIC, AVIF or one of `engine.images.others`, at most
        ``settings.IMAGE_MAX_BYTES`` bytes.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB in C order; upright by the EXIF orientation, transparent parts white, 16 bits scaled to 8
        by their range, gray repeated in the three channels.

    Raises
    ------
    ImageError
        When the bytes are not one whole picture, or not one that is allowed; with a sentence that says what to do.
    TypeError
        When ``data`` is not bytes.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"Expected the bytes of a picture file, received {type(data).__name__}.")
    data = bytes(data)
    if not data:
        raise refusal.empty()
    if len(data) > settings.IMAGE_MAX_BYTES:
        raise refusal.too_many_bytes(len(data))
    kind = recognise(data)
    try:
        return _READERS[kind](data)
    except ImageError:
        raise
    except MemoryError as error:
        raise refusal.too_laborious(kind) from error
    except Exception as error:
        # The decoding libraries raise a dozen types for hostile bytes, from struct.error to SyntaxError. This is the
        # border at which they all become the one that a user can read; the cause stays attached.
        raise refusal.damaged(kind) from error
