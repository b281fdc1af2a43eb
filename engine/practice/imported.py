"""Faces of an imported set to practise on, where whoever imported it says that its licence allows that."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from engine.datasets import edits, store
from engine.datasets.face_set import FaceSet
from engine.emotions import SEVEN
from engine.errors import DataError
from engine.practice.displays import SIDE

LEAST = 4
"""Pictures of an expression that is shown: two for either half of the rounds."""
_TRAINING = ("training", "train")
_BETWEEN = 128
"""Gray of what stands before and after a face: nobody knows how these faces rest."""


@dataclass(frozen=True)
class ImportedFaces:
    """Pictures of a set by expression; a person is the number of a picture.

    Attributes
    ----------
    title
        The set's name.
    places
        Expression to numbers of its pictures, at least `LEAST` each.
    """

    title: str
    faces: FaceSet
    places: dict[str, tuple[int, ...]]

    @classmethod
    def load(cls, name: str) -> Self:
        """Open a set.

        Raises
        ------
        DataError
            Where its licence is not said to allow it, it is damaged, or it has too few pictures of expressions.
        """
        licence = store.licence(name)
        if licence is None or not licence.practice:
            raise DataError(
                f"Nobody has said that the licence of {name!r} allows practice.", "Say so on the page Datasets."
            )
        faces = edits.applied(store.load_as_it_came(name), store.edits(name))
        mine = np.ones(len(faces.labels), bool)
        if faces.split is not None:
            # What models are tested on is not looked at here either.
            training = np.isin(np.char.lower(faces.split.astype(str)), _TRAINING)
            mine = training if training.any() else mine
        places = {each: tuple(map(int, np.flatnonzero(mine & (faces.labels == each)))) for each in SEVEN}
        enough = {each: found for each, found in places.items() if len(found) >= LEAST}
        if len(enough) < 2:
            raise DataError(
                f"{name!r} has {LEAST} pictures or more of {len(enough)} of the seven expressions.",
                "Practise on a set with at least two of them.",
            )
        return cls(name, faces, enough)

    @property
    def expressions(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(self.places)

    def people_for(self, expression: str) -> tuple[int, ...]:
        """Return the numbers of an expression's pictures."""
        return self.places[expression]

    def picture(self, person: int, expression: str) -> np.ndarray:
        """Return a picture, its longer side `SIDE`, on gray: (`SIDE`, `SIDE`, 3) uint8 RGB."""
        found = np.asarray(self.faces.pictures[person])
        found = cv2.cvtColor(found, cv2.COLOR_GRAY2RGB) if found.ndim == 2 else found
        scale = SIDE / max(found.shape[:2])
        height, width = (max(1, round(scale * side)) for side in found.shape[:2])
        larger = cv2.resize(found, (width, height), interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
        shown = self.before(person)
        top, left = (SIDE - height) // 2, (SIDE - width) // 2
        shown[top : top + height, left : left + width] = larger
        return shown

    def before(self, person: int) -> np.ndarray:
        """Return what stands before and after a face: gray, (`SIDE`, `SIDE`, 3) uint8 RGB."""
        return np.full((SIDE, SIDE, 3), _BETWEEN, np.uint8)
