"""BMP: the header is read and held against the size of the file, then Pillow unpacks the rows."""

import io
import struct

import numpy as np
from PIL import Image

from engine.images import refusal
from engine.images.pixels import WHITE, by_bands, from_pillow, gray_to_rgb, over_white

KIND = "BMP"
# Pillow unpacks run lengths in Python, at about 1 microsecond a run of two bytes.
_MAX_RUN_BYTES = 2**20

_CORE_HEADER = 12
_HEADERS = (_CORE_HEADER, 40, 52, 56, 64, 108, 124)
_PLAIN, _RUNS_8, _RUNS_4, _MASKS = 0, 1, 2, 3


def read(data: bytes) -> np.ndarray:
    """Decode a BMP file.

    Parameters
    ----------
    data
        The file, beginning with ``BM``.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, transparent parts white.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    _check(data)
    with Image.open(io.BytesIO(data), formats=["BMP"]) as stored:
        image = stored.convert("RGB") if stored.mode == "P" else stored
        mode, samples = image.mode, from_pillow(image)
    if mode == "1":
        return gray_to_rgb(samples * np.uint8(WHITE))
    if mode == "L":
        return gray_to_rgb(samples)
    # Many programs reserve an alpha channel and leave it zero; a picture that is nowhere visible is not meant.
    if mode == "RGBA" and samples[..., 3].any():
        return by_bands(samples, lambda band: over_white(band[..., :3], band[..., 3]))
    return np.ascontiguousarray(samples[..., :3])


def _check(data: bytes) -> None:
    """Refuse a header that does not describe the rows which follow."""
    if len(data) < 26:
        raise refusal.cut_short(KIND)
    start, header = struct.unpack_from("<II", data, 10)
    if header not in _HEADERS:
        raise refusal.damaged(KIND)
    if len(data) < 14 + header:
        raise refusal.cut_short(KIND)
    if header == _CORE_HEADER:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        compression = _PLAIN
    else:
        width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, 18)
        height = abs(height)  # negative: stored from the top down
    if bits not in (1, 4, 8, 16, 24, 32) or width < 0:
        raise refusal.damaged(KIND)
    if compression not in (_PLAIN, _RUNS_8, _RUNS_4, _MASKS):
        raise refusal.unsupported(KIND, f"compression number {compression}")
    # Pillow's picture, for a palette also its RGB; the samples; the result.
    working = 8 if bits <= 8 else 11 if bits == 32 else 7
    refusal.check_size(KIND, width, height, stored=bits / 8, working=working, file_bytes=len(data))
    row = (width * bits + 31) // 32 * 4
    if compression in (_RUNS_8, _RUNS_4):
        if len(data) - start > _MAX_RUN_BYTES:
            raise refusal.too_laborious(KIND)
    elif start < 14 + header or start + row * height > len(data):
        raise refusal.cut_short(KIND)
