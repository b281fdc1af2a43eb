"""An imported set on disk: ``set.json``, ``table.npz``, and its pictures in one array or as the files that they were.

A picture that cannot be read is left out and named in ``set.json``. Nothing here is mapped into memory for writing: on
a full disk that would end the process, where a plain write raises an error.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import cv2
import numpy as np

from engine.arrays import Form, read_as
from engine.below import reason
from engine.datasets.face_set import FaceSet, fingerprint, plain_gray
from engine.datasets.members import FileMember, PictureFiles
from engine.emotions import FERPLUS_COLUMNS
from engine.errors import DataError, ImageError
from engine.files import write_json
from engine.kept import read_json, sound
from engine.tasks import Progress

_COLUMN = Form("iuU", ("n",), needed=False)
_TABLE = {
    "labels": Form("U", ("n",)),
    "split": _COLUMN,
    "group": _COLUMN,
    "subject": _COLUMN,
    "votes": Form("iu", ("n", len(FERPLUS_COLUMNS)), needed=False),
    "files": _COLUMN,
    "origin": Form("U", ("n",), needed=False),
}
_COUNTS = {str: int}
_NEEDED = {
    "pictures": int,
    "shape": ([int], None),
    "labels": _COUNTS,
    "splits": _COUNTS,
    "subjects": (int, None),
    "groups": (int, None),
    "votes": bool,
    "fingerprint": str,
}
_LEFT_OUT = {"file": str, "why": str}
_TOLD = {
    "source": (str, "an unknown source"),
    "imported": (str, "an unknown day"),
    "left_out": (int, 0),
    "left_out_files": ([_LEFT_OUT], []),
    "left_out_reasons": ([_LEFT_OUT | {"count": int}], []),
    "notes": ([str], []),
}
"""What a set does without: its form, and what is said instead."""
_NAMED = 100
"""So many of the pictures left out are named."""
_REASONS = 8
"""So many reasons are told."""
_CHUNK = 256


def write(folder: Path, faces: FaceSet, name: str, source: str, progress: Progress) -> None:
    """Write a set into an empty folder.

    Parameters
    ----------
    folder
        Where to.
    faces
        What.
    name, source
        The set's name, and what it was imported from, for people.
    progress
        Is told how many pictures are done.

    Raises
    ------
    DataError
        Where no picture can be read.
    """
    writing, ending = progress.split(9, 1)
    kept, unreadable, shape = _write_pictures(folder, faces, writing)
    if not kept:
        raise DataError(
            f"None of the {len(faces):,} pictures in {source} can be read (the first: {unreadable[0]['why']})",
            "Import other files.",
        )
    left_out = unreadable + [{"file": file, "why": why} for file, why in faces.left_out]
    rows = np.array(kept)
    table = {key: np.asarray(value)[rows] for key in _TABLE if (value := getattr(faces, key)) is not None}
    np.savez(folder / "table.npz", **table)
    ending.step(0, 0, "taking the fingerprint")
    stored = _face_set(folder, name, table, shape, len(kept))
    about = {
        "name": name,
        "source": source,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "pictures": len(kept),
        "shape": shape,
        "labels": dict(Counter(table["labels"].tolist())),
        "splits": dict(Counter(table["split"].tolist())) if "split" in table else {},
        "subjects": len(np.unique(table["subject"])) if "subject" in table else None,
        "groups": len(np.unique(table["group"])) if "group" in table else None,
        "votes": "votes" in table,
        "left_out": len(left_out),
        "left_out_files": left_out[:_NAMED],
        "left_out_reasons": by_reason([(each["file"], each["why"]) for each in left_out]),
        "notes": list(faces.notes),
        "fingerprint": fingerprint(stored),
    }
    write_json(folder / "set.json", about)


def by_reason(left_out: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the most frequent reasons for leaving something out, each with its count and the first file."""
    first: dict[str, str] = {}
    for file, why in left_out:
        first.setdefault(why, file)
    counts = Counter(why for _, why in left_out)
    return [{"why": why, "count": count, "file": first[why]} for why, count in counts.most_common(_REASONS)]


def about(folder: Path) -> dict[str, Any]:
    """Return what ``set.json`` says; its name is the folder's.

    Raises
    ------
    DataError
        Where it is missing or damaged, or lacks what nobody can do without.
    """
    forms = _NEEDED | {key: form for key, (form, _) in _TOLD.items()}
    try:
        said = sound(read_json(folder / "set.json"), forms)
    except (OSError, ValueError) as error:
        raise damaged(folder.name, f"set.json cannot be read: {reason(error)}") from error
    if missing := [key for key in _NEEDED if key not in said]:
        raise damaged(folder.name, f"set.json does not tell its {' and '.join(missing[:3])}")
    parts = [said["labels"], *([said["splits"]] if said["splits"] else [])]
    if said["pictures"] < 1 or any(min(each.values(), default=0) < 0 for each in parts):
        raise damaged(folder.name, "set.json counts less than one picture")
    if any(sum(each.values()) != said["pictures"] for each in parts):
        raise damaged(folder.name, "the counts in set.json do not add up")
    if said["shape"] is not None and (len(said["shape"]) not in (2, 3) or min(said["shape"]) < 1):
        raise damaged(folder.name, f"set.json tells of pictures of the shape {said['shape']}")
    return {key: instead for key, (_, instead) in _TOLD.items()} | said | {"name": folder.name}


def load(folder: Path) -> FaceSet:
    """Return a stored set; raises `DataError` where a file is missing or damaged."""
    said = about(folder)
    try:
        table = read_as(folder / "table.npz", _TABLE)
        return _face_set(folder, said["name"], table, said["shape"], said["pictures"])
    except (OSError, ValueError, EOFError, MemoryError) as error:
        raise damaged(folder.name, reason(error)) from error


def damaged(name: str, why: str) -> DataError:
    """Return the refusal of a stored set that cannot be read."""
    return DataError(f"The imported set {name!r} is damaged ({why}).", "Remove it and import it again.")


def _face_set(folder: Path, name: str, table: dict[str, np.ndarray], shape: list[int] | None, count: int) -> FaceSet:
    if shape is not None:
        pictures = np.load(folder / "pictures.npy", mmap_mode="r", allow_pickle=False)
        if pictures.dtype != np.uint8 or pictures.shape != (count, *shape):
            raise ValueError(f"pictures of {pictures.dtype} {pictures.shape}, expected uint8 {(count, *shape)}")
    else:
        files = sorted((folder / "pictures").iterdir())
        pictures = PictureFiles([FileMember(file, PurePosixPath(file.name)) for file in files])
    if not len(table["labels"]) == len(pictures) == count:
        raise ValueError(f"{len(pictures)} pictures, {len(table['labels'])} labels, expected {count}")
    columns: dict[str, Any] = {key: table.get(key) for key in _TABLE}
    return FaceSet(name, pictures, **columns)


def _write_pictures(
    folder: Path, faces: FaceSet, progress: Progress
) -> tuple[list[int], list[dict[str, str]], list[int] | None]:
    """Write the pictures; return the rows kept, what was left out and why, and the shape that all have, if one."""
    kept: list[int] = []
    left_out: list[dict[str, str]] = []
    shapes: set[tuple[int, ...]] = set()
    gray = True
    reading, copying = progress.split(4, 1)
    raw = folder / "pictures.raw"
    with raw.open("wb") as file:
        for row in range(len(faces)):
            if row % 16 == 0:
                reading.step(row, len(faces), "reading pictures")
            try:
                picture = faces.pictures[row]
            except ImageError as error:
                left_out.append({"file": "" if faces.files is None else str(faces.files[row]), "why": error.what})
                continue
            kept.append(row)
            shapes.add(picture.shape)
            if len(shapes) == 1:
                gray = gray and plain_gray(picture).ndim == 2
                file.write(np.ascontiguousarray(picture).data)
    if len(shapes) == 1:
        shape = [*shapes.pop()]
        shape = _write_array(folder, raw, len(kept), shape, gray and len(shape) == 3)
    else:
        shape = None
        _write_files(folder, faces, kept, copying)
    raw.unlink()
    return kept, left_out, shape


def _write_array(folder: Path, raw: Path, count: int, shape: list[int], drop_channels: bool) -> list[int]:
    final = shape[:2] if drop_channels else shape
    size = int(np.prod(shape))
    with raw.open("rb") as source, (folder / "pictures.npy").open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (count, *final)}
        np.lib.format.write_array_header_1_0(file, header)
        while len(chunk := np.fromfile(source, np.uint8, size * _CHUNK)):
            pictures = chunk.reshape(-1, *shape)
            file.write(np.ascontiguousarray(pictures[..., 0] if drop_channels else pictures).data)
    return final


def _write_files(folder: Path, faces: FaceSet, kept: list[int], progress: Progress) -> None:
    """Copy the files of pictures that differ in size; decoding them again takes less than the room of their pixels.

    Pictures that come from no files of their own, such as those of joined sets, are written without loss.
    """
    (folder / "pictures").mkdir()
    members = faces.pictures.members if isinstance(faces.pictures, PictureFiles) else None
    for number, row in enumerate(kept):
        if number % 16 == 0:
            progress.step(number, len(kept), "copying pictures")
        if members is None:
            picture = faces.pictures[row]
            png = cv2.imencode(".png", picture if picture.ndim == 2 else picture[..., ::-1])[1]
            (folder / "pictures" / f"{number:07d}.png").write_bytes(png.tobytes())
        else:
            file = folder / "pictures" / f"{number:07d}{members[row].path.suffix.lower()}"
            file.write_bytes(members[row].read())
