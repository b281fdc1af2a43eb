"""The files of a source, whether they lie in a folder or in a zip."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

import numpy as np

from engine.errors import ImageError
from engine.images import decode

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"}

_JUNK = {"__macosx", "thumbs.db", "desktop.ini"}


class Member(Protocol):
    """One file of a source."""

    @property
    def path(self) -> PurePosixPath:
        """Where it lies inside the source."""

    @property
    def size(self) -> int:
        """Its bytes."""

    def open(self) -> IO[bytes]:
        """Open it for reading."""

    def read(self) -> bytes:
        """Return all its bytes; raises `ImageError` for a picture of more bytes than are read."""


class FileMember:
    """A file in a folder."""

    def __init__(self, file: Path, path: PurePosixPath) -> None:
        self.file, self.path = file, path

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.file.stat().st_size

    def open(self) -> IO[bytes]:
        """Open it for reading."""
        return self.file.open("rb")

    def read(self) -> bytes:
        """Return all its bytes; raises `ImageError` where they cannot be had."""
        try:
            return self.file.read_bytes()
        except OSError as error:
            raise ImageError(
                f"{self.path} cannot be read ({error.strerror}).", "Check the file and its permissions."
            ) from error


class PictureFiles:
    """Pictures decoded from their files on access, so that a large set needs little memory."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members

    def __len__(self) -> int:
        return len(self.members)

    def __getitem__(self, index: int) -> np.ndarray:
        """Return picture ``index`` as (height, width, 3) uint8 RGB; raises `ImageError` for a file that is none."""
        return decode(self.members[index].read())


def is_picture(member: Member) -> bool:
    """Tell by its name whether a file is a picture."""
    return member.path.suffix.lower() in PICTURE_SUFFIXES


def is_junk(path: PurePosixPath) -> bool:
    """Tell whether a file is none of the user's: what systems leave behind, and all that is hidden."""
    return any(part.startswith(".") or part.lower() in _JUNK for part in path.parts)


def members_of_folder(folder: Path) -> list[Member]:
    """Return the files below a folder that are not junk, ordered by name."""
    files = ((file, PurePosixPath(file.relative_to(folder).as_posix())) for file in folder.rglob("*"))
    return sorted(
        (FileMember(file, path) for file, path in files if not is_junk(path) and file.is_file()),
        key=lambda member: member.path,
    )
