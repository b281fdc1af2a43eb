"""WebP: the first picture is cut out of its container, judged, and handed to libwebp as a plain still.

The lossless coding (also used for the alpha channel) lets a file of 160 KB make the decoder build 65,536 sets of code
tables, 360 to 800 MB, for any picture from 1 megapixel up, and nothing in the header tells. So larger lossless pictures
are decoded in a process of their own, with its memory and time limited (`engine.images.bounded`); it costs 60 ms.
"""

import struct
from dataclasses import dataclass

import cv2
import numpy as np

from engine.images import bounded, refusal
from engine.images.orientation import orientation_of, upright
from engine.images.pixels import WHITE, by_bands, over_white

KIND = "WebP"
# An animation has some hundred pieces; 32 MB of empty ones would keep a Python loop busy for seconds.
_MAX_PIECES = 10_000
# Lossy data decode at 33 MB/s.
_MAX_LOSSY_BYTES = 16 * 2**20
# A set of tables takes 12 KB and serves at least 4 x 4 pixels: up to here they stay below 300 MB.
_APART_FROM_PIXELS = 400_000


@dataclass
class _Outline:
    """The pieces of the container that make up the first picture."""

    canvas: tuple[int, int] | None = None
    corner: tuple[int, int] = (0, 0)
    picture: bytes = b""
    lossless: bool = False
    alpha: bytes = b""
    exif: bytes = b""

    def size(self) -> tuple[int, int]:
        """Return width and height as the picture's own header states them."""
        head = self.picture[:10]
        if self.lossless:
            if len(head) < 5 or head[0] != 0x2F:
                raise refusal.damaged(KIND)
            bits = int.from_bytes(head[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if len(head) < 10 or head[0] & 1 or head[3:6] != b"\x9d\x01\x2a":
            raise refusal.damaged(KIND)
        width, height = struct.unpack_from("<HH", head, 6)
        return width & 0x3FFF, height & 0x3FFF

    def coded_losslessly(self) -> bool:
        """Whether any part is coded losslessly: the picture or its alpha channel."""
        return self.lossless or (bool(self.alpha) and self.alpha[0] & 3 == 1)

    def still(self) -> bytes:
        """Return the first picture as a file of its own."""
        if self.lossless:
            return _container(_piece(b"VP8L", self.picture))
        if not self.alpha:
            return _container(_piece(b"VP8 ", self.picture))
        width, height = self.size()
        extended = struct.pack("<I", 0x10) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        return _container(_piece(b"VP8X", extended) + _piece(b"ALPH", self.alpha) + _piece(b"VP8 ", self.picture))


def read(data: bytes) -> np.ndarray:
    """Decode the first picture of a WebP file on its canvas.

    Parameters
    ----------
    data
        The file, beginning with ``RIFF????WEBP``.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, upright; white where the picture is transparent or does not reach.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    outline = _walk(data)
    _check(outline)
    rgb = _decode(outline)
    height, width = rgb.shape[:2]
    if outline.canvas not in (None, (width, height)):
        left, top = outline.corner
        canvas = np.full((outline.canvas[1], outline.canvas[0], 3), WHITE, np.uint8)
        canvas[top : top + height, left : left + width] = rgb
        rgb = canvas
    return upright(rgb, orientation_of(outline.exif))


def _walk(data: bytes) -> _Outline:
    if len(data) < 12:
        raise refusal.cut_short(KIND)
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise refusal.cut_short(KIND)
    outline = _Outline()
    _collect(outline, memoryview(data)[12:end])
    if not outline.picture:
        raise refusal.damaged(KIND)
    return outline


def _collect(outline: _Outline, pieces: memoryview) -> None:
    """Note the pieces that belong to the first picture; those of an animation's first frame lie one level down."""
    at = 0
    for _ in range(_MAX_PIECES):
        if at + 8 > len(pieces):
            return
        name, length = struct.unpack_from("<4sI", pieces, at)
        body = pieces[at + 8 : at + 8 + length]
        if len(body) < length:
            raise refusal.cut_short(KIND)
        at += 8 + length + length % 2
        if name == b"EXIF":
            outline.exif = bytes(body)
        elif outline.picture:
            continue
        elif name in (b"VP8 ", b"VP8L"):
            outline.picture, outline.lossless = bytes(body), name == b"VP8L"
        elif name == b"ALPH":
            outline.alpha = bytes(body)
        elif name == b"VP8X" and outline.canvas is None and length >= 10:
            outline.canvas = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
        elif name == b"ANMF" and length >= 16:
            outline.corner = (2 * int.from_bytes(body[0:3], "little"), 2 * int.from_bytes(body[3:6], "little"))
            _collect(outline, body[16:])
    raise refusal.too_laborious(KIND)


def _check(outline: _Outline) -> None:
    width, height = outline.size()
    transparent = bool(outline.alpha) or outline.lossless
    # The worker holds 28 bytes a pixel and may take 400 MB: 12.7 megapixels, which 37 here come to, leave it a margin.
    apart = outline.coded_losslessly() and width * height > _APART_FROM_PIXELS
    working = 37 if apart else 9 if transparent else 6
    stored = 4 if transparent else 3
    file_bytes = len(outline.picture) + len(outline.alpha)
    refusal.check_size(KIND, width, height, stored=stored, working=working, file_bytes=file_bytes)
    if outline.canvas is not None:
        left, top = outline.corner
        if left + width > outline.canvas[0] or top + height > outline.canvas[1]:
            raise refusal.damaged(KIND)
        refusal.check_size(KIND, *outline.canvas, stored=stored, working=working, file_bytes=file_bytes)
    if not outline.lossless and len(outline.picture) > _MAX_LOSSY_BYTES:
        raise refusal.too_laborious(KIND)


def _decode(outline: _Outline) -> np.ndarray:
    """Return the first picture, (H, W, 3) uint8 RGB over white, as stored."""
    width, height = outline.size()
    if outline.coded_losslessly() and width * height > _APART_FROM_PIXELS:
        rgba = bounded.decode(KIND, outline.still())
        return by_bands(rgba, lambda band: over_white(band[..., :3], band[..., 3]))
    flags = cv2.IMREAD_UNCHANGED if outline.lossless or outline.alpha else cv2.IMREAD_COLOR_RGB
    samples = cv2.imdecode(np.frombuffer(outline.still(), np.uint8), flags)
    if samples is None or samples.shape[:2] != (height, width):
        raise refusal.damaged(KIND)
    if flags == cv2.IMREAD_COLOR_RGB:
        return samples
    if samples.shape[2] == 4:  # blue, green, red, alpha
        return by_bands(samples, lambda band: over_white(band[..., 2::-1], band[..., 3]))
    return cv2.cvtColor(samples, cv2.COLOR_BGR2RGB)


def _piece(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _container(pieces: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(pieces)) + b"WEBP" + pieces
