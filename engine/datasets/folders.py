"""Face sets from class folders: one folder a class, its name the class, or such folders inside split folders."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine import emotions
from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.images import decode

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"}


class PictureFiles(Sequence[np.ndarray]):
    """Pictures decoded from their files on access, so that a large folder needs little memory."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:
        """Return picture ``index`` as (height, width, 3) uint8 RGB; raises `ImageError` for a file that is none."""
        return decode(self.paths[index].read_bytes())


def read_folder(path: Path) -> FaceSet:
    """Read class folders (``happy/*.png``), or split folders of class folders (``train/happy/*.png``).

    Parameters
    ----------
    path
        The folder that holds them. A folder of another name than an expression keeps its name as the class.

    Raises
    ------
    DataError
        For a folder without pictures in class folders, or with no class that means an expression.
    """
    found: list[tuple[Path, str, str]] = []
    for folder in _folders(path):
        inner = _folders(folder)
        if inner and not emotions.known(folder.name):
            found += [(file, cls.name, folder.name) for cls in inner for file in _pictures(cls)]
        else:
            found += [(file, folder.name, "") for file in _pictures(folder)]
    if not found:
        raise DataError(
            f"{path} holds no pictures in class folders.", "Put each class's pictures in a folder named after it."
        )
    labels = np.array([emotions.canonical(name) for _, name, _ in found])
    if not any(emotions.known(label) for label in set(labels.tolist())):
        names = ", ".join(sorted(set(labels.tolist()))[:8])
        raise DataError(
            f"No folder in {path} is named after an expression (found: {names}).",
            f"Name them {', '.join(emotions.SEVEN)}.",
        )
    split = np.array([name for _, _, name in found])
    return FaceSet(path.name, PictureFiles([file for file, _, _ in found]), labels, split if split.any() else None)


def _folders(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _pictures(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
