"""The curves of one face as bytes and back: numbers, from which no picture can be made again."""

import io
import json
import zipfile
from dataclasses import fields
from typing import Any

import numpy as np

from engine.arrays import read_arrays
from engine.errors import RecordsError
from engine.files import UNREADABLE
from engine.recognition.analysis import COVERED, NUMBERS, REGIONS, Track
from engine.recognition.resting_face import Rest, RestingFace

FORM = 1
MOST_BYTES = 64 * 2**20
"""Of one face, unpacked: more than an hour at 60 frames a second."""

_ARRAYS: dict[str, tuple[type, tuple[int | None, ...]]] = {
    "frame": (np.int64, (None,)),
    "time_s": (np.float64, (None,)),
    "box": (np.float32, (None, 4)),
    "pose_deg": (np.float32, (None, 3)),
    "motion": (np.float32, (None, len(REGIONS))),
    "eyes_open": (np.float32, (None,)),
    "probabilities": (np.float32, (None, None)),
    "covered": (np.bool_, (None, len(COVERED))),
    "units": (np.float32, (None, len(NUMBERS), 2)),
    "gaze_deg": (np.float32, (None, 2)),
}
_OPTIONAL = ("covered", "units", "gaze_deg")
_HALF = ("motion", "probabilities", "units", "gaze_deg", "pose_deg", "eyes_open")
"""Kept in half precision: a thousandth of the value, far finer than it is measured."""


def curves_of(track: Track) -> bytes | None:
    """Return a face's curves, without its events; None where they are more than `MOST_BYTES`, or there are none."""
    arrays = {name: getattr(track, name) for name in _ARRAYS}
    if not len(track.frame) or sum(array.nbytes for array in arrays.values()) > MOST_BYTES:
        return None
    arrays |= {name: arrays[name].astype(np.float16) for name in _HALF}
    rest = track.rest.face
    about = {
        "form": FORM,
        "labels": list(track.labels),
        "gaps": [list(gap) for gap in track.gaps],
        "units_rested": track.units_rested,
        "why_not": track.rest.why_not,
        "called_neutral": track.rest.called_neutral,
        "rest": None if rest is None else rest_as_plain(rest),
    }
    target = io.BytesIO()
    named: dict[str, Any] = {"about": np.array(json.dumps(about)), **arrays}
    np.savez_compressed(target, **named)
    return target.getvalue()


def track_from(person: int, labels: tuple[str, ...], curves: bytes | None) -> Track:
    """Return a face without events: with its curves, or without any where they are not kept.

    Raises
    ------
    RecordsError
        For bytes that `curves_of` did not write.
    """
    if curves is None:
        empty: dict[str, Any] = {
            name: np.zeros([0 if side is None else side for side in shape], kind)
            for name, (kind, shape) in _ARRAYS.items()
        }
        return Track(person=person, labels=labels, **empty | {"probabilities": np.zeros((0, len(labels)), np.float32)})
    try:
        stored = read_arrays(io.BytesIO(curves), _bounded)
        about = json.loads(str(stored["about"]))
        arrays: dict[str, Any] = {name: _checked(name, stored[name]) for name in _ARRAYS}
        count = len(arrays["frame"])
        if about["form"] != FORM or tuple(about["labels"]) != labels:
            raise ValueError("of another form, or of other expressions")
        for name, array in arrays.items():
            if len(array) != count and not (name in _OPTIONAL and not len(array)):
                raise ValueError(f"{name} has {len(array)} rows, the face {count}")
        if arrays["probabilities"].shape[1] != len(labels) or not (np.diff(arrays["time_s"]) > 0).all():
            raise ValueError("its rows do not fit together")
        gaps = tuple((float(begin), float(end)) for begin, end in about["gaps"])
        rest = None if about["rest"] is None else rest_from_plain(about["rest"])
        resting = Rest(rest, str(about["why_not"])[:200], bool(about["called_neutral"]))
    except UNREADABLE as error:
        raise RecordsError(
            f"The curves of face {person} cannot be read ({error}).", "They are damaged; put a whole copy back."
        ) from error
    return Track(
        person=person, labels=labels, gaps=gaps, rest=resting, units_rested=bool(about["units_rested"]), **arrays
    )


def rest_as_plain(rest: RestingFace) -> dict[str, Any]:
    """Return a resting face as JSON can hold it."""
    plain = {field.name: getattr(rest, field.name) for field in fields(rest)}
    return plain | {"labels": list(rest.labels), "level": rest.level.tolist(), "wander": rest.wander.tolist()}


def rest_from_plain(plain: Any) -> RestingFace:
    """Return the resting face that `rest_as_plain` was given; raises ValueError, TypeError or KeyError for another."""
    labels = tuple(map(str, plain["labels"]))
    level, wander = (np.asarray(plain[name], np.float64) for name in ("level", "wander"))
    fits = level.shape == wander.shape == (len(labels),) and np.isfinite(level).all() and np.isfinite(wander).all()
    if not fits or not (wander > 0).all():
        raise ValueError("this is no resting face")
    return RestingFace(labels, level, wander, float(plain["seconds"]), bool(plain["named"]))


def _bounded(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > MOST_BYTES + 2**20:
        raise ValueError(f"more than {MOST_BYTES:,} bytes")


def _checked(name: str, array: np.ndarray) -> np.ndarray:
    kind, shape = _ARRAYS[name]
    fits = array.ndim == len(shape) and all(want in (None, side) for want, side in zip(shape, array.shape, strict=True))
    if not fits or array.dtype.kind != np.dtype(kind).kind:
        raise ValueError(f"{name} has the shape {array.shape} of {array.dtype}")
    return array.astype(kind)
