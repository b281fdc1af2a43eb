"""GIF: the blocks up to the first picture are walked here, its codes are unpacked by Pillow, the rest is never read."""

import struct

import numpy as np
from PIL import Image

from engine.images import refusal
from engine.images.pixels import WHITE, from_pillow, look_up

KIND = "GIF"
# Encoders fill blocks up to 254 or 255 bytes, so 32 MB have 130,000; more would be blocks of a byte or two.
_MAX_BLOCKS = 200_000

_EXTENSION, _PICTURE = 0x21, 0x2C
_GRAPHIC_CONTROL = 0xF9


class _Cursor:
    """A place in the file that moves forward and refuses to pass the end."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at
        self.blocks = 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise refusal.cut_short(KIND)
        self.at += count
        return taken

    def skip_blocks(self) -> None:
        """Pass a chain of length-prefixed blocks and the zero that ends it."""
        while True:
            if self.at >= len(self.data):
                raise refusal.cut_short(KIND)
            length = self.data[self.at]
            self.at += 1 + length
            if length == 0:
                return
            self.blocks += 1
            if self.blocks > _MAX_BLOCKS:
                raise refusal.too_laborious(KIND)


def read(data: bytes) -> np.ndarray:
    """Decode the first picture of a GIF file on its canvas.

    Parameters
    ----------
    data
        The file, beginning with ``GIF87a`` or ``GIF89a``.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB; white where the picture is transparent or does not reach.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    cursor = _Cursor(data, 6)
    canvas_width, canvas_height, flags = struct.unpack("<HHB2x", cursor.take(7))
    palette = _take_palette(cursor, flags)
    transparent = _first_picture(cursor)
    left, top, width, height, flags = struct.unpack("<HHHHB", cursor.take(9))
    palette = _take_palette(cursor, flags) or palette
    code_bits = cursor.take(1)[0]
    start = cursor.at
    cursor.skip_blocks()
    codes = data[start : cursor.at]
    # Many programs write a canvas of 0 by 0, or one smaller than the picture, and viewers enlarge it.
    full_width, full_height = max(canvas_width, left + width), max(canvas_height, top + height)
    for wide, high in ((width, height), (full_width, full_height)):
        refusal.check_size(KIND, wide, high, stored=1, working=8, file_bytes=len(codes))
    if not 1 <= code_bits <= 8 or not palette:
        raise refusal.damaged(KIND)
    try:
        picture = Image.frombytes("L", (width, height), codes, "gif", code_bits, int(bool(flags & 0x40)), -1)
    except ValueError as error:
        raise refusal.damaged(KIND) from error
    colours = np.zeros((256, 3), np.uint8)
    colours[: len(palette) // 3] = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    if transparent is not None:
        colours[transparent] = WHITE
    rgb = look_up(from_pillow(picture), colours)
    if (full_width, full_height) == (width, height):
        return rgb
    canvas = np.full((full_height, full_width, 3), WHITE, np.uint8)
    canvas[top : top + height, left : left + width] = rgb
    return canvas


def _take_palette(cursor: _Cursor, flags: int) -> bytes:
    """Return the palette that ``flags`` announces, empty if none."""
    return cursor.take(3 << ((flags & 7) + 1)) if flags & 0x80 else b""


def _first_picture(cursor: _Cursor) -> int | None:
    """Move to the first picture and return the index that is transparent in it, if any."""
    transparent = None
    while (introducer := cursor.take(1)[0]) == _EXTENSION:
        label = cursor.take(1)[0]
        block = cursor.data[cursor.at : cursor.at + 5]
        if label == _GRAPHIC_CONTROL and len(block) == 5 and block[0] == 4:
            transparent = block[4] if block[1] & 1 else None
        cursor.skip_blocks()
    if introducer != _PICTURE:
        raise refusal.damaged(KIND)
    return transparent
