"""The first directory of a TIFF file: read within bounds, and written anew with nothing but what rows are made of.

Later directories, sub-directories, text and profiles are never followed, so loops and giant tags cost nothing.
(TIFF 6.0, Adobe 1992, section 2; BigTIFF as in libtiff's description.)
"""

import struct
from dataclasses import dataclass

import numpy as np

from engine.images import refusal

KIND = "TIFF"
# A directory written by a camera has some sixty entries.
_MAX_ENTRIES = 1000
_SHORT, _LONG = 3, 4
# Types that hold whole numbers: byte, short, long, undefined bytes, 8-byte long, 8-byte offset.
_NUMBERS = {1: "u1", _SHORT: "u2", _LONG: "u4", 7: "u1", 13: "u4", 16: "u8", 18: "u8"}


@dataclass(frozen=True)
class Directory:
    """Where the values of each tag of the first directory lie.

    Attributes
    ----------
    data
        The file.
    order
        ``<`` or ``>``, the byte order.
    entries
        For each tag its numpy type, the count of its values, and their place in the file.
    """

    data: bytes
    order: str
    entries: dict[int, tuple[str, int, int]]

    def __contains__(self, tag: int) -> bool:
        return tag in self.entries

    def numbers(self, tag: int, most: int) -> np.ndarray:
        """Return the values of a tag as uint64, empty where the tag is missing; at most ``most`` may be there."""
        if tag not in self.entries:
            return np.empty(0, np.uint64)
        kind, count, place = self.entries[tag]
        if count > most:
            raise refusal.too_laborious(KIND)
        if place + count * np.dtype(kind).itemsize > len(self.data):
            raise refusal.cut_short(KIND)
        return np.frombuffer(self.data, self.order + kind, count, place).astype(np.uint64)

    def number(self, tag: int, default: int) -> int:
        """Return the first value of a tag, or ``default`` where the tag is missing."""
        values = self.numbers(tag, 65_536)
        return int(values[0]) if len(values) else default


def read_directory(data: bytes) -> Directory:
    """Read the first directory of a TIFF or BigTIFF file.

    Raises
    ------
    ImageError
        When the file ends before its first directory does, or the directory is no directory.
    """
    if len(data) < 16:
        raise refusal.cut_short(KIND)
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    offset, count, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    inline = struct.calcsize(offset)
    size = struct.calcsize("<" + entry) + inline
    (start,) = struct.unpack_from(order + offset, data, 8 if big else 4)
    if start + struct.calcsize("<" + count) > len(data):
        raise refusal.cut_short(KIND)
    (entries,) = struct.unpack_from(order + count, data, start)
    start += struct.calcsize("<" + count)
    if not 1 <= entries <= _MAX_ENTRIES:
        raise refusal.damaged(KIND)
    if start + entries * size + inline > len(data):  # the place of the next directory follows the entries
        raise refusal.cut_short(KIND)
    found: dict[int, tuple[str, int, int]] = {}
    for at in range(start, start + entries * size, size):
        tag, kind, values = struct.unpack_from(order + entry, data, at)
        if kind not in _NUMBERS:
            continue  # text, fractions and the like: nothing that rows are made of
        place = at + size - inline
        if values * np.dtype(_NUMBERS[kind]).itemsize > inline:
            (place,) = struct.unpack_from(order + offset, data, place)
        found.setdefault(tag, (_NUMBERS[kind], values, place))
    return Directory(data, order, found)


def with_new_directory(data: bytes, order: str, tags: dict[int, list[int]]) -> bytes:
    """Return the file with a new first and only directory, which refers to the old data by their old offsets.

    Parameters
    ----------
    data
        The file; its first 8 bytes are replaced by a plain TIFF header.
    order
        ``<`` or ``>``, the byte order.
    tags
        Values for each tag; all are written as 4-byte numbers, which every tag used here allows.
    """
    start = len(data) + len(data) % 2
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, start)
    directory = bytearray(struct.pack(order + "H", len(tags)))
    beyond = start + 2 + 12 * len(tags) + 4
    values_beyond = bytearray()
    for tag, values in sorted(tags.items()):
        packed = np.array(values, order + "u4").tobytes()
        directory += struct.pack(order + "HHI", tag, _LONG, len(values))
        if len(values) == 1:
            directory += packed
        else:
            directory += struct.pack(order + "I", beyond + len(values_beyond))
            values_beyond += packed
    return b"".join((head, data[8:], b"\0" * (len(data) % 2), directory, b"\0\0\0\0", values_beyond))
