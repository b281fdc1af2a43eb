"""What a model answered for each picture of one evaluation: the record that every figure is computed from."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.arrays import Form, read_as
from engine.below import reason
from engine.errors import DataError

_ARRAYS = ("true", "probabilities", "rows", "unit", "leaked")  # of one entry a picture
_FORMS = {
    "labels": Form("U", ("k",)),
    "true": Form("iu", ("n",)),
    "probabilities": Form("f", ("n", "k")),
    "rows": Form("iu", ("n",)),
    "unit": Form("iuU", ("n",), needed=False),
    "leaked": Form("b", ("n",), needed=False),
    "about": Form("U", (3,)),
}


@dataclass(frozen=True)
class Predictions:
    """Answers to n pictures.

    Attributes
    ----------
    labels
        The k answers that the model may give.
    true
        (n,) int64, indices into ``labels``.
    probabilities
        (n, k) float32, each row sums to 1.
    rows
        (n,) int64, the pictures' rows in their face set.
    unit
        (n,) what the bootstrap draws (subjects, or groups of copies); ``None``: each picture for itself.
    leaked
        (n,) bool, whether a copy of the picture was in another split; ``None`` where nobody knows.
    data, fingerprint, part
        The face set's name and fingerprint, and which part of it these are (``"PrivateTest"``, ``"5 folds by group"``).
    """

    labels: tuple[str, ...]
    true: np.ndarray
    probabilities: np.ndarray
    rows: np.ndarray
    unit: np.ndarray | None = None
    leaked: np.ndarray | None = None
    data: str = ""
    fingerprint: str = ""
    part: str = ""

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            value = getattr(self, name)
            if value is not None and len(value) != len(self.true):
                raise ValueError(f"Expected {len(self.true)} entries of {name}. Received {len(value)}.")
        if self.probabilities.shape[1:] != (len(self.labels),):
            raise ValueError(f"Expected {len(self.labels)} columns. Received {self.probabilities.shape}.")

    def __len__(self) -> int:
        return len(self.true)

    @property
    def answered(self) -> np.ndarray:
        """The most probable label of each picture: (n,) int64, the first one where two are equal."""
        return self.probabilities.argmax(axis=1)

    def only(self, kept: np.ndarray) -> "Predictions":
        """Return the predictions of the pictures at ``kept``, a mask or indices."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        return replace(self, **{name: values[kept] for name, values in arrays.items() if values is not None})

    def save(self, path: Path | BinaryIO) -> None:
        """Write an ``.npz`` of plain arrays."""
        optional = {name: getattr(self, name) for name in ("unit", "leaked") if getattr(self, name) is not None}
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            true=self.true.astype(np.int64),
            probabilities=self.probabilities.astype(np.float32),
            rows=self.rows.astype(np.int64),
            about=np.array([self.data, self.fingerprint, self.part]),
            **optional,
        )

    @classmethod
    def load(cls, path: Path) -> "Predictions":
        """Read what `save` wrote.

        Raises
        ------
        DataError
            For a file that is missing, damaged or of another form.
        """
        try:
            arrays = read_as(path, _FORMS)
            labels, true, shares = arrays["labels"], arrays["true"], arrays["probabilities"]
            if len(set(labels.tolist())) < len(labels) or not (np.isfinite(shares) & (shares >= 0)).all():
                raise ValueError("its labels or probabilities are none")
            if len(true) and not 0 <= true.min() <= true.max() < len(labels):
                raise ValueError(f"true holds {true.min()} to {true.max()} for {len(labels)} labels")
            data, fingerprint, part = arrays["about"].tolist()
            return cls(
                tuple(labels.tolist()),
                true,
                shares,
                arrays["rows"],
                arrays.get("unit"),
                arrays.get("leaked"),
                data,
                fingerprint,
                part,
            )
        except (OSError, ValueError, MemoryError) as error:
            raise DataError(
                f"The predictions in {path} cannot be read ({reason(error)}).",
                "Run the training or the evaluation again.",
            ) from error
