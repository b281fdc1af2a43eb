"""SMIC: the set whose folder names tell all that it codes.

Li et al. 2013, doi 10.1109/FG.2013.6553717: three cameras, high speed (HS, 100 frames a second), visual (VIS) and near
infrared (NIR, both 25). As it is handed out a clip runs from onset to offset, without an apex:
``SMIC_all_raw/HS/s1/micro/negative/s1_ne_01/image129000.jpg``. The long version (SMIC-E) has a sheet and frames around
the clip: ``HS_long/SMIC-HS-E/s01/s1_ne_01/image012345.jpg``.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from engine.datasets.clip_sets.clip import Clip, ClipSet
from engine.datasets.clip_sets.footage import Footage, best
from engine.errors import DataError

FPS = {"HS": 100.0, "VIS": 25.0, "NIR": 25.0}

_NAME = re.compile(r"s0*(\d+)_(ne|po|sur)_0*(\d+)", re.IGNORECASE)
_EMOTIONS = {"ne": "negative", "po": "positive", "sur": "surprise"}
_CAMERA = re.compile(r"(?<![a-z])(HS|VIS|NIR)(?![a-z])", re.IGNORECASE)

Key = tuple[int, str, int]


def key(name: str) -> Key | None:
    """Return subject, class and number of a clip's name such as ``s1_ne_01``; None for any other name."""
    found = _NAME.fullmatch(name.strip())
    return (int(found[1]), found[2].lower(), int(found[3])) if found else None


def emotion_of(name: str) -> str:
    """Return the class that a clip's name tells, ``""`` where it tells none."""
    found = key(name)
    return _EMOTIONS[found[1]] if found else ""


def by_name(footage: Sequence[Footage]) -> dict[Key, list[Footage]]:
    """Return the footage of each clip, however its zeros are written."""
    found: defaultdict[Key, list[Footage]] = defaultdict(list)
    for each in footage:
        if (name := key(each.name)) is not None:
            found[name].append(each)
    return dict(found)


def handed_out_as_clips(footage: Sequence[Footage]) -> bool:
    """Tell whether the folders are those of the version that is cut from onset to offset: ``s1/micro/negative``."""
    return all("micro" in map(str.lower, each.path.parts) for each in footage if key(each.name))


def of_camera(footage: Sequence[Footage], wanted: str | None) -> tuple[str, list[Footage]]:
    """Return one camera's name, and the footage that is from it.

    Parameters
    ----------
    footage
        All there is.
    wanted
        ``HS``, ``VIS``, ``NIR``, or None where the folders tell.

    Raises
    ------
    DataError
        Where the folders are from several cameras and none is wanted, or tell of none.
    """
    cameras = [_camera(each) for each in footage]
    there = sorted({camera for each, camera in zip(footage, cameras, strict=True) if camera and key(each.name)})
    if wanted is None and len(there) != 1:
        told = f"holds recordings of several cameras ({', '.join(there)})" if there else "does not say which camera"
        raise DataError(f"This SMIC folder {told}.", "Give its folder HS, VIS or NIR, or the kind, such as smic-hs.")
    camera = wanted or there[0]
    return camera, [each for each, seen in zip(footage, cameras, strict=True) if seen in (camera, None)]


def read_without_sheet(footage: Sequence[Footage], camera: str) -> ClipSet:
    """Read the clips that the folders name; each runs from its first picture to its last."""
    clips, problems = [], []
    named = by_name(footage)
    for (subject, word, _), found in named.items():
        taken = best(found, None, None)
        if not taken.numbers:
            problems.append(f"{taken.path} is an avi without a sheet: onset and offset are not known.")
        first, last = (taken.numbers[0], taken.numbers[-1]) if taken.numbers else (None, None)
        missing = taken.numbers[-1] - taken.numbers[0] + 1 - len(taken.numbers) if taken.numbers else 0
        if missing:
            problems.append(f"{taken.path}: {missing} frames between {first} and {last} are not there.")
        problems += [
            f"{other.path} shows the same clip as {taken.path}, which is read." for other in found if other is not taken
        ]
        folder = next((part.lower() for part in taken.path.parts[-2::-1] if part.lower() in _EMOTIONS.values()), None)
        if folder not in (None, _EMOTIONS[word]):
            problems.append(f"{taken.path} lies below {folder}, its name says {_EMOTIONS[word]}: the name counts.")
        clips.append(
            Clip(
                "smic",
                f"s{subject:02d}",
                taken.name,
                taken.frames,
                taken.numbers,
                first,
                None,
                last,
                FPS[camera],
                (),
                _EMOTIONS[word],
            )
        )
    others = [each for each in footage if key(each.name) is None]
    if others:
        problems.append(
            f"{len(others)} folders or recordings are no micro-expressions by their name, such as {others[0].path}: "
            "they are left out."
        )
    return ClipSet("smic", f"SMIC {camera}", FPS[camera], tuple(clips), tuple(problems))


def _camera(footage: Footage) -> str | None:
    for part in footage.path.parts[-2::-1]:
        if found := _CAMERA.search(part.replace("_", " ")):
            return found[1].upper()
    return None
