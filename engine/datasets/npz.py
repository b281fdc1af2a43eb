"""Face sets in an ``.npz``: every array is judged before its bytes are read, and each has its form in one place."""

import numpy as np

from engine import arrays, emotions
from engine.datasets.archive import check_sizes
from engine.datasets.face_set import FaceSet
from engine.datasets.folders import unknown_classes
from engine.datasets.members import Member
from engine.errors import DataError
from engine.words import counted, shown

_FORM = "It needs x (pictures), y (class numbers) and classes (names)."
_X_FORM = "It must be uint8 of shape (n, height, width) or (n, height, width, 3)."
_VOTES_FORM = (
    f"It must hold whole numbers of votes, -1 for none, in {len(emotions.FERPLUS_COLUMNS)} columns: "
    f"{', '.join(emotions.FERPLUS_COLUMNS)}."
)


def read_npz(file: Member) -> FaceSet:
    """Read an ``.npz`` of labelled pictures; arrays of other names are left out.

    Parameters
    ----------
    file
        ``x`` is (n, height, width), (n, height, width, 1) or (n, height, width, 3) uint8. ``y`` is (n,) indices into
        ``classes``, (n, classes) with a single 1 in each row, or (n,) words. ``split``, ``group``, ``subject`` and
        ``files`` are (n,) texts or whole numbers, ``ferplus`` (n, 10) votes. A column (n, 1) counts as (n,).

    Raises
    ------
    DataError
        For a file that is damaged, needs pickle, or lacks an array or has one of another form.
    """
    name = file.path.name
    given = read_arrays(name, file)
    needed = {"x", "y"} if "y" in given and given["y"].dtype.kind in "US" else {"x", "y", "classes"}
    if missing := needed - given.keys():
        held = ", ".join(sorted(map(shown, given))[:6]) or "nothing"
        raise DataError(f"{name} lacks {', '.join(sorted(missing))} (it holds {held}).", _FORM)
    x = _pictures(name, given["x"])
    labels = _labels(name, given["y"], given.get("classes"), len(x))
    columns = {
        key: _column(name, key, given[key], len(x)) for key in ("split", "group", "subject", "files") if key in given
    }
    votes = given.get("ferplus")
    if votes is not None:
        _check_votes(name, votes, len(x))
    others = given.keys() - {"x", "y", "classes", "split", "group", "subject", "files", "ferplus"}
    return FaceSet(
        name,
        x,
        labels,
        columns.get("split"),
        columns.get("group"),
        columns.get("subject"),
        votes,
        columns.get("files"),
        left_out=tuple((f"array {shown(key)}", "It has no name that is read.") for key in sorted(others)),
        notes=tuple(unknown_classes(labels)),
    )


def _pictures(name: str, x: np.ndarray) -> np.ndarray:
    if x.ndim == 4 and x.shape[3] == 1:
        x = x[..., 0]
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] != 3):
        raise DataError(f"{name}: x is {_form(x)}.", _X_FORM)
    if not x.size:
        raise DataError(f"{name} holds no pictures: x is {_form(x)}.", _X_FORM)
    return x


def _labels(name: str, y: np.ndarray, classes: np.ndarray | None, count: int) -> np.ndarray:
    """Return each picture's label as a word of `engine.emotions`."""
    if y.dtype.kind in "US":
        return np.array([emotions.canonical(word) for word in _column(name, "y", y, count)])
    assert classes is not None, "numbers without names are refused before"
    if classes.ndim != 1 or classes.dtype.kind not in "US" or not len(classes):
        raise DataError(f"{name}: classes is {_form(classes)}.", "It must hold the name of each class number.")
    names = _column(name, "classes", classes, len(classes))
    words = np.array([emotions.canonical(each) for each in names])
    for word in np.unique(words):
        if len(same := [str(given) for given in names[words == word]]) > 1:
            raise DataError(
                f"{name}: the classes {' and '.join(map(shown, same[:3]))} both mean {shown(str(word))}.",
                "Give them one number, or rename one of them if it means something else.",
            )
    return words[_numbers(name, y, len(names), count)]


def _numbers(name: str, y: np.ndarray, classes: int, count: int) -> np.ndarray:
    """Return each picture's class number from numbers or from rows with a single 1."""
    if y.ndim == 2 and y.shape[1] > 1:
        if y.shape != (count, classes) or y.dtype.kind not in "biuf":
            raise DataError(
                f"{name}: y is {_form(y)} for {counted(count, 'picture')} of {classes} classes.",
                "It must hold one class number a picture, or a row with one column a class.",
            )
        if not (np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()):
            raise DataError(
                f"{name}: the rows of y are not a single 1 among zeros.",
                "Give each picture one class; shares are not read.",
            )
        return y.argmax(axis=1)
    if y.dtype.kind not in "biu" and not (y.dtype.kind == "f" and np.isfinite(y).all() and (y % 1 == 0).all()):
        held = f"{y.min()} to {y.max()}" if y.size and y.dtype.kind == "f" else "no numbers"
        raise DataError(f"{name}: y holds {held} as {y.dtype}.", "It must hold whole numbers that index classes.")
    y = _column(name, "y", y.astype(np.int64), count)
    if y.min() < 0 or y.max() >= classes:
        raise DataError(
            f"{name}: y holds {y.min()} to {y.max()}, classes has {classes} names.", "y must index classes."
        )
    return y


def _column(name: str, key: str, array: np.ndarray, count: int) -> np.ndarray:
    """Return an array as (count,) of str or integers."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or array.dtype.kind not in "USiuf":
        raise DataError(
            f"{name}: {key} is {_form(array)}.", f"It must hold one text or whole number for each of {count}."
        )
    if len(array) != count:
        raise DataError(f"{name}: {key} has {len(array)} entries for {counted(count, 'picture')}.", "Give one each.")
    try:
        if array.dtype.kind == "S":
            return np.char.decode(array, "utf-8")
        if array.dtype.kind == "U":
            return array
    except ValueError as error:
        raise DataError(f"{name}: {key} holds text that is no UTF-8.", "Write it anew.") from error
    if array.dtype.kind == "f":
        if odd := int((~np.isfinite(array)).sum()):
            raise DataError(
                f"{name}: {key} holds no number for {odd} of {counted(count, 'picture')}.",
                "Fill it in, or leave it out.",
            )
        if (array % 1 != 0).any() or np.abs(array).max(initial=0) >= 2**53:
            raise DataError(f"{name}: {key} holds {array[array % 1 != 0][:1]}.", "It must hold whole numbers or texts.")
        return array.astype(np.int64)
    return array


def _check_votes(name: str, votes: np.ndarray, count: int) -> None:
    shaped = votes.shape == (count, len(emotions.FERPLUS_COLUMNS)) and votes.dtype.kind in "iu"
    if not shaped or votes.min() < -1:
        raise DataError(f"{name}: ferplus is {_form(votes)}.", _VOTES_FORM)


def _form(array: np.ndarray) -> str:
    return f"{array.dtype} of shape {array.shape}"


def read_arrays(name: str, file: Member, form: str = _FORM) -> dict[str, np.ndarray]:
    """Return all arrays of an ``.npz``; what it says of its sizes is held against the file before anything is read.

    Parameters
    ----------
    name
        What to call it in an error.
    file
        Where it lies.
    form
        One sentence for an error: what the file needs to hold.

    Raises
    ------
    DataError
        For a file that is damaged, needs pickle, or is larger than `engine.settings` or this machine allow.
    """
    try:
        with file.open() as stream:
            return arrays.read_arrays(
                stream,
                lambda entries: check_sizes(name, entries, "Divide it, or give the pictures as class folders."),
            )
    except MemoryError as error:
        raise DataError(f"{name} does not fit into this machine's memory.", "Give class folders instead.") from error
    except (OSError, ValueError) as error:
        raise DataError(
            f"{name} cannot be read as an .npz of plain arrays ({shown(str(error), 120)}).", form
        ) from error
