"""Pictures and picture files made for the tests: honest ones by Pillow, crooked ones by hand."""

import io
import struct
import zlib

import numpy as np
import skimage.data
from PIL import Image


def photo(height=48, width=64):
    """A part of scikit-image's bundled portrait, (height, width, 3) uint8."""
    return np.ascontiguousarray(skimage.data.astronaut()[60 : 60 + height, 180 : 180 + width])


def noise(*shape, kind=np.uint8, seed=0):
    """Evenly distributed numbers over the whole range of ``kind``."""
    return np.random.default_rng(seed).integers(0, np.iinfo(kind).max, shape, kind, endpoint=True)


def encode(picture, kind, **options):
    """The bytes of a picture (an array or a Pillow image) in a format that Pillow writes."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif_block(orientation, order="<"):
    """An EXIF block with a description, which must be passed over, and an orientation."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, 2)
    description = struct.pack(order + "HHI4s", 270, 2, 4, b"abc\0")
    entry = struct.pack(order + "HHIHH", 274, 3, 1, orientation, 0)
    return b"Exif\0\0" + head + description + entry + struct.pack(order + "I", 0)


def on_white(colours, alpha):
    """Colours laid over white, computed in floating point."""
    share = alpha[..., np.newaxis] / 255
    return np.rint(colours * share + 255 * (1 - share)).astype(np.uint8)


def three(gray):
    """A gray picture in three channels."""
    return np.repeat(np.asarray(gray)[..., np.newaxis], 3, axis=2)


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_file(width, height, depth, colours, rows, *extra, interlaced=0):
    """A PNG file from filtered rows (bytes) and further chunks that stand before the rows."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            png_chunk(b"IHDR", header),
            *extra,
            png_chunk(b"IDAT", zlib.compress(rows, 1)),
            png_chunk(b"IEND", b""),
        )
    )


def png_rows(samples):
    """Unfiltered PNG rows of an array (H, W) or (H, W, C), high byte first."""
    flat = samples.reshape(len(samples), -1)
    return b"".join(b"\0" + row.astype(row.dtype.newbyteorder(">")).tobytes() for row in flat)


def png_with(file, name, body):
    """A PNG file with one more chunk after its header."""
    return file[:33] + png_chunk(name, body) + file[33:]


def jpeg_segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_frame_at(file, markers=(0xC0, 0xC1, 0xC2)):
    """Where the body of the frame header of a JPEG file begins (after marker and length)."""
    at = 2
    while file[at + 1] not in markers:
        at += 2 + int.from_bytes(file[at + 2 : at + 4], "big")
    return at + 4


def jpeg_of_empty_scans(side, scans):
    """A progressive JPEG whose scans each say "nothing new" about all blocks of one component."""
    table = b"".join(
        (
            jpeg_segment(0xDB, b"\0" + b"\1" * 64),
            jpeg_segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0"),
            jpeg_segment(0xC4, b"\0\1" + b"\0" * 15 + b"\0"),  # differences: the symbol 0 is the bit 0
            jpeg_segment(0xC4, b"\x10\1" + b"\0" * 15 + b"\xe0"),  # others: the bit 0, then the length of an empty run
        )
    )
    blocks = (side // 8) ** 2
    first = jpeg_segment(0xDA, b"\1\1\0\0\0\0") + bytes(-(-blocks // 8))
    runs = "".join("0" + "1" * 14 for _ in range(-(-blocks // 32_767)))
    runs += "1" * (-len(runs) % 8)
    empty = int(runs, 2).to_bytes(len(runs) // 8, "big").replace(b"\xff", b"\xff\0")
    further = b"".join(
        jpeg_segment(0xDA, bytes([1, 1, 0, 1 + scan % 63, 1 + scan % 63, 0])) + empty for scan in range(scans)
    )
    return b"\xff\xd8" + table + first + further + b"\xff\xd9"


def webp_of_many_tables(side):
    """A lossless WebP in which every 4 by 4 pixels have a set of code tables of their own."""
    bits = []

    def put(value, count):
        bits.extend(value >> place & 1 for place in range(count))

    put(0x2F, 8), put(side - 1, 14), put(side - 1, 14), put(0, 4)  # header
    put(0, 1), put(0, 1), put(1, 1), put(0, 3)  # no transform, no colour cache, tables for each 4 by 4 pixels
    put(0, 1)  # the picture of table numbers: no colour cache
    for alphabet in (280, 256):  # green and red hold the number: all 256 values take 8 bits
        put(0, 1), put(8, 4)
        for symbol in (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8):
            put(symbol in (0, 8), 3)
        put(0, 1)
        bits.extend([1] * 256 + [0] * (alphabet - 256))
    one_symbol = [1, 0, 0, 0]
    bits.extend(one_symbol * 3)
    count = (side // 4) ** 2
    numbers = np.arange(count)
    both = np.stack((numbers & 255, numbers >> 8), axis=1).astype(np.uint8)
    bits = np.concatenate(
        (
            np.array(bits, np.uint8),
            np.unpackbits(both.ravel()),
            np.tile(np.array(one_symbol * 5, np.uint8), count),
        )
    )
    return webp_file((b"VP8L", np.packbits(bits, bitorder="little").tobytes()))


def webp_file(*pieces):
    """A WebP file of pieces (name, body)."""
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in pieces
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff_file(tags, data=b"", order="<", following=0, big=False):
    """A TIFF file: header, ``data`` from byte 16 on, then a directory with ``tags`` {tag: values of 4 bytes}."""
    place, unit = ("Q", 20) if big else ("I", 12)
    start = 16 + len(data)
    beyond = start + struct.calcsize("<" + ("Q" if big else "H")) + unit * len(tags) + (8 if big else 4)
    head = (b"II" if order == "<" else b"MM") + (
        struct.pack(order + "HHHQ", 43, 8, 0, start) if big else struct.pack(order + "HI", 42, start) + b"\0" * 8
    )
    directory, values_beyond = struct.pack(order + ("Q" if big else "H"), len(tags)), b""
    for tag, values in sorted(tags.items()):
        packed = struct.pack(order + f"{len(values)}I", *values)
        directory += struct.pack(order + "HH" + place, tag, 4, len(values))
        if len(packed) <= struct.calcsize(place):
            directory += packed.ljust(struct.calcsize(place), b"\0")
        else:
            directory += struct.pack(order + place, beyond + len(values_beyond))
            values_beyond += packed
    return head + data + directory + struct.pack(order + place, following) + values_beyond


def tiff_tags(width, height, **changes):
    """Tags of a plain gray picture in one strip at byte 16, with changes: t256 is tag 256, an empty list drops it."""
    tags = {256: [width], 257: [height], 258: [8], 259: [1], 262: [1], 273: [16], 277: [1], 278: [height]}
    tags[279] = [width * height]
    tags |= {int(name[1:]): values for name, values in changes.items()}
    return {tag: values for tag, values in tags.items() if values}
