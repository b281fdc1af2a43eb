"""The library of imported sets: each a folder of its name in the data folder.

A set is written into a folder beside the library's sets and put in its place when it is whole, so that nobody ever sees
half of one, and whatever goes wrong costs nothing that was there.
"""

import errno
import json
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from engine import settings
from engine.below import reason
from engine.datasets import edits as editing
from engine.datasets import stored
from engine.datasets.face_set import FaceSet
from engine.datasets.face_set import fingerprint as fingerprint_of
from engine.datasets.sources import read_source
from engine.datasets.units import joined
from engine.errors import DataError
from engine.files import replace_with
from engine.kept import fits, read_json
from engine.tasks import SILENT, Progress
from engine.tasks.lock import is_held
from engine.words import counted

if TYPE_CHECKING:
    # Checks bring Numba along, which listing sets does without.
    from engine.datasets.checks import Checks

_NAME = re.compile(r"\w[\w.+ -]{0,59}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SIDE = {"accuracy": float, "accuracy_interval": [float], "n": int}
_LEAK = {"by_picture": _SIDE, "by_group": _SIDE, "copies_across": int, "what": str}
_LICENCE = {"words": str, "practice": bool}
_LONGEST = 400  # characters of what is said of a licence
_LOCK = ".lock"
_SETS = "datasets"
_OLD = "old"  # in a staging folder, what was in the place of the set that is about to stand there
_PATIENCE_S = 5.0
_ABANDONED_S = 3600.0  # what a check writes is written in seconds


def names() -> list[str]:
    """Return the names of all imported sets, in order."""
    home = _home()
    if not home.is_dir():
        return []
    if next(home.glob(f".*-*/{_OLD}/*"), None) is not None:
        with FileLock(home / _LOCK, timeout=_PATIENCE_S):
            _put_back(home)
    # A folder whose set.json is gone is a set too, a damaged one: it can be removed.
    return sorted(each.name for each in home.iterdir() if each.is_dir() and not each.name.startswith("."))


def folder(name: str) -> Path:
    """Return where an imported set lies.

    Raises
    ------
    DataError
        Where there is none of that name.
    """
    known = names()
    if name not in known:
        there = f"There are: {', '.join(known)}." if known else "None is imported yet: python -m engine import PATH."
        raise DataError(f"There is no imported set named {name!r}.", there)
    return _home() / name


def about(name: str) -> dict[str, Any]:
    """Return a set's name, source, counts and fingerprint, as its ``set.json`` says.

    Raises
    ------
    DataError
        Where there is no such set, or it is damaged.
    """
    return stored.about(folder(name))


def fingerprint(name: str) -> str:
    """Return the fingerprint that an imported set was stored with; raises `DataError` as `about`."""
    return str(about(name)["fingerprint"])


def fingerprint_as_changed(name: str) -> str:
    """Return the fingerprint that a set has with what was changed by hand; raises `DataError` as `load`."""
    return _fingerprint(name, version(name)) if edits(name).log else fingerprint(name)


@lru_cache(maxsize=8)
def _fingerprint(name: str, _: tuple[str, int, int, int]) -> str:
    return fingerprint_of(load(name))


def version(name: str) -> tuple[str, int, int, int]:
    """Return what changes whenever a set or what is known of it does, and tells it from other people's sets.

    Raises
    ------
    DataError
        Where there is no such set.
    """
    where = folder(name)
    files = (where / each for each in ("set.json", "checks.npz", editing.FILE))
    about, checked, edited = (file.stat().st_mtime_ns if file.exists() else 0 for file in files)
    return str(where), about, checked, edited


def load_as_it_came(name: str) -> FaceSet:
    """Return an imported set without what its checks found and without what was changed by hand.

    Raises
    ------
    DataError
        As `load`, but not for the checks or the changes.
    """
    return stored.load(folder(name))


def load(name: str) -> FaceSet:
    """Return an imported set, as it was changed by hand.

    Groups of copies that the checks found are joined with those that the set came with.

    Raises
    ------
    DataError
        Where there is no such set, or it, what its checks found or what was changed is damaged.
    """
    faces = editing.applied(load_as_it_came(name), edits(name))
    found = checks(name)
    if found is None:
        return faces
    return replace(faces, group=found.group if faces.group is None else joined(faces.group, found.group))


def checks(name: str) -> "Checks | None":
    """Return what the checks of an imported set found, None where they have not been run.

    Raises
    ------
    DataError
        Where there is no such set, or the file is damaged.
    """
    file = folder(name) / "checks.npz"
    if not file.exists():
        return None
    from engine.datasets.checks import Checks

    found = Checks.load(file)
    if len(found.group) != about(name)["pictures"]:
        raise DataError(f"{name}: {file.name} is of {len(found.group)} other pictures.", "Run the checks again.")
    return found


def edits(name: str) -> editing.Edits:
    """Return what was changed by hand about a set's pictures; raises `DataError` as `load`."""
    return editing.read(folder(name))


def edit(name: str, kind: str, pictures: Sequence[int], value: str = "") -> editing.Edits:
    """Change something about pictures of a set by hand, and return all changes.

    Parameters
    ----------
    name
        Of the set.
    kind, pictures, value
        As `engine.datasets.edits.Edit` has them.

    Raises
    ------
    DataError
        For a change that cannot be, where there is no such set, or on a full disk.
    """
    count = int(about(name)["pictures"])
    return _keep_edits(name, lambda known: known.then(kind, pictures, value, count))


def undo_edit(name: str) -> editing.Edits:
    """Take the last change back, and return those that are left; raises `DataError` as `edit`."""
    return _keep_edits(name, lambda known: known.undone())


def changes_to_lose(name: str) -> int:
    """Return how many changes by hand go with a set that is replaced; 0 for no set, and for a log that is damaged."""
    with suppress(DataError):
        return len(edits(name).log) if name in names() else 0
    return 0


def _without_edits(faces: FaceSet, name: str) -> FaceSet:
    """Say of a set that takes the place of another one that what was changed in that by hand is not carried over."""
    if not (lost := changes_to_lose(name)):
        return faces
    said = f"It took the place of a set of this name; {counted(lost, 'change')} made there by hand went with that."
    return replace(faces, notes=(*faces.notes, said))


def _keep_edits(name: str, change: Callable[[editing.Edits], editing.Edits]) -> editing.Edits:
    where = folder(name)
    with _room(), FileLock(where / ".edits", timeout=_PATIENCE_S):
        changed = change(editing.read(where))
        editing.write(where, changed)
    return changed


def groups_found(name: str) -> tuple[int, int] | None:
    """Return how many of the groups of copies that a set came with were found whole by its checks, and of how many.

    None where there is nothing to compare: no checks, no groups, or groups that are clips of known subjects.
    """
    found, faces = checks(name), stored.load(folder(name))
    if found is None or faces.group is None or faces.subject is not None:
        return None
    # As above.
    from engine.datasets.duplicates import groups_found as compare

    return compare(faces.group, found.group)[:2]


def check_set(name: str, progress: Progress = SILENT) -> "Checks":
    """Check an imported set and keep what was found beside it.

    Raises
    ------
    DataError
        Where there is no such set, it is damaged, the disk is full, or the work was cancelled.
    """
    # As above.
    from engine.datasets.checks import check

    where = folder(name)
    # As it came: groups found before must not steer what is found now.
    found = check(stored.load(where), progress)
    with _room():
        partial = where / f"checks-{uuid.uuid4().hex}.npz"
        try:
            found.save(partial)
            partial.replace(where / "checks.npz")
            # It was measured with the groups known before.
            (where / "leak.json").unlink(missing_ok=True)
        finally:
            partial.unlink(missing_ok=True)
    return found


def leak(name: str) -> dict[str, Any] | None:
    """Return what `keep_leak` kept for a set, None where that is nothing.

    Raises
    ------
    DataError
        Where there is no such set, or the file is damaged.
    """
    try:
        kept = read_json(folder(name) / "leak.json")
        if not fits(kept, _LEAK):
            raise ValueError("it lacks a figure")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DataError(
            f"What a leak is worth on {name!r} cannot be read ({reason(error)}).", "Measure it again."
        ) from error
    return kept


def keep_leak(name: str, gain: dict[str, Any]) -> None:
    """Keep what copies on both sides of a split are worth on a set; raises `DataError` for a full disk."""
    with _room(), replace_with(folder(name) / "leak.json") as file:
        file.write(json.dumps(gain, indent=1).encode())


@dataclass(frozen=True)
class Licence:
    """What whoever imported a set says of its licence: in words, and whether people may practise on its pictures."""

    words: str
    practice: bool


def licence(name: str) -> Licence | None:
    """Return what was said of a set's licence, None where nothing was; a newer import has to be told anew.

    Raises
    ------
    DataError
        Where there is no such set, or the file is damaged.
    """
    try:
        kept = read_json(folder(name) / "licence.json")
        if not fits(kept, _LICENCE):
            raise ValueError("it lacks a word")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DataError(
            f"What was said of the licence of {name!r} cannot be read ({reason(error)}).", "Say it again."
        ) from error
    return Licence(kept["words"], kept["practice"])


def keep_licence(name: str, said: Licence) -> None:
    """Keep what is said of a set's licence.

    Raises
    ------
    DataError
        For no words, or a full disk.
    """
    if not said.words.strip():
        raise DataError(f"Nothing is said of the licence of {name!r}.", "Write its name, or what it allows.")
    with _room(), replace_with(folder(name) / "licence.json") as file:
        file.write(json.dumps({"words": said.words.strip()[:_LONGEST], "practice": said.practice}).encode())


def import_set(source: str | Path, name: str | None = None, progress: Progress = SILENT) -> str:
    """Import a set, or put a newer one in the place of one of the same name.

    Parameters
    ----------
    source
        A path that `engine.datasets.sources.read_source` recognises.
    name
        What to call it; by default the source's name.
    progress
        Told how far it is.

    Returns
    -------
    str
        The set's name.

    Raises
    ------
    DataError
        For a source that cannot be read, a name that no folder can have, a full disk, or where the work was cancelled.
        What was there before is unchanged.
    """
    source = Path(source)
    name = checked_name(name) if name else suggested_name(source.name)
    reading, writing = progress.split(2, 3)
    with _room(), _staging() as staging:
        reading.step(0, 0, "looking")
        faces = _without_edits(read_source(source, reading), name)
        stored.write(staging, faces, name, source.name, writing)
        _publish(staging, name)
    return name


def join_sets(names_of_sets: Sequence[str], name: str, progress: Progress = SILENT) -> str:
    """Put imported sets together into one more, or a newer one in the place of one of the same name.

    Parameters
    ----------
    names_of_sets
        At least two imported sets; they stay.
    name
        What to call the joined set.
    progress
        Told how far it is.

    Returns
    -------
    str
        The joined set's name.

    Raises
    ------
    DataError
        As `engine.datasets.joining.join` and `import_set` raise it, and for the name of one of the sets themselves.
    """
    # Looking for copies brings Numba along.
    from engine.datasets.joining import join

    if checked_name(name) in names_of_sets:
        raise DataError(f"{name!r} is one of the sets to be joined.", "Give the joined set a name of its own.")
    joining, writing = progress.split(4, 1)
    faces = _without_edits(join([load(each) for each in names_of_sets], progress=joining), name)
    with _room(), _staging() as staging:
        stored.write(staging, faces, name, faces.name, writing)
        _publish(staging, name)
    return name


def remove(name: str) -> None:
    """Remove an imported set and all that was found about it.

    Raises
    ------
    DataError
        Where there is no such set, or its files are in use.
    """
    where = folder(name)
    home = _home()
    trash = home / f".removed-{uuid.uuid4().hex}"
    for old in home.glob(f".*-*/{_OLD}/{name}"):
        shutil.rmtree(old, ignore_errors=True)
    try:
        where.rename(trash)
    except OSError as error:
        raise DataError(f"The set {name!r} cannot be removed ({error.strerror}).", "Close what is using it.") from error
    shutil.rmtree(trash, ignore_errors=True)


def sweep() -> None:
    """Remove what imports and removals that were killed have left, and put back what a killed replacement took away."""
    for home in [library / _SETS for library in settings.library_folders() if (library / _SETS).is_dir()]:
        with FileLock(home / _LOCK, timeout=_PATIENCE_S):
            _sweep(home)


def suggested_name(source: str) -> str:
    """Return the name that a source's file or folder name gives a set."""
    stem = re.sub(r"\.(zip|csv|npz)$", "", source, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w.+ -]+", "-", stem).strip("-. ")[:60].rstrip("-. ")
    return stem if stem and _NAME.fullmatch(stem) and not _RESERVED.fullmatch(stem) else "faces"


def checked_name(name: str) -> str:
    """Return a name that a set can have; raises `DataError` for one that no folder should have."""
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name) or name[-1] in ". ":
        raise DataError(
            f"A set cannot be named {name!r}.",
            "Use letters, digits, spaces and . + - _, at most 60, a letter or digit first and last.",
        )
    return name


def _home() -> Path:
    return settings.library_folder() / _SETS


@contextmanager
def _room() -> Iterator[None]:
    """Say in a sentence that the disk is full or closed to us."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(
                f"The disk that holds {settings.data_folder()} is full.",
                "What was there is unchanged. Make room, or set NEUROMER_DATA to a folder on another disk.",
            ) from error
        raise DataError(
            f"{settings.data_folder()} cannot be written to ({error.strerror or error}).",
            "Set NEUROMER_DATA to a folder that you may write to.",
        ) from error


@contextmanager
def _staging() -> Iterator[Path]:
    """Give an empty folder beside the sets, gone afterwards; sweep away those of imports that were killed."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    staging = home / f".staging-{uuid.uuid4().hex}"
    with ExitStack() as until_done:
        until_done.callback(shutil.rmtree, staging, ignore_errors=True)
        with FileLock(home / _LOCK, timeout=_PATIENCE_S):
            _sweep(home)
            (staging / "set").mkdir(parents=True)
            until_done.enter_context(FileLock(staging / _LOCK))
        yield staging / "set"


def _publish(staging: Path, name: str) -> None:
    """Put a whole set in its place; the old one stands until then and comes back if that fails."""
    home = _home()
    place, old = home / name, staging.parent / _OLD / name
    with FileLock(home / _LOCK, timeout=_PATIENCE_S):
        if place.exists():
            old.parent.mkdir()
            place.replace(old)
        try:
            staging.replace(place)
        except OSError:
            _put_back(home)
            raise


def _sweep(home: Path) -> None:
    """Do what `sweep` does; the library's lock is held."""
    _put_back(home)
    for left in home.glob(".*-*"):
        if not is_held(left / _LOCK):
            shutil.rmtree(left, ignore_errors=True)
    for part in home.glob("[!.]*/checks-*.npz"):
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()


def _put_back(home: Path) -> None:
    """Put sets back whose replacement was killed before it stood in their place; the library's lock is held."""
    for old in home.glob(f".*-*/{_OLD}/*"):
        if not (home / old.name).exists():
            old.replace(home / old.name)
