"""EXIF orientation: read from the bytes of an EXIF block, undone on the pixels."""

import struct

import cv2
import numpy as np

_ORIENTATION_TAG = 274
_SHORT = 3
# A first EXIF directory has some twenty entries; beyond this many the block is not one.
_MAX_ENTRIES = 1000


def orientation_of(exif: bytes) -> int:
    r"""Return the orientation (1 to 8) that an EXIF block states, 1 where it states none that is valid.

    Only the first directory is looked at, entry by entry, and nothing is followed: a hostile block costs nothing.

    Parameters
    ----------
    exif
        The block: a TIFF header and its first directory, with or without the prefix ``Exif\0\0``.

    Returns
    -------
    int
        1 upright, 2 mirrored, 3 turned by 180 degrees, 4 flipped, 5 transposed, 6 to be turned clockwise,
        7 transversed, 8 to be turned counter-clockwise (EXIF 2.32, JEITA CP-3451, section 4.6.4).
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(exif[:4]))
    if order is None or len(exif) < 10:
        return 1
    (start,) = struct.unpack_from(order + "I", exif, 4)
    if start + 2 > len(exif):
        return 1
    (count,) = struct.unpack_from(order + "H", exif, start)
    count = min(count, _MAX_ENTRIES, (len(exif) - start - 2) // 12)
    for entry in range(count):
        tag, kind, values, value = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * entry)
        if tag == _ORIENTATION_TAG:
            return value if kind == _SHORT and values == 1 and 1 <= value <= 8 else 1
    return 1


def upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Return the picture as it was meant to be seen.

    Parameters
    ----------
    pixels
        Picture as stored, (H, W, 3) uint8.
    orientation
        EXIF orientation, 1 to 8.

    Returns
    -------
    np.ndarray
        The same values, contiguous, (H, W, 3) uint8, or (W, H, 3) for orientations 5 to 8.
    """
    match orientation:
        case 2:
            return cv2.flip(pixels, 1)
        case 3:
            return cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            return cv2.flip(pixels, 0)
        case 5:
            return cv2.transpose(pixels)
        case 6:
            return cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            # Seldom met, so one slow copy rather than two quick ones: at 50 megapixels the second would not fit.
            return np.ascontiguousarray(pixels[::-1, ::-1].transpose(1, 0, 2))
        case 8:
            return cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
