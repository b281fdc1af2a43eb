"""What a model is trained on: crops and targets, and which of them train, validate and are held out."""

from dataclasses import dataclass, replace

import numpy as np

from engine import images
from engine.datasets import FaceSet, splits
from engine.datasets.crops import are_crops
from engine.datasets.face_set import fingerprint
from engine.datasets.parts import meaning
from engine.datasets.units import copies_of, unit_of
from engine.errors import DataError
from engine.evaluation.predictions import Predictions
from engine.evaluation.protocols import labelled_crops
from engine.settings import CROP_SIZE
from engine.tasks import SILENT, Progress
from engine.training.configuration import Configuration
from engine.training.targets import targets, true_labels

_SHOWN = 0.5
"""Share of a target from which on a picture counts as one of that expression; smoothing gives each a little."""


@dataclass(frozen=True)
class TrainingData:
    """Crops and targets of m pictures.

    Attributes
    ----------
    name, fingerprint
        The face set's.
    labels
        The expressions that a model may answer: the columns of ``targets``.
    crops, targets
        (m, size, size) uint8 and (m, classes) float32, each row sums to 1.
    last_layer_targets
        The same as ``targets``, for the last layer alone; None where it is not learnt anew.
    true
        (m,) int64, the label by which an answer is judged: what most voters saw where votes make up half the target or
        more, else the most wanted one.
    rows
        (m,) int64, the pictures' rows in the set.
    unit, copies
        (m,) int64: what may not be torn apart, and what is a copy of each other.
    faces
        The set, with the groups of copies that were found where it brought none.
    left_out
        Why the set's other pictures are not among them, counted.
    """

    name: str
    fingerprint: str
    labels: tuple[str, ...]
    crops: np.ndarray
    targets: np.ndarray
    last_layer_targets: np.ndarray | None
    true: np.ndarray
    rows: np.ndarray
    unit: np.ndarray
    copies: np.ndarray
    faces: FaceSet
    left_out: dict[str, int]

    @property
    def origin(self) -> np.ndarray:
        """The number of the joined set that each picture is of, 0 for all where nothing was joined: (m,) int64."""
        if self.faces.origin is None:
            return np.zeros(len(self.rows), np.int64)
        return np.unique(self.faces.origin, return_inverse=True)[1][self.rows]

    @property
    def unit_name(self) -> str:
        """What a unit is, for people."""
        return "subject" if self.faces.subject is not None else "group of copies"

    def leaked(self, training: np.ndarray, held_out: np.ndarray) -> np.ndarray:
        """Tell which held-out pictures have a copy among those that train: (len(held_out),) bool."""
        return np.isin(self.copies[held_out], self.copies[training])

    def predictions(
        self, held_out: np.ndarray, probabilities: np.ndarray, copied: np.ndarray, part: str
    ) -> Predictions:
        """Return the record of (held out, classes) probabilities; ``copied`` as `leaked` tells it, ``part`` a name."""
        of_each = self.true[held_out], probabilities, self.rows[held_out], self.unit[held_out], copied
        return Predictions(self.labels, *of_each, self.name, self.fingerprint, part)


@dataclass(frozen=True)
class Division:
    """Which pictures of a `TrainingData` train, validate and are held out; indices into it.

    Attributes
    ----------
    training, validation
        What the weights are fitted to, and what early stopping, temperature and threshold are chosen on.
    held_out
        What the run's predictions are of; the same as ``validation`` where the set brings a validation part.
    part, words
        The held-out part's name, and how the pictures were divided, for people.
    """

    training: np.ndarray
    validation: np.ndarray
    held_out: np.ndarray
    part: str
    words: str

    @property
    def seen(self) -> np.ndarray:
        """Everything that is not held out."""
        return np.setdiff1d(np.union1d(self.training, self.validation), self.held_out)


def prepare(
    configuration: Configuration, faces: FaceSet, mode: str = "auto", split: str = "auto", progress: Progress = SILENT
) -> TrainingData:
    """Cut crops, make targets and find copies; pictures without a usable target are left out.

    Parameters
    ----------
    configuration
        Which labels and classes.
    faces
        Labelled pictures.
    mode
        How crops come from pictures: see `engine.datasets.crops.face_crops`.
    split
        How they will be divided: the set's test part is left out unless it is named here.
    progress
        Told how far it is.

    Raises
    ------
    DataError
        Where no picture is left, where all show the same expression, or it was cancelled.
    """
    wanted = targets(configuration, faces, configuration.classes)
    usable = wanted.sum(axis=1) > 0
    left_out = {"no usable label": int((~usable).sum())}
    if faces.split is not None:
        tests = [part for part in meaning(np.unique(faces.split).tolist(), "test") if part not in split.split(":")]
        kept_apart = usable & np.isin(faces.split.astype(str), tests)
        copied = usable & (faces.split == splits.COPY)
        usable &= ~kept_apart & ~copied
        left_out |= {"kept apart for testing": int(kept_apart.sum()), splits.COPY: int(copied.sum())}
    cutting, comparing = progress.split(1, 3) if are_crops(faces.pictures, mode) else progress.split(20, 1)
    crops, rows, without_crop = labelled_crops(faces, np.flatnonzero(usable), mode, cutting, configuration.crop_size)
    left_out = {reason: count for reason, count in (left_out | without_crop).items() if count}
    if not len(rows):
        reasons = ", ".join(f"{reason}: {count:,}" for reason, count in left_out.items())
        raise DataError(
            f"{faces.name} leaves no picture to train on ({reasons or 'it is empty'}).",
            f"The model is to know {', '.join(configuration.classes)}.",
        )
    _refuse_one_expression(faces.name, configuration.classes, wanted[rows])
    name, print_of_all = faces.name, fingerprint(faces)
    if faces.group is None:
        # Brings Numba along, where copies are not known yet.
        from engine.datasets.duplicates import find_copies

        # Every picture that was not looked at is a group of its own.
        group = np.arange(len(faces)) + len(rows)
        group[rows] = find_copies(_at_usual_size(crops), comparing).group
        faces = replace(faces, group=group)
    return TrainingData(
        name,
        print_of_all,
        configuration.classes,
        crops,
        wanted[rows],
        _for_the_last_layer(configuration, faces, rows),
        true_labels(configuration, faces, wanted)[rows],
        rows,
        unit_of(faces, rows, crops),
        copies_of(faces, rows, crops),
        faces,
        left_out,
    )


def _for_the_last_layer(configuration: Configuration, faces: FaceSet, rows: np.ndarray) -> np.ndarray | None:
    share = configuration.last_layer_votes_share
    if share is None:
        return None
    return targets(replace(configuration, votes_share=share, label_smoothing=0.0), faces, configuration.classes)[rows]


def without_pictures(labels: tuple[str, ...], targets: np.ndarray) -> list[str]:
    """Return the expressions that no picture shows, of (n, classes) targets: a model never learns to answer them."""
    return [label for label, most in zip(labels, targets.max(axis=0), strict=True) if most < _SHOWN]


def _refuse_one_expression(name: str, labels: tuple[str, ...], targets: np.ndarray) -> None:
    missing = without_pictures(labels, targets)
    if len(labels) - len(missing) < 2:
        shown = next((label for label in labels if label not in missing), "nothing clear")
        raise DataError(
            f"The pictures of {name} that can train all show {shown}, so that there is nothing to tell apart.",
            "Use a set with pictures of at least two expressions.",
        )


def divide(data: TrainingData, split: str, seed: int) -> Division:
    """Divide the pictures once.

    Parameters
    ----------
    data
        What to divide.
    split
        ``"auto"``: the set's own training and validation part, else like ``"hold-out"``; ``"hold-out"``: a fifth is
        held out by subject or group; ``"tenth"``: only a tenth is, and validates too, so that as many as possible
        train; ``"TRAINING:HELDOUT"``: two parts of the set by name. Except for ``"auto"`` and ``"tenth"`` a tenth of
        the training side validates, so that nothing is chosen on what is held out.
    seed
        Of the random numbers.

    Raises
    ------
    DataError
        For a split that is impossible, that holds out copies of training pictures without having been named, or whose
        training pictures all show the same expression.
    """
    division = _divided(data, split, seed)
    _refuse_one_expression(data.name, data.labels, data.targets[division.training])
    return division


def _divided(data: TrainingData, split: str, seed: int) -> Division:
    faces, rows = data.faces, data.rows
    if split == "auto" and _names_both(faces, rows):
        training, validation, words = splits.training_and_validation(faces, data.crops, rows, seed=seed)
        return Division(training, validation, validation, words.partition("/")[2].partition(",")[0], words)
    if split in ("auto", "hold-out", "tenth"):
        fold = splits.hold_out(faces, rows, 0.1 if split == "tenth" else 0.2, seed, data.crops)
        splits.refuse_copies(faces, rows, fold, data.crops)
        part, words = fold.name, f"{fold.name} by {data.unit_name}, stratified, seed {seed}"
        if split == "tenth":
            return Division(fold.training, fold.held_out, fold.held_out, part, f"{words}, which validates too")
    elif ":" in split:
        fold = splits.own_parts(faces, rows, *split.split(":", 1))
        part, words = fold.name.partition(":")[2], f"the set's own {fold.name}"
    else:
        raise DataError(
            f"There is no split {split!r}.",
            "There are auto, hold-out, tenth, k-fold, loso, or two of the set's parts, such as Training:PublicTest.",
        )
    training, validation = inner_validation(fold.training, data.unit, seed)
    return Division(training, validation, fold.held_out, part, f"{words}; a tenth of the rest validates")


def folds_of(data: TrainingData, split: str, folds: int, seed: int) -> list[splits.Fold]:
    """Divide the pictures several times: ``"k-fold"`` or ``"loso"`` (leave one subject out).

    Raises
    ------
    DataError
        For a division that is impossible.
    """
    if split == "loso":
        return splits.leave_one_subject_out(data.faces, data.rows)
    return splits.k_fold(data.faces, data.rows, folds, seed, data.crops)


def inner_validation(
    training: np.ndarray, unit: np.ndarray | None, seed: int, share: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Take a share of the units among training pictures for validation.

    Parameters
    ----------
    training
        Indices of pictures.
    unit
        (n,) what may not be torn apart, looked up by those indices; each picture for itself for None.
    seed
        Of the random numbers.
    share
        Of the units, 0..1; at least one.

    Returns
    -------
    tuple
        Those that train and those that validate.

    Raises
    ------
    DataError
        Where there are fewer than two units.
    """
    of = training if unit is None else unit[training]
    units = np.random.default_rng((seed, 1)).permutation(np.unique(of))
    if len(units) < 2:
        raise DataError(
            f"{len(training)} training pictures form {len(units)} group, too few to take some for validation.",
            "Use a larger set.",
        )
    validates = np.isin(of, units[: max(1, round(len(units) * share))])
    return training[~validates], training[validates]


def _at_usual_size(crops: np.ndarray) -> np.ndarray:
    """Return crops as `engine.datasets.duplicates` compares them."""
    if crops.shape[1] == CROP_SIZE:
        return crops
    return np.stack([images.round_gray(images.resize(crop)) for crop in crops])


def _names_both(faces: FaceSet, rows: np.ndarray) -> bool:
    if faces.split is None:
        return False
    names = np.unique(faces.split[rows]).tolist()
    return bool(meaning(names, "training") and meaning(names, "validation"))
