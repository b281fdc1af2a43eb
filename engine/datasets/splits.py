"""Which pictures train and which are held out; what belongs together stays on one side.

Every function divides ``rows``, (m,) rows of a face set, and returns indices into them. The set's own splits
(`own`) and a division by picture (`by_picture`) may put copies on both sides: `refuse_copies` refuses such a fold.
"""

import warnings
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.datasets.face_set import FaceSet, Pictures
from engine.datasets.parts import meaning, part_of
from engine.datasets.units import copies_of, unit_of
from engine.errors import DataError

COPY = "copy of a held-out picture"
"""The part of a picture that nothing may train on, because another of the joined sets holds a copy of it out."""

_MANY_UNITS = 2000


@dataclass(frozen=True)
class Fold:
    """One division into what trains and what is held out.

    Attributes
    ----------
    training, held_out
        int64 indices into the rows that were divided, ascending.
    name
        For people: ``"fold 2 of 5"``, ``"S010"``, ``"Training:PrivateTest"``.
    """

    training: np.ndarray
    held_out: np.ndarray
    name: str

    @classmethod
    def of(cls, held_out: np.ndarray, name: str) -> "Fold":
        """Hold out the rows where ``held_out``, (n,) bool, is true."""
        return cls(np.flatnonzero(~held_out), np.flatnonzero(held_out), name)


def hold_out(
    faces: FaceSet, rows: np.ndarray, share: float = 0.2, seed: int = 1, pictures: Pictures | None = None
) -> Fold:
    """Hold out a share of the pictures, by unit (`engine.datasets.units.unit_of`) and stratified by label.

    Parameters
    ----------
    faces, rows
        What to divide.
    share
        Of the pictures, above 0 and below 1; met as nearly as units and labels allow.
    seed
        Of the random division.
    pictures
        The pictures at ``rows``, where they are in memory: see `unit_of`.

    Raises
    ------
    DataError
        For a share out of range, or where the pictures form fewer than two units.
    """
    if not 0 < share < 1:
        raise DataError(f"A share of {share:g} cannot be held out.", "Give one above 0 and below 1, such as 0.2.")
    unit = _units(faces, rows, 2, pictures)
    parts = Fraction(share).limit_denominator(20)
    if 0 < parts < 1 and len(np.unique(unit)) >= 2 * parts.denominator:
        assigned = _assigned(faces.labels[rows], unit, parts.denominator, seed)
        held_out = assigned < parts.numerator
    else:
        units = np.random.default_rng(seed).permutation(np.unique(unit))
        held_out = np.isin(unit, units[: min(max(1, round(len(units) * share)), len(units) - 1)])
    return Fold.of(held_out, f"hold-out of {share:.0%}")


def k_fold(
    faces: FaceSet, rows: np.ndarray, folds: int = 5, seed: int = 1, pictures: Pictures | None = None
) -> list[Fold]:
    """Divide the pictures into k folds, by unit and stratified by label; each is held out once.

    Parameters
    ----------
    faces, rows, pictures
        As in `hold_out`.
    folds
        k, at least 2 and at most as many as there are units.
    seed
        Of the random division.

    Raises
    ------
    DataError
        For fewer than two folds, or more folds than units.
    """
    if folds < 2:
        raise DataError(f"{folds} folds are no cross-validation.", "Ask for at least 2.")
    unit = _units(faces, rows, folds, pictures)
    assigned = _assigned(faces.labels[rows], unit, folds, seed)
    return [Fold.of(assigned == number, f"fold {number + 1} of {folds}") for number in range(folds)]


def leave_one_subject_out(faces: FaceSet, rows: np.ndarray) -> list[Fold]:
    """Hold out one subject after the other.

    Raises
    ------
    DataError
        Where the set does not know its subjects, has fewer than two, or has copies of one picture in two of them.
    """
    if faces.subject is None:
        raise DataError(f"{faces.name} does not know who is in its pictures.", "Use a k-fold by group instead.")
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.model_selection import LeaveOneGroupOut

    subject = faces.subject[rows]
    if len(np.unique(subject)) < 2:
        raise DataError(
            f"{faces.name} has {len(np.unique(subject))} subject to leave out.", "Leaving one out takes at least 2."
        )
    divided = LeaveOneGroupOut().split(rows, groups=subject)
    folds = [Fold(training, held_out, str(subject[held_out[0]])) for training, held_out in divided]
    if faces.group is not None:
        for fold in folds:
            refuse_copies(faces, rows, fold)
    return folds


def own_parts(faces: FaceSet, rows: np.ndarray, training: str, held_out: str) -> Fold:
    """Divide by the set's own split names; copies on both sides are possible and are the caller's business.

    Raises
    ------
    DataError
        For a name that the set does not have, the same name twice, or a side without pictures.
    """
    if training == held_out:
        raise DataError(f"{training!r} cannot both train and be held out.", "Name two different splits.")
    sides = [np.flatnonzero(np.isin(rows, faces.rows_of(name))) for name in (training, held_out)]
    for name, side in zip((training, held_out), sides, strict=True):
        if not len(side):
            raise DataError(f"The split {name!r} of {faces.name} holds no usable picture.", "Use another split.")
    return Fold(sides[0], sides[1], f"{training}:{held_out}")


def named_parts(faces: FaceSet) -> np.ndarray:
    """Return each picture's part in the words ``"training"``, ``"validation"`` and ``"test"``: (n,) str.

    Pictures of a set without parts, and of parts with other names, train.
    """
    parts = np.full(len(faces), "training", dtype=f"<U{len(COPY)}")
    for name in () if faces.split is None else np.unique(faces.split):
        parts[faces.split == name] = part_of(name) or "training"
    return parts


def by_picture(faces: FaceSet, rows: np.ndarray, share: float = 0.2, seed: int = 1) -> Fold:
    """Hold out a share of the pictures, stratified by label, wherever their copies are.

    Only to show what a leak is worth: nothing else may use it.
    """
    held_out = _assigned(faces.labels[rows], np.arange(len(rows)), max(2, round(1 / share)), seed) == 0
    return Fold.of(held_out, f"hold-out of {share:.0%} by picture")


def copies_across(faces: FaceSet, rows: np.ndarray, fold: Fold, pictures: Pictures | None = None) -> int:
    """Count the held-out pictures that have a copy among those that train."""
    group = copies_of(faces, rows, pictures)
    return int(np.isin(group[fold.held_out], group[fold.training]).sum())


def refuse_copies(faces: FaceSet, rows: np.ndarray, fold: Fold, pictures: Pictures | None = None) -> None:
    """Refuse a fold that holds out copies of pictures that train.

    Raises
    ------
    DataError
        With the count.
    """
    if count := copies_across(faces, rows, fold, pictures):
        raise DataError(
            f"{fold.name}: {count:,} of the {len(fold.held_out):,} held-out pictures of {faces.name} have a copy among "
            "those that train, so that the figures would be too good.",
            "Divide by group: hold-out, k-fold or, where subjects are known, leave one subject out.",
        )


def training_and_validation(
    faces: FaceSet, crops: np.ndarray, rows: np.ndarray, share: float = 0.2, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, str]:
    """Divide pictures by the set's own splits where it names both, otherwise hold a share out.

    Parameters
    ----------
    faces
        The set.
    crops, rows
        (m, 48, 48) uint8 and the m rows of the set they belong to. Without groups and subjects, crops that are equal to
        the bit form a unit.
    share
        Of the pictures that validate in a random division, 0..1.
    seed
        Of the random division.

    Returns
    -------
    tuple
        Indices into ``rows`` that train, those that validate, and a sentence that says how they were divided.

    Raises
    ------
    DataError
        Where one side would be empty.
    """
    usable = np.arange(len(rows))
    if faces.split is not None:
        split = faces.split[rows]
        names = np.unique(split).tolist()
        training, validation = (next(iter(meaning(names, part)), None) for part in ("training", "validation"))
        if training and validation:
            fold = own_parts(faces, rows, training, validation)
            copies = copies_across(faces, rows, fold, crops)
            leak = f", {copies:,} of the validation pictures with a copy among those that train" if copies else ""
            return fold.training, fold.held_out, f"{training}/{validation}{leak}"
        # A test part is never trained on, whatever else the set lacks.
        usable = np.flatnonzero(split == training) if training else usable
    fold = hold_out(faces, rows[usable], share, seed, crops[usable])
    by = "subject" if faces.subject is not None else "group of copies"
    return (
        usable[fold.training],
        usable[fold.held_out],
        f"random {1 - share:.0%}/{share:.0%} by {by}, stratified, seed {seed}",
    )


def _units(faces: FaceSet, rows: np.ndarray, least: int, pictures: Pictures | None) -> np.ndarray:
    unit = unit_of(faces, rows, pictures)
    count = len(np.unique(unit))
    if count < least:
        what = "subjects" if faces.subject is not None else "different pictures"
        raise DataError(
            f"{faces.name} has {count} {what}, too few to be divided into {least}.", "Use a larger set or fewer folds."
        )
    return unit


def _assigned(labels: np.ndarray, unit: np.ndarray, parts: int, seed: int) -> np.ndarray:
    """Number the part of each picture, 0..parts - 1: (m,) int64."""
    # scikit-learn takes about a second to import, which pages and verbs that need none of this would wait for.
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    names, first, of = np.unique(unit, return_index=True, return_inverse=True)
    target = np.unique(labels, return_inverse=True)[1]
    with warnings.catch_warnings():
        # A label with fewer pictures than parts is spread as far as it goes.
        warnings.simplefilter("ignore", UserWarning)
        if parts <= len(names) <= _MANY_UNITS and np.bincount(target).max() >= parts:
            divided = StratifiedGroupKFold(parts, shuffle=True, random_state=seed).split(target, target, unit)
            assigned = np.full(len(unit), -1)
            for number, (_, held_out) in enumerate(divided):
                assigned[held_out] = number
            if len(np.unique(assigned)) == parts:
                return assigned
        # Its greedy search takes seconds on many units, and may leave a part of few units empty; then units are dealt
        # out by the label of their first picture.
        of_unit = target[first] if np.bincount(target[first]).max() >= parts else np.zeros(len(names), np.int64)
        assigned = np.empty(len(names), np.int64)
        divided = StratifiedKFold(parts, shuffle=True, random_state=seed).split(of_unit, of_unit)
        for number, (_, held_out) in enumerate(divided):
            assigned[held_out] = number
    return assigned[of]
