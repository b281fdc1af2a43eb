"""How well expressions are spotted over time, measured on synthetic clips whose truth is known.

A spotted interval is right where it overlaps a true one by at least half of their union, each counted once, as the
field's challenges count [1]_. Micro-expressions and long ones are also counted apart, as there: then an interval of
one kind is only right for a true one of the same kind.

Clips are told apart by their seeds. Everything was chosen on seeds below 10,000 (0 to 199 while developing); those from
10,000 on are held back, and read once, for the figures that are told.

References
----------
.. [1] J. Li et al., "MEGC2020: the third facial micro-expression grand challenge", 15th IEEE International Conference
       on Automatic Face and Gesture Recognition, 2020, doi 10.1109/FG47880.2020.00029.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from engine.arguments import add_jobs
from engine.emotions import kind_of
from engine.errors import DataError
from engine.evaluation.bootstrap import RESAMPLES, interval
from engine.faces.track import Tracker
from engine.features.aligned_face import align_face
from engine.recognition.spotting import Spotter
from engine.synthetic import synthetic_clip
from engine.tasks import SILENT, Progress
from engine.tasks.pools import in_order
from engine.words import columns

HELD_BACK = 10_000
"""The first seed of the clips that nothing was chosen on."""

OVERLAP = 0.5
FPS = 60.0
SHORTEST_S, LONGEST_S = 5.0, 60.0
_EVERY_EMPTY = 3  # each third clip shows no expression
_KINDS = ("micro", "macro")


@dataclass(frozen=True)
class Spotted:
    """What was spotted in one clip, and what is true of it.

    Attributes
    ----------
    seed
        Which clip.
    duration_s
        How long it is.
    found, true
        Each (n, 3) float64: onset, apex and offset in seconds.
    """

    seed: int
    duration_s: float
    found: NDArray[np.float64]
    true: NDArray[np.float64]


def overlap(one: NDArray, other: NDArray) -> NDArray[np.float64]:
    """Return the shared part of intervals' unions, 0 to 1.

    Parameters
    ----------
    one, other
        (n, 2 or more) and (m, 2 or more): begin in the first column, end in the last one.

    Returns
    -------
    ndarray
        (n, m).
    """
    begin, end = np.maximum(one[:, None, 0], other[:, 0]), np.minimum(one[:, None, -1], other[:, -1])
    union = np.maximum(one[:, None, -1], other[:, -1]) - np.minimum(one[:, None, 0], other[:, 0])
    return np.maximum(end - begin, 0) / np.maximum(union, 1e-12)


def matches(found: NDArray, true: NDArray, least: float = OVERLAP) -> list[tuple[int, int]]:
    """Pair spotted intervals with true ones, one to one, as many as can be.

    Parameters
    ----------
    found, true
        As in `overlap`.
    least
        Overlap that a pair needs.

    Returns
    -------
    list of tuple
        Index of the spotted one, index of the true one; in order of the spotted ones.
    """
    if not len(found) or not len(true):
        return []
    shared = overlap(found, true)
    # A pair that counts is worth more than all overlaps together, so that pairs come first and overlap decides between.
    gain = np.where(shared >= least - 1e-9, 1 + shared / (1 + min(shared.shape)), 0)
    return [(int(i), int(j)) for i, j in zip(*linear_sum_assignment(-gain), strict=True) if gain[i, j] > 0]


def spot_clip(seed: int, duration_s: float | None = None) -> Spotted:
    """Draw one clip, follow its face and spot the expressions, picture by picture, without a video file between.

    Every third seed shows no expression; how long a clip lasts is drawn between 5 and 60 s, evenly by its logarithm.

    Parameters
    ----------
    seed
        Of the clip.
    duration_s
        Of the clip, instead.
    """
    if duration_s is None:
        duration_s = float(np.exp(np.random.default_rng(seed).uniform(np.log(SHORTEST_S), np.log(LONGEST_S))))
    clip = synthetic_clip(seed, duration_s=duration_s, fps=FPS, events=() if seed % _EVERY_EMPTY == 0 else None)
    tracker, spotter, found = Tracker(), Spotter(), []
    for number in range(clip.count):
        picture, time_s = clip.picture(number), number / clip.fps
        faces = [face for face in tracker.update(picture, time_s) if face.person == 1]
        found += spotter.push(align_face(picture, faces[0].landmarks, time_s)) if faces else spotter.gap()
    found += spotter.gap()
    return Spotted(seed, clip.duration_s, event_times([event for event, *_ in found]), event_times(clip.events))


def measure(clips: int = 200, seed: int = HELD_BACK, jobs: int = 1, progress: Progress = SILENT) -> dict[str, Any]:
    """Spot expressions in synthetic clips and return the figures of `figures`.

    Parameters
    ----------
    clips
        How many.
    seed
        Of the first one; the others follow.
    jobs
        Processes at a time.
    progress
        Told after each clip.

    Raises
    ------
    DataError
        For less than one clip.
    Cancelled
        Where ``progress`` says so.
    """
    if clips < 1:
        raise DataError(f"{clips} clips are none.", "Ask for at least 1.")
    each = []
    progress.step(0, clips, "spotting in synthetic clips")
    for one in in_order(spot_clip, range(seed, seed + clips), jobs):
        each.append(one)
        progress.step(len(each), clips, "spotting in synthetic clips")
    return {"seeds": [seed, seed + clips - 1]} | figures(each)


def figures(each: Sequence[Spotted], seed: int = 0) -> dict[str, Any]:
    """Return precision, recall and F1 over all clips, errors of the apex, and false events where nothing happens.

    Parameters
    ----------
    each
        The clips.
    seed
        Of the bootstrap over clips.

    Returns
    -------
    dict
        ``clips``, ``minutes``; ``all``, ``micro`` and ``macro``: each ``true``, ``spotted``, ``right``, ``precision``,
        ``recall``, ``f1`` and its 95 % ``interval``; ``apex_error_s`` and ``apex_error_frames`` (at 60 a second), the
        median and the 90th percentile over right events; ``without_events``: ``clips``, ``minutes``, ``false``,
        ``false_a_minute``. A figure that nothing defines is None.
    """
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(each), (RESAMPLES, len(each)))
    found: dict[str, Any] = {"clips": len(each), "minutes": round(sum(one.duration_s for one in each) / 60, 2)}
    for name in ("all", *_KINDS):
        counts = np.array([_counts(one if name == "all" else _only(one, name)) for one in each])
        f1 = _f1(counts[drawn].sum(axis=1))
        defined = f1[~np.isnan(f1)]
        found[name] = _scores(counts.sum(axis=0)) | {"interval": interval(defined) if len(defined) else None}
    errors = np.array([abs(one.found[i, 1] - one.true[j, 1]) for one in each for i, j in matches(one.found, one.true)])
    for name, unit in (("apex_error_s", 1.0), ("apex_error_frames", FPS)):
        found[name] = None
        if len(errors):
            found[name] = {"median": float(np.median(errors) * unit), "p90": float(np.percentile(errors, 90) * unit)}
    empty = [one for one in each if not len(one.true)]
    minutes, false = sum(one.duration_s for one in empty) / 60, sum(len(one.found) for one in empty)
    found["without_events"] = {
        "clips": len(empty),
        "minutes": round(minutes, 2),
        "false": false,
        "false_a_minute": false / minutes if minutes else None,
    }
    return found


def event_times(events: Sequence[Any]) -> NDArray[np.float64]:
    """Return onset, apex and offset of events in seconds, (n, 3); one whose end was not seen ends where it left."""
    return np.array([(event.onset_s, event.apex_s, event.offset_s) for event in events], np.float64).reshape(-1, 3)


def _only(one: Spotted, kind: str) -> Spotted:
    found, true = (
        times[np.array([kind_of(row[0], row[2]) == kind for row in times], bool)] for times in (one.found, one.true)
    )
    return replace(one, found=found, true=true)


def _counts(one: Spotted) -> tuple[int, int, int]:
    """Return how many are true, spotted, and both."""
    return len(one.true), len(one.found), len(matches(one.found, one.true))


def _f1(counts: NDArray) -> NDArray[np.float64]:
    total = counts[..., 0] + counts[..., 1]
    return np.where(total > 0, 2 * counts[..., 2] / np.maximum(total, 1), np.nan)


def _scores(counts: NDArray) -> dict[str, Any]:
    true, spotted, right = (int(count) for count in counts)
    return {
        "true": true,
        "spotted": spotted,
        "right": right,
        "precision": right / spotted if spotted else None,
        "recall": right / true if true else None,
        "f1": float(_f1(counts)) if true + spotted else None,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument("--clips", type=int, default=200, help="how many clips (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=HELD_BACK, help="of the first clip (default: %(default)s)")
    add_jobs(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Draw clips and spot."""
    return [measure(options.clips, options.seed, options.jobs, progress)]


def in_words(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    table = [["", "true", "spotted", "right", "precision", "recall", "F1", "95 % interval"]]
    for name in ("all", *_KINDS):
        row = found[name]
        shares = ["-" if row[key] is None else f"{row[key]:.1%}" for key in ("precision", "recall", "f1")]
        low_high = "" if row["interval"] is None else "{:.1%} to {:.1%}".format(*row["interval"])
        table.append([name, *(str(row[key]) for key in ("true", "spotted", "right")), *shares, low_high])
    about = "{clips} synthetic clips, {minutes:.1f} min, seeds {seeds[0]} to {seeds[1]}".format_map(found)
    lines = [about, *columns(table, ">")]
    error, empty = found["apex_error_frames"], found["without_events"]
    if error is not None:
        lines.append(f"apex: median error {error['median']:.2f} frames at 60 a second, 90 % within {error['p90']:.1f}")
    if empty["clips"]:
        lines.append(
            f"{empty['clips']} clips without an event, {empty['minutes']:.1f} min: {empty['false']} false events, "
            f"{empty['false_a_minute']:.2f} a minute"
        )
    return "\n".join(lines)
