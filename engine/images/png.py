"""PNG: chunks walked and checked by their checksums, the rows inflated and counted here, unfiltered by Pillow.

Pillow's and OpenCV's readers accept a stream that holds fewer rows than the header promises and leave the rest black.
Here the stream is inflated with an exact bound and must hold every row. Nothing but the chunks that make the first
picture is looked at, so text, profiles and animation frames, however large, cost nothing.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PIL import Image

from engine.images import refusal
from engine.images.orientation import orientation_of, upright
from engine.images.pixels import WHITE, by_bands, from_pillow, gray_to_rgb, look_up, over_white, to_8_bit

KIND = "PNG"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Encoders write 8 KB or more a chunk; 32 MB of empty ones would keep a Python loop busy for seconds.
_MAX_CHUNKS = 65_536
# Inflating and unfiltering take 8 to 12 ns a byte of rows together, colours of 16 bits are unfiltered twice. This is
# 26 megapixels of RGB, which as a photo would be a file of more than 32 MB anyway.
_MAX_ROW_BYTES = 80_000_000
# Fed in such pieces the inflater cannot produce more than 17 MB before the count is looked at.
_PIECE = 16_384

_READ_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT")


class _Colours(IntEnum):
    """The kinds of colours, by their number in the header."""

    GRAY = 0
    RGB = 2
    PALETTE = 3
    GRAY_ALPHA = 4
    RGB_ALPHA = 6


_CHANNELS = {
    _Colours.GRAY: 1,
    _Colours.RGB: 3,
    _Colours.PALETTE: 1,
    _Colours.GRAY_ALPHA: 2,
    _Colours.RGB_ALPHA: 4,
}
_DEPTHS = {
    _Colours.GRAY: (1, 2, 4, 8, 16),
    _Colours.RGB: (8, 16),
    _Colours.PALETTE: (1, 2, 4, 8),
    _Colours.GRAY_ALPHA: (8, 16),
    _Colours.RGB_ALPHA: (8, 16),
}
# The seven passes of an interlaced picture: first column and row, steps between columns and rows.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    depth: int
    colours: _Colours
    interlaced: bool

    @property
    def channels(self) -> int:
        return _CHANNELS[self.colours]

    @property
    def wide(self) -> bool:
        """Whether these are colours of 16 bits, which Pillow unpacks a byte at a time."""
        return self.depth == 16 and self.channels >= 3

    def working_bytes(self) -> float:
        """Return the bytes held for each pixel: its row, its samples, and Pillow's picture or the result."""
        in_pillow = 4 if self.channels > 1 else max(1, self.depth // 8)
        samples = self.channels * max(1, self.depth // 8)
        return self.channels * self.depth / 8 + samples + max(in_pillow, 3) + (3 if self.wide else 0)

    def row_bytes(self) -> int:
        """Return the size of all rows, each with its filter byte, of all passes."""
        passes = _PASSES if self.interlaced else ((0, 0, 1, 1),)
        total = 0
        for left, top, across, down in passes:
            columns = -((left - self.width) // across)
            rows = -((top - self.height) // down)
            if columns > 0 and rows > 0:
                total += rows * (1 + (columns * self.channels * self.depth + 7) // 8)
        return total


def read(data: bytes) -> np.ndarray:
    """Decode a PNG file; of an animated one, the picture that other readers show.

    Parameters
    ----------
    data
        The file, beginning with the PNG signature.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, upright, transparent parts white, 16 bits scaled to 8.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    chunks = _walk(data)
    header = _header(chunks)
    compressed = chunks.get(b"IDAT", b"")
    refusal.check_size(
        KIND,
        header.width,
        header.height,
        stored=header.channels * header.depth / 8,
        working=header.working_bytes(),
        file_bytes=len(compressed),
    )
    work = header.row_bytes() * (2 if header.wide else 1)
    if work > _MAX_ROW_BYTES:
        most = header.width * header.height * _MAX_ROW_BYTES / work
        raise refusal.too_large(KIND, header.width, header.height, most)
    rows = _repack(compressed, header.row_bytes())
    rgb = _to_rgb(header, rows, chunks)
    return upright(rgb, orientation_of(chunks.get(b"eXIf", b"")))


def _walk(data: bytes) -> dict[bytes, bytes]:
    """Return the chunks that make the picture, by name; the pieces of ``IDAT`` joined."""
    chunks: dict[bytes, bytes] = {}
    pieces: list[bytes] = []
    at = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if at + 12 > len(data):
            raise refusal.cut_short(KIND)
        length, name = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            raise refusal.cut_short(KIND)
        body = data[at + 8 : at + 8 + length] if name in _READ_CHUNKS else None
        at += 12 + length
        if name == b"IEND":
            chunks[b"IDAT"] = b"".join(pieces)
            return chunks
        if body is not None:
            (checksum,) = struct.unpack_from(">I", data, at - 4)
            if zlib.crc32(body, zlib.crc32(name)) != checksum:
                raise refusal.damaged(KIND)
            if name == b"IDAT":
                pieces.append(body)
            elif chunks.setdefault(name, body) is not body:
                raise refusal.damaged(KIND)
        elif not name[0] & 0x20:
            raise refusal.damaged(KIND)  # a part that must be understood, and is not
    raise refusal.too_laborious(KIND)


def _header(chunks: dict[bytes, bytes]) -> _Header:
    body = chunks.get(b"IHDR", b"")
    if len(body) != 13:
        raise refusal.damaged(KIND)
    width, height, depth, colours, compression, filtering, interlaced = struct.unpack(">IIBBBBB", body)
    if colours not in list(_Colours) or depth not in _DEPTHS[colours] or compression or filtering or interlaced > 1:
        raise refusal.damaged(KIND)
    return _Header(width, height, depth, _Colours(colours), bool(interlaced))


def _repack(compressed: bytes, size: int) -> bytearray:
    """Inflate the rows, insist on exactly ``size`` bytes, and wrap them uncompressed for Pillow's unfilter."""
    inflater, packer = zlib.decompressobj(), zlib.compressobj(0)
    packed, count = bytearray(), 0
    for at in range(0, len(compressed), _PIECE):
        try:
            piece = inflater.decompress(compressed[at : at + _PIECE], size - count + 1)
        except zlib.error as error:
            raise refusal.damaged(KIND) from error
        count += len(piece)
        if count > size:
            raise refusal.damaged(KIND)
        packed += packer.compress(piece)
        if inflater.eof:
            break
    if not inflater.eof:
        raise refusal.cut_short(KIND)
    if count != size:
        raise refusal.damaged(KIND)
    packed += packer.flush()
    return packed


def _to_rgb(header: _Header, rows: bytearray, chunks: dict[bytes, bytes]) -> np.ndarray:
    """Unfilter the rows and bring every kind of colours to RGB over white."""

    def samples(mode: str, layout: str) -> np.ndarray:
        size = (header.width, header.height)
        return from_pillow(Image.frombytes(mode, size, rows, "zip", layout, int(header.interlaced)))

    transparency = chunks.get(b"tRNS")
    match header.colours, header.depth:
        case (_Colours.GRAY, 16):
            return _keyed(samples("I;16", "I;16B")[..., np.newaxis], _key(transparency, 1))
        case (_Colours.GRAY, 8):
            return _keyed(samples("L", "L")[..., np.newaxis], _key(transparency, 1))
        case (_Colours.GRAY, depth):
            # Pillow spreads 1, 2 and 4 bits over 0 to 255; the transparent value is spread alike.
            steps = 255 // (2**depth - 1)
            gray = samples("1", "1") * np.uint8(WHITE) if depth == 1 else samples("L", f"L;{depth}")
            return _keyed(gray[..., np.newaxis], [value * steps for value in _key(transparency, 1)])
        case (_Colours.PALETTE, depth):
            return _looked_up(samples("P", "P" if depth == 8 else f"P;{depth}"), chunks.get(b"PLTE"), transparency)
        case (_Colours.GRAY_ALPHA, 8):
            return _alpha(samples("LA", "LA"))
        case (_Colours.GRAY_ALPHA, _):
            # Four bytes a pixel, read as they are: gray and alpha, high byte first.
            return _alpha(samples("RGBA", "RGBA").view(">u2"))
        case (_Colours.RGB, 8):
            rgb, key = samples("RGB", "RGB"), _key(transparency, 3)
            return _keyed(rgb, key) if key else rgb
        case (_Colours.RGB, _):
            return _keyed(_wide(samples, "RGB"), _key(transparency, 3))
        case (_, 8):
            return _alpha(samples("RGBA", "RGBA"))
        case _:
            return _alpha(_wide(samples, "RGBA"))


def _wide(samples: Callable[[str, str], np.ndarray], mode: str) -> np.ndarray:
    """Return colours of 16 bits, (H, W, C) uint16.

    Pillow keeps the high byte only; told that the low byte comes first, it keeps the other one.
    """
    wide = samples(mode, f"{mode};16B").astype(np.uint16)
    wide <<= 8
    wide |= samples(mode, f"{mode};16L")
    return wide


def _key(transparency: bytes | None, channels: int) -> list[int]:
    """Return the one colour that is transparent, a number for each channel, or an empty list."""
    if transparency is None:
        return []
    if len(transparency) != 2 * channels:
        raise refusal.damaged(KIND)
    return list(struct.unpack(f">{channels}H", transparency))


def _keyed(samples: np.ndarray, key: list[int]) -> np.ndarray:
    """Bring gray (H, W, 1) or RGB (H, W, 3) to 8 bits, white where the samples equal the transparent colour."""

    def convert(band: np.ndarray) -> np.ndarray:
        colours = to_8_bit(band)
        if key:
            colours = np.where((band == np.array(key)).all(axis=-1, keepdims=True), np.uint8(WHITE), colours)
        return colours

    if samples.shape[2] == 1 and samples.dtype == np.uint8 and not key:
        return gray_to_rgb(samples)
    return by_bands(samples, convert)


def _alpha(samples: np.ndarray) -> np.ndarray:
    """Lay gray and alpha (H, W, 2) or RGB and alpha (H, W, 4) over white."""

    def convert(band: np.ndarray) -> np.ndarray:
        eight = to_8_bit(band)
        return over_white(eight[..., :-1], eight[..., -1])

    return by_bands(samples, convert)


def _looked_up(indices: np.ndarray, palette: bytes | None, transparency: bytes | None) -> np.ndarray:
    """Look the colours of a palette picture up, laid over white beforehand."""
    if not palette or len(palette) % 3 or len(palette) > 768:
        raise refusal.damaged(KIND)
    colours = np.frombuffer(palette, np.uint8).reshape(-1, 3)
    alpha = np.full(len(colours), 255, np.uint8)
    if transparency:
        given = np.frombuffer(transparency[: len(colours)], np.uint8)
        alpha[: len(given)] = given
    return look_up(indices, over_white(colours, alpha))
