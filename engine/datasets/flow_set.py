"""Clips as maps of the optical flow from onset to apex, the form that the composite of MEGC2019 is shared in."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets.members import FileMember
from engine.datasets.npz import read_arrays
from engine.errors import DataError
from engine.files import replace_with

SIDE = 28
"""Pixels along each side of a map (See et al. 2019, doi 10.1109/FG.2019.8756611, and the networks measured on it)."""

FORM = "It needs flow (n, 28, 28, 3) uint8, y, classes, dataset and subject."


@dataclass(frozen=True)
class FlowSet:
    """One map a clip; ``flow``, ``y``, ``dataset``, ``subject`` and ``name`` have one entry a clip.

    Attributes
    ----------
    flow
        (n, 28, 28, 3) uint8: horizontal flow, vertical flow, optical strain, each scaled to 0..255 within its clip.
    y
        (n,) int64, indices into ``classes``.
    classes
        Such as negative, positive, surprise.
    dataset
        (n,) str, which set the clip is from.
    subject
        (n,) str, who is seen. A name stands for one person over all sets: ``casme2/sub01``.
    name
        (n,) str, what the clip is called in its set, or None.

    Raises
    ------
    DataError
        Where an array has another shape or type, is empty, or ``y`` does not index ``classes``.
    """

    flow: NDArray[np.uint8]
    y: NDArray[np.int64]
    classes: tuple[str, ...]
    dataset: NDArray[np.str_]
    subject: NDArray[np.str_]
    name: NDArray[np.str_] | None = None

    def __post_init__(self) -> None:
        _check(self)

    def __len__(self) -> int:
        return len(self.y)

    @classmethod
    def load(cls, path: Path) -> "FlowSet":
        """Read an ``.npz`` with ``flow``, ``y``, ``classes``, ``dataset``, ``subject`` and maybe ``name``.

        Raises
        ------
        DataError
            For a file that is missing, damaged, needs pickle, lacks an array, or holds one of the wrong form.
        """
        path = Path(path)
        if not path.is_file():
            raise DataError(
                f"There is no file {path}.", "Give an .npz of optical flow, as `engine clips --flow` writes."
            )
        stored = read_arrays(path.name, FileMember(path, PurePosixPath(path.name)), FORM)
        if missing := {"flow", "y", "classes", "dataset", "subject"} - stored.keys():
            raise DataError(f"{path.name} lacks {', '.join(sorted(missing))}.", FORM)
        if not np.issubdtype(stored["y"].dtype, np.integer):
            raise DataError(f"{path.name}: y is {stored['y'].dtype}.", "It must be whole numbers that index classes.")
        try:
            return cls(
                stored["flow"],
                stored["y"].astype(np.int64),
                tuple(np.atleast_1d(stored["classes"]).astype(str).tolist()),
                stored["dataset"].astype(str),
                stored["subject"].astype(str),
                stored["name"].astype(str) if "name" in stored else None,
            )
        except DataError as error:
            raise DataError(f"{path.name}: {error.what}", error.remedy) from error

    def save(self, path: Path) -> None:
        """Write it as an ``.npz`` that `load` reads: whole, or not at all.

        Raises
        ------
        DataError
            Where it cannot be written.
        """
        names: dict[str, Any] = {} if self.name is None else {"name": self.name}
        try:
            with replace_with(Path(path)) as file:
                np.savez_compressed(
                    file,
                    flow=self.flow,
                    y=self.y.astype(np.uint8),
                    classes=np.array(self.classes),
                    dataset=self.dataset,
                    subject=self.subject,
                    **names,
                )
        except OSError as error:
            raise DataError(
                f"{path} cannot be written ({error.strerror}).", "Check the folder and its space."
            ) from error


def _check(clips: FlowSet) -> None:
    flow, y = clips.flow, clips.y
    if flow.dtype != np.uint8 or flow.ndim != 4 or flow.shape[1:] != (SIDE, SIDE, 3):
        raise DataError(f"flow is {flow.dtype} of shape {flow.shape}.", FORM)
    if not len(flow):
        raise DataError("flow holds no clip.", FORM)
    for key in ("y", "dataset", "subject", "name"):
        values = getattr(clips, key)
        if values is not None and values.shape != (len(flow),):
            raise DataError(f"{key} has the shape {values.shape} for {len(flow)} clips.", "Give one entry each.")
    if len(set(clips.classes)) != len(clips.classes) or not 0 < len(clips.classes) <= 256:
        raise DataError(f"classes has {len(clips.classes)} names, not all of them different or none.", FORM)
    if y.min() < 0 or y.max() >= len(clips.classes):
        raise DataError(
            f"y holds {y.min()} to {y.max()}, classes has {len(clips.classes)} names.", "y must index classes."
        )
