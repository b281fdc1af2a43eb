"""HEIC and AVIF: the container that both share is walked and judged, then decoded in a bounded process.

A file of either kind is a list of boxes (ISO/IEC 14496-12). The box ``meta`` names items, among them the primary one, a
coded picture or a grid of such, and says of each where its bytes lie and how large it is (ISO/IEC 23008-12). AV1 is
decoded by Pillow (libavif, dav1d); the HEVC of a HEIC picture tile by tile by FFmpeg's own decoder, which comes with
PyAV. Transparency of a HEIC picture and high dynamic range are not applied.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from engine.images import bounded, refusal
from engine.images.orientation import upright
from engine.images.pixels import by_bands, over_white

HEIC, AVIF = "HEIC", "AVIF"
_MOST_BOXES = 20_000  # a picture of 48 megapixels has some 200 items of 5 boxes
_MOST_TILES = 1024
# By quarter turns against the clock, then by what is mirrored after them: nothing, top and bottom, left and right.
_ORIENTATIONS = ((1, 4, 2), (8, 5, 7), (3, 2, 4), (6, 7, 5))


@dataclass
class Item:
    """One item of the container.

    Attributes
    ----------
    kind
        Such as ``hvc1``, ``av01``, ``grid`` or ``Exif``.
    extents
        Where its bytes lie, as offset and length, in the file or, where ``inside``, in the box ``idat``.
    properties
        The boxes that describe it, by name.
    parts
        The items that it is made of, in order.
    """

    kind: bytes = b""
    inside: bool = False
    extents: list[tuple[int, int]] = field(default_factory=list)
    properties: dict[bytes, bytes] = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as the container states them."""
        if len(stated := self.properties.get(b"ispe", b"")) < 12:
            raise refusal.damaged("HEIF")
        width, height = struct.unpack_from(">II", stated, 4)
        return width, height


@dataclass
class Picture:
    """The primary picture of a container.

    Attributes
    ----------
    kind, width, height
        What it is, and its size as stored.
    aperture
        The part that is shown, as left, top, width and height.
    orientation
        As EXIF numbers it.
    columns, tiles, tile_size, settings, colours
        How many coded pictures stand side by side, the bytes of each by row, and of all the size, the colours and the
        decoder's configuration where that is HEVC's.
    """

    kind: str
    width: int
    height: int
    aperture: tuple[int, int, int, int]
    orientation: int
    columns: int
    tiles: list[bytes]
    tile_size: tuple[int, int]
    settings: bytes
    colours: bytes


def read(data: bytes) -> np.ndarray:
    """Decode the primary picture of a HEIC or AVIF file.

    Parameters
    ----------
    data
        The file, beginning with its ``ftyp`` box.

    Returns
    -------
    np.ndarray
        (H, W, 3) uint8 RGB, turned and mirrored as the container says; white where an AVIF picture is transparent.

    Raises
    ------
    ImageError
        When the file is not one whole picture, or not one that is allowed.
    """
    picture = walk(data)
    avif = picture.kind == AVIF
    # The worker holds 28 bytes a pixel of an AVIF picture; of a HEIC picture it fills the one array of the answer.
    working, stored = (37, 4) if avif else (9, 3)
    refusal.check_size(
        picture.kind, picture.width, picture.height, stored=stored, working=working, file_bytes=len(data)
    )
    samples = bounded.decode(picture.kind, data)
    if samples.shape[:2] != (picture.height, picture.width):
        raise refusal.damaged(picture.kind)
    if avif:
        samples = by_bands(samples, lambda band: over_white(band[..., :3], band[..., 3]))
    left, top, width, height = picture.aperture
    return upright(np.ascontiguousarray(samples[top : top + height, left : left + width]), picture.orientation)


def walk(data: bytes) -> Picture:
    """Return the primary picture as the container describes it; raises `ImageError` as `read`."""
    kind = AVIF if b"avi" in data[8:64] else HEIC
    try:
        return _picture(kind, data)
    except (struct.error, IndexError, KeyError) as error:
        raise refusal.damaged(kind) from error


def _picture(kind: str, data: bytes) -> Picture:
    top = dict(_boxes(memoryview(data), kind))
    if b"meta" not in top:
        raise refusal.unsupported(kind, "a sequence without a still") if b"moov" in top else refusal.damaged(kind)
    meta = top[b"meta"]
    primary, items, inside = _items(meta[4:], kind)
    item = items[primary]
    if item.kind not in (b"hvc1", b"av01", b"grid"):
        raise refusal.unsupported(kind, f"a picture of the type {item.kind.decode('latin-1')!r}")
    width, height = item.size
    coded, columns, rows = [item], 1, 1
    if item.kind == b"grid":
        rows, columns, width, height = _grid(b"".join(_bytes_of(item, data, inside, kind)))
        if rows * columns > _MOST_TILES:
            raise refusal.too_laborious(kind)
        coded = [items[part] for part in item.parts]
        if len(coded) != rows * columns or len({each.size for each in coded}) != 1:
            raise refusal.damaged(kind)
    if {each.kind for each in coded} == {b"av01"}:
        kind = AVIF
    elif {each.kind for each in coded} == {b"hvc1"}:
        kind = HEIC
    else:
        raise refusal.unsupported(kind, "pictures of several types")
    tile = coded[0].size
    if not (tile[0] * columns >= width > 0 and tile[1] * rows >= height > 0):
        raise refusal.damaged(kind)
    turned = item.properties.get(b"irot", b"\0")[0] & 3
    mirrored = 1 + (item.properties[b"imir"][0] & 1) if b"imir" in item.properties else 0
    tiles = [b"".join(_bytes_of(each, data, inside, kind)) for each in coded]
    settings = coded[0].properties.get(b"hvcC", b"")
    colours = item.properties.get(b"colr") or coded[0].properties.get(b"colr", b"")
    if kind == HEIC and (not settings or any(each.properties.get(b"hvcC") != settings for each in coded)):
        raise refusal.damaged(kind)
    orientation = _ORIENTATIONS[turned][mirrored]
    aperture = _aperture(item.properties.get(b"clap"), width, height, kind)
    return Picture(kind, width, height, aperture, orientation, columns, tiles, tile, settings, colours)


def _aperture(box: bytes | None, width: int, height: int, kind: str) -> tuple[int, int, int, int]:
    """Return the part of a picture that is shown: ISO/IEC 14496-12, "clean aperture"."""
    if box is None:
        return 0, 0, width, height
    numbers = struct.unpack_from(">IIIIiIiI", box)
    if not all(numbers[1::2]):
        raise refusal.damaged(kind)
    wide, high, right, down = (Fraction(*numbers[at : at + 2]) for at in (0, 2, 4, 6))
    left, top = (Fraction(width - 1, 2) + right - (wide - 1) / 2, Fraction(height - 1, 2) + down - (high - 1) / 2)
    shown = int(left), int(top), int(wide), int(high)
    if min(shown[:2]) < 0 or min(shown[2:]) < 1 or shown[0] + shown[2] > width or shown[1] + shown[3] > height:
        raise refusal.damaged(kind)
    return shown


def _boxes(data: memoryview, kind: str) -> Iterator[tuple[bytes, memoryview]]:
    """Yield name and body of each box."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            raise refusal.damaged(kind)
        if at + size > len(data):
            if name == b"mdat" or not name.strip(b"\0"):
                return  # what is missing of the pictures themselves is told where they are taken out
            raise refusal.cut_short(kind)
        yield name, data[at + head : at + size]
        at += size
    raise refusal.too_laborious(kind)


def _items(meta: memoryview, kind: str) -> tuple[int, dict[int, Item], bytes]:
    """Return the number of the primary item, all items, and the bytes that lie in the box itself."""
    primary, inside = -1, b""
    items: defaultdict[int, Item] = defaultdict(Item)
    for name, body in _boxes(meta, kind):
        version = body[0] if len(body) else 0
        if name == b"pitm":
            (primary,) = struct.unpack_from(">H" if version == 0 else ">I", body, 4)
        elif name == b"idat":
            inside = bytes(body)
        elif name == b"iinf":
            for inner, entry in _boxes(body[6 if version == 0 else 8 :], kind):
                if inner == b"infe" and entry[0] >= 2:
                    form = ">HH4s" if entry[0] == 2 else ">IH4s"
                    number, _, items_kind = struct.unpack_from(form, entry, 4)
                    items[number].kind = items_kind
        elif name == b"iref":
            for inner, entry in _boxes(body[4:], kind):
                if inner == b"dimg":
                    form = "H" if version == 0 else "I"
                    number, count = struct.unpack_from(f">{form}H", entry)
                    if count > _MOST_TILES:
                        raise refusal.too_laborious(kind)
                    items[number].parts = list(
                        struct.unpack_from(f">{count}{form}", entry, struct.calcsize(f">{form}H"))
                    )
        elif name == b"iloc":
            _locate(body, items, kind)
        elif name == b"iprp":
            _describe(body, items, kind)
    if primary not in items:
        raise refusal.damaged(kind)
    return primary, dict(items), inside


def _locate(body: memoryview, items: defaultdict[int, Item], kind: str) -> None:
    version, sizes = body[0], int.from_bytes(body[4:6], "big")
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    at = 6

    def number(size: int) -> int:
        nonlocal at
        if at + size > len(body):
            raise refusal.damaged(kind)
        at += size
        return int.from_bytes(body[at - size : at], "big")

    wide = 2 if version < 2 else 4
    for _ in range(min(number(wide), _MOST_BOXES)):
        item = items[number(wide)]
        method = number(2) & 15 if version else 0
        if number(2) or method > 1:
            raise refusal.unsupported(kind, "bytes of another file")
        item.inside = method == 1
        base = number(base_size)
        for _ in range(min(number(2), _MOST_TILES)):
            number(index_size)
            item.extents.append((base + number(offset_size), number(length_size)))


def _describe(body: memoryview, items: defaultdict[int, Item], kind: str) -> None:
    known: list[tuple[bytes, bytes]] = []
    for name, inner in _boxes(body, kind):
        if name == b"ipco":
            known += [(each, bytes(described)) for each, described in _boxes(inner, kind)]
        elif name == b"ipma":
            wide, long = inner[0] >= 1, inner[3] & 1
            (count,) = struct.unpack_from(">I", inner, 4)
            at = 8
            for _ in range(min(count, _MOST_BOXES)):
                number, several = struct.unpack_from(">IB" if wide else ">HB", inner, at)
                at += 5 if wide else 3
                for _ in range(several):
                    index = int.from_bytes(inner[at : at + 1 + long], "big") & (0x7FFF if long else 0x7F)
                    at += 1 + long
                    if 0 < index <= len(known):
                        items[number].properties.setdefault(*known[index - 1])


def _bytes_of(item: Item, data: bytes, inside: bytes, kind: str) -> Iterator[bytes]:
    source = inside if item.inside else data
    for offset, length in item.extents:
        part = source[offset : offset + length] if length else source[offset:]
        if len(part) < length or not part:
            raise refusal.cut_short(kind)
        yield part


def _grid(body: bytes) -> tuple[int, int, int, int]:
    """Return rows, columns, width and height of a grid."""
    _, flags, rows, columns = struct.unpack_from(">BBBB", body)
    width, height = struct.unpack_from(">II" if flags & 1 else ">HH", body, 4)
    return rows + 1, columns + 1, width, height


def decode_heic(data: bytes) -> np.ndarray:
    """Decode the tiles of a HEIC picture, in the worker: (H, W, 3) uint8 RGB as stored.

    Raises
    ------
    ImageError
        For a tile that cannot be decoded or has another size than the container says.
    """
    # Not above: what decodes video is needed in the worker only.
    import av

    picture = walk(data)
    wide, high = picture.tile_size
    decoder = av.CodecContext.create("hevc", "r")
    decoder.extradata = picture.settings
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str((wide + 128) * (high + 128)), "err_detect": "explode"}
    rgb = np.empty((picture.height, picture.width, 3), np.uint8)
    look = _colours(picture.colours)
    for number, tile in enumerate(picture.tiles):
        try:
            frames = [*decoder.decode(av.Packet(tile)), *decoder.decode(None)]
        except av.FFmpegError as error:
            raise refusal.damaged(HEIC) from error
        decoder.flush_buffers()
        if len(frames) != 1 or (frames[0].width, frames[0].height) != (wide, high):
            raise refusal.damaged(HEIC)
        top, left = number // picture.columns * high, number % picture.columns * wide
        place = rgb[top : top + high, left : left + wide]
        place[:] = frames[0].reformat(format="rgb24", **look).to_ndarray()[: place.shape[0], : place.shape[1]]
    return rgb


def _colours(box: bytes) -> dict[str, int]:
    """Return how PyAV is to understand colours that the container describes; nothing where the coded picture does."""
    if box[:4] != b"nclx" or len(box) < 11:
        return {}
    (matrix,) = struct.unpack_from(">H", box, 8)
    # By ISO/IEC 23091-2: BT.709 is 1, BT.601 5 and 6, BT.2020 9; in FFmpeg's numbers for the same.
    of = {1: 1, 5: 5, 6: 5, 9: 9}.get(matrix)
    known = {"src_color_range": 2 if box[10] & 0x80 else 1}
    return known if of is None else known | {"src_colorspace": of}
