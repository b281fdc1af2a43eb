"""Data sets in a zip: read where they lie, never unpacked to disk, and judged before a byte of them is."""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from engine import settings
from engine.datasets.members import Member, is_junk
from engine.errors import DataError, ImageError
from engine.images import refusal

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What reading a damaged member may raise."""

_UNPACK = "Unpack it yourself and import the folder, if you know where it comes from."
_LONGEST_END = 22 + 0xFFFF + 20  # bytes: a zip's last record, its longest comment, and the record before it
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
        self.path = PurePosixPath(info.filename)

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
            return self.archive.zip.read(self.info)
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
        _check_directory(path)
        archive = Archive(path)
    except BROKEN as error:
        raise DataError(
            f"{path.name} cannot be read as a zip ({error}).", "It may be cut short: copy or download it again."
        ) from error
    entries = archive.zip.infolist()
    _check_size(path.name, entries)
    for entry in entries:
        _check_name(path.name, entry)
    files = [ZipMember(archive, entry) for entry in entries if not entry.is_dir()]
    files = [file for file in files if not is_junk(file.path)]
    if any(file.info.flag_bits & 1 for file in files):
        raise DataError(f"{path.name} is encrypted.", "Unpack it with its password and import the folder.")
    return sorted(files, key=lambda member: member.path)


def _check_directory(path: Path) -> None:
    """Judge the size of the list of files, which has to be read whole before anything else can be told."""
    with path.open("rb") as file:
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
        raise DataError(f"{path.name} lists more files than the {settings.ARCHIVE_MAX_FILES:,} that are read.", _UNPACK)


def _check_size(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > settings.ARCHIVE_MAX_FILES:
        raise DataError(
            f"{name} holds {len(entries):,} files; at most {settings.ARCHIVE_MAX_FILES:,} are read from a zip.", _UNPACK
        )
    unpacked, packed = (sum(getattr(entry, size) for entry in entries) for size in ("file_size", "compress_size"))
    if unpacked > settings.ARCHIVE_MAX_BYTES:
        raise DataError(
            f"{name} would unpack to {unpacked / 2**30:,.1f} GB; at most {settings.ARCHIVE_MAX_BYTES / 2**30:,.0f} GB "
            "are read from a zip.",
            _UNPACK,
        )
    harmless = max(settings.ARCHIVE_FREE_EXPANSION_BYTES, settings.ARCHIVE_MAX_EXPANSION * packed)
    if unpacked > harmless:
        raise DataError(
            f"{name} would unpack to {unpacked / max(packed, 1):,.0f} times its size, as no set of pictures does.",
            _UNPACK,
        )


def _check_name(name: str, entry: zipfile.ZipInfo) -> None:
    # The name as it stands in the file: zipfile shortens and mends it.
    written = entry.orig_filename
    parts = written.split("/")
    leads_out = written.startswith("/") or ".." in parts or "\\" in written or "\0" in written or ":" in parts[0]
    if leads_out:
        raise DataError(
            f"{name} holds a file named {written[:80]!r}, which could leave its folder.",
            "Do not trust this zip; pack the pictures anew if they are yours.",
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise DataError(f"{name} holds a link ({written[:80]!r}).", "Pack the pictures themselves.")
