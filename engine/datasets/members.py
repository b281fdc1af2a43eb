"""The files of a source, whether they lie in a folder or in a zip."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

import numpy as np

from engine import settings
from engine.below import files_below, is_systems, open_file, reason
from engine.errors import ImageError
from engine.images import decode
from engine.images.kinds import PICTURE_SUFFIXES
from engine.images.kinds import is_picture as begins_as_picture

_HEAD = 512  # bytes by which a file of unknown ending is told

LeftOut = tuple[str, str]
"""What of a source is not in the set, and why, as a sentence."""


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
        """Open it for reading; raises `OSError` where that is not possible, also for a pipe or a device."""
        return open_file(self.file)

    def read(self) -> bytes:
        """Return all its bytes; raises `ImageError` where they cannot be had."""
        try:
            with self.open() as file:
                return file.read(settings.IMAGE_MAX_BYTES + 1)  # a larger one is refused: no need to read it all
        except OSError as error:
            raise ImageError(
                f"{self.path} cannot be read ({reason(error)}).", "Check the file and its permissions."
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
    """Tell by its name, and where that has no known ending by how it begins, whether a file is a picture."""
    if member.path.suffix.lower() in PICTURE_SUFFIXES:
        return True
    if member.path.suffix.lower() in _NO_PICTURES:
        return False
    try:
        with member.open() as file:
            return begins_as_picture(file.read(_HEAD))
    except Exception:  # what a damaged zip makes this raise is said where the set is read
        return False


_NO_PICTURES = {".csv", ".npz", ".txt", ".json", ".xml", ".md"}
"""Endings for which a file is not looked into."""


def is_junk(path: PurePosixPath) -> bool:
    """Tell whether a file is none of the user's: what systems leave behind, and all that is hidden."""
    return any(part.startswith(".") or is_systems(part) for part in path.parts)


def members_of_folder(folder: Path, left_out: list[LeftOut]) -> list[Member]:
    """Return the files below a folder that are not junk, ordered by name; ``left_out`` is given what cannot be read."""
    members: list[Member] = []
    for below in files_below(folder, hidden=False):
        path = PurePosixPath(below.path.relative_to(folder).as_posix())
        if below.why is None or path.suffix.lower() in PICTURE_SUFFIXES:
            members.append(FileMember(below.path, path))  # a pipe called picture.jpg is a picture that cannot be read
        else:
            left_out.append((str(path), f"{below.why[:1].upper()}{below.why[1:]}."))
    return sorted(members, key=lambda member: member.path)
