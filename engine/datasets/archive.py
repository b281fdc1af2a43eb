"""Data sets in a zip: read where they lie, never unpacked to disk, and judged before a byte of them is."""

import stat
import zipfile
import zlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from engine import settings
from engine.below import open_file
from engine.datasets.members import Member, is_junk
from engine.errors import DataError, ImageError
from engine.files import unpacked
from engine.images import refusal

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What reading a damaged member may raise."""

_UNPACK = "Unpack it yourself and import the folder, if you know where it comes from."
_LONGEST_END = 22 + 0xFFFF + 20  # bytes: a zip's last record, its longest comment, and the record before it
_LOCAL_HEADER = 30  # bytes in front of each file, at least
_ENTRY = 256  # bytes of the list for one file with a long name


class Archive:
    """An open zip; it can be handed to another process, which opens it anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip = zipfile.ZipFile(path)

    def __reduce__(self) -> tuple[type["Archive"], tuple[Path]]:
        return Archive, (self.path,)


class ZipMember:
    """A file in a zip."""

    def __init__(self, archive: Archive, info: zipfile.ZipInfo) -> None:
        self.archive, self.info = archive, info
        self.path = PurePosixPath(_slashed(info.filename))

    @property
    def size(self) -> int:
        """Its bytes, unpacked."""
        return self.info.file_size

    def open(self) -> IO[bytes]:
        """Open it for reading."""
        return self.archive.zip.open(self.info)

    def read(self) -> bytes:
        """Return all its bytes; raises `ImageError` where it is damaged or larger than a picture may be."""
        if self.size > settings.IMAGE_MAX_BYTES:
            raise refusal.too_many_bytes(self.size)
        try:
            return unpacked(self.archive.zip, self.info)
        except BROKEN as error:
            raise ImageError(
                f"{self.path} is damaged inside the zip ({error}).", "Copy or download the zip again."
            ) from error


def members_of_zip(path: Path) -> list[Member]:
    """Return the files in a zip that are not junk, ordered by name.

    Raises
    ------
    DataError
        For a zip that is damaged, encrypted, larger than `engine.settings` allows, or that holds a link or a name which
        could lead out of a folder.
    """
    try:
        with open_file(path) as file:
            _check_directory(path.name, file)
        archive = Archive(path)
    except (*BROKEN, ValueError) as error:  # a name may be no text in the code page that it says
        raise DataError(
            f"{path.name} cannot be read as a zip ({error}).", "It may be cut short: copy or download it again."
        ) from error
    entries = archive.zip.infolist()
    check_sizes(path.name, entries, _UNPACK)
    for entry in entries:
        _check_name(path.name, entry)
    files = [ZipMember(archive, entry) for entry in entries if not _slashed(entry.filename).endswith("/")]
    files = [file for file in files if not is_junk(file.path)]
    if any(file.info.flag_bits & 1 for file in files):
        raise DataError(f"{path.name} is encrypted.", "Unpack it with its password and import the folder.")
    return sorted(files, key=lambda member: member.path)


def _check_directory(name: str, file: BinaryIO) -> None:
    """Judge the size of the list of files, which has to be read whole before anything else can be told."""
    end = file.seek(0, 2)
    start = file.seek(max(0, end - _LONGEST_END))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(tail):
        raise zipfile.BadZipFile("its end is missing")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    locator = tail[max(0, at - 20) : at]
    if locator[:4] == b"PK\6\7":
        file.seek(min(int.from_bytes(locator[8:16], "little"), start + at))
        size = max(size % 0xFFFFFFFF, int.from_bytes(file.read(56)[40:48], "little"))
    if size > settings.ARCHIVE_MAX_FILES * _ENTRY:
        raise DataError(f"{name} lists more files than the {settings.ARCHIVE_MAX_FILES:,} that are read.", _UNPACK)


def check_sizes(name: str, entries: Sequence[zipfile.ZipInfo], remedy: str) -> None:
    """Judge what a zip says of its files before a byte of them is read.

    Raises
    ------
    DataError
        For more files or bytes than `engine.settings` allows, an expansion that no set of pictures has, or files that
        lie over each other, so that few bytes count many times.
    """
    if len(entries) > settings.ARCHIVE_MAX_FILES:
        raise DataError(
            f"{name} holds {len(entries):,} files; at most {settings.ARCHIVE_MAX_FILES:,} are read from a zip.", remedy
        )
    size, packed = (sum(getattr(entry, size) for entry in entries) for size in ("file_size", "compress_size"))
    if size > settings.ARCHIVE_MAX_BYTES:
        raise DataError(
            f"{name} would unpack to {size / 2**30:,.1f} GB; at most {settings.ARCHIVE_MAX_BYTES / 2**30:,.0f} GB "
            "are read from a zip.",
            remedy,
        )
    harmless = max(settings.ARCHIVE_FREE_EXPANSION_BYTES, settings.ARCHIVE_MAX_EXPANSION * packed)
    if size > harmless:
        raise DataError(
            f"{name} would unpack to {size / max(packed, 1):,.0f} times its size, as no set of pictures does.",
            remedy,
        )
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    for (start, size), (after, _) in pairwise(places):
        if start + _LOCAL_HEADER + size > after:
            raise DataError(f"{name} holds files that lie over each other.", "Do not trust it; pack the files anew.")


def _check_name(name: str, entry: zipfile.ZipInfo) -> None:
    # The name as it stands in the file: zipfile shortens and mends it.
    written = _slashed(entry.orig_filename)
    parts = written.split("/")
    leads_out = written.startswith("/") or ".." in parts or "\0" in written or ":" in parts[0]
    if leads_out:
        raise DataError(
            f"{name} holds a file named {written[:80]!r}, which could leave its folder.",
            "Do not trust this zip; pack the pictures anew if they are yours.",
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DataError(f"{name} holds a link ({written[:80]!r}).", "Pack the pictures themselves.")


def _slashed(name: str) -> str:
    """Return a name with slashes: what Windows PowerShell 5.1 packs has backslashes between folders."""
    return name.replace("\\", "/")
