"""HEIC files made for the tests: pictures coded by x265 through PyAV, in a container written by hand."""

import struct
from fractions import Fraction

import av
import numpy as np


def coded(picture, form="yuv444p"):
    """A picture (H, W, 3) as one HEVC picture: its bytes with lengths in front, and the decoder's configuration."""
    encoder = av.CodecContext.create("libx265", "w")
    encoder.height, encoder.width = picture.shape[:2]
    encoder.pix_fmt, encoder.time_base = form, Fraction(1, 25)
    encoder.options = {
        "preset": "ultrafast",
        "x265-params": "lossless=1:log-level=none:pools=none:frame-threads=1:info=0:range=full:colormatrix=smpte170m",
    }
    frame = av.VideoFrame.from_ndarray(picture, "rgb24")
    frame = frame.reformat(format=form, dst_colorspace=5, dst_color_range=2)
    stream = b"".join(bytes(packet) for given in (frame, None) for packet in encoder.encode(given))
    units = [unit for part in stream.split(b"\0\0\1") if (unit := part.rstrip(b"\0"))]
    sets = [unit for unit in units if unit[0] >> 1 & 63 in (32, 33, 34)]
    body = b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit[0] >> 1 & 63 < 32)
    chroma = {"yuv444p": 3, "yuv420p": 1}[form]
    head = bytes([1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 90, 0xF0, 0, 0xFC, 0xFC | chroma, 0xF8, 0xF8, 0, 0, 0x0F])
    arrays = b"".join(bytes([0x80 | unit[0] >> 1 & 63]) + struct.pack(">HH", 1, len(unit)) + unit for unit in sets)
    return body, head + bytes([len(sets)]) + arrays


def box(name, *bodies):
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name, *bodies, version=0, flags=0):
    return box(name, struct.pack(">I", version << 24 | flags), *bodies)


def heic(tiles, size, columns=1, more=(), tile_size=None, brand=b"heic", kind=b"hvc1"):
    """A file of tiles (bytes and configuration, row by row) that form a picture of a size, (width, height).

    ``more`` are boxes that describe the picture: ``irot``, ``imir``, ``clap``; ``kind`` is what its parts say they are.
    """
    tile_size = tile_size or size
    grid = len(tiles) > 1
    boxes = [
        full(b"ispe", struct.pack(">II", *tile_size)),
        box(b"hvcC", tiles[0][1]),
        full(b"ispe", struct.pack(">II", *size)),
    ]
    boxes += more
    described = [(number, [1, 2]) for number in range(1, len(tiles) + 1)]
    extra = list(range(4, 4 + len(more)))
    if grid:
        described.append((100, [3, *extra]))
    else:
        described[0][1].extend(extra)
    data = [tile for tile, _ in tiles]
    kinds = [(number, kind) for number, _ in described]
    if grid:
        kinds[-1] = (100, b"grid")
        data.append(struct.pack(">BBBBHH", 0, 0, len(tiles) // columns - 1, columns - 1, *size))
    entries = [full(b"infe", struct.pack(">HH4sB", number, 0, what, 0), version=2) for number, what in kinds]
    links = [box(b"dimg", struct.pack(f">HH{len(tiles)}H", 100, len(tiles), *range(1, len(tiles) + 1)))] if grid else []
    tied = b"".join(struct.pack(">HB", number, len(them)) + bytes(them) for number, them in described)

    def whole(start):
        at, places = start, b""
        for (number, _), part in zip(kinds, data, strict=True):
            places += struct.pack(">HHHII", number, 0, 1, at, len(part))
            at += len(part)
        meta = full(
            b"meta",
            full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            full(b"pitm", struct.pack(">H", 100 if grid else 1)),
            full(b"iinf", struct.pack(">H", len(entries)), *entries),
            *([full(b"iref", *links)] if links else []),
            box(b"iprp", box(b"ipco", *boxes), full(b"ipma", struct.pack(">I", len(described)), tied)),
            full(b"iloc", struct.pack(">HH", 0x4400, len(data)), places),
        )
        return box(b"ftyp", brand, bytes(4), b"mif1", brand) + meta

    start = len(whole(0)) + 8
    return whole(start) + box(b"mdat", *data)


def rotated(turns):
    """The box that turns a picture by quarters against the clock."""
    return box(b"irot", bytes([turns]))


def mirrored(left_and_right):
    return box(b"imir", bytes([left_and_right]))


def aperture(width, height, right=0, down=0):
    """The box that shows a part, by its size and the distance of its middle from the picture's, in half pixels."""
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, right, 2, down, 2))


def tiles_of(picture, side, form="yuv444p"):
    """A picture cut into coded squares, row by row; what lies beyond it is black."""
    height, width = picture.shape[:2]
    rows, columns = -(-height // side), -(-width // side)
    padded = np.zeros((rows * side, columns * side, 3), np.uint8)
    padded[:height, :width] = picture
    cut = padded.reshape(rows, side, columns, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    return [coded(np.ascontiguousarray(tile), form) for tile in cut], columns
