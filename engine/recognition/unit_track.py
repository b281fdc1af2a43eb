"""Action units and gaze of one person through a recording."""

from array import array
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.faces.covering import REGIONS as COVERED
from engine.faces.gaze import cut_eyes, gaze_deg
from engine.features import action_units
from engine.features.action_units import FURTHEST_DEG, NUMBERS, PARTS, SMALLEST_PX, Moved
from engine.features.aligned_face import AlignedFace
from engine.recognition.analysis import Event, Track

LOOK_S = 0.1  # between two frames in which the irises are looked for
USUAL_S = 2.0
"""So long must somebody's eyes have been seen for where they usually look, up and down, to be known."""
REST_S = 0.4
"""So long must a face have been seen at rest for its rest to be known."""

_STILL = 0.6  # percent of the distance between the eyes: a face that is nearer to its rest rests
_REACH_S, _EVERY_S = 15.0, 5.0  # rest is that of so many seconds to both sides, and is looked for so often
_BEFORE_S = 0.25  # of rest before an onset
_AT_APEX_S = 0.04  # to both sides
_SOFT_S = 0.02
_NOW_S = 0.15  # what is said of now is the mean of so long, since the mesh's points jitter
_BRIEF_S = 0.1  # a unit comes and goes more slowly than so; a blink takes as long
_FAR_S = 0.25  # gaze is not told further than so from where it was read

_SHAPE = (2, len(NUMBERS), 2)


class UnitReader:
    """Reads a person's units and gaze frame by frame.

    Parameters
    ----------
    aside
        Lets the network for irises answer while the next frames are looked at.
    """

    def __init__(self, aside: Executor) -> None:
        self._aside = aside
        self._readings, self._readable = bytearray(), bytearray()
        self._looked, self._looks = array("d"), list[Future[NDArray[np.float32]]]()

    def see(self, picture: NDArray[np.uint8], points: NDArray, width_px: float, sample: AlignedFace) -> None:
        """Take the face in one frame: the picture, the mesh's points in it, the width of the face, and the face."""
        # Half precision holds a hundredth of an intensity, and half the memory.
        self._readings += action_units.read(sample).astype(np.float16).tobytes()
        turned = max(abs(float(sample.pose_deg[0])), abs(float(sample.pose_deg[1])))
        self._readable.append(turned <= FURTHEST_DEG and width_px >= SMALLEST_PX)
        if not self._looked or sample.time_s - self._looked[-1] >= 0.9 * LOOK_S:
            self._looked.append(sample.time_s)
            self._looks.append(self._aside.submit(gaze_deg, cut_eyes(picture, points, sample.pose_deg)))

    def finish(self, track: Track) -> Track:
        """Return the track, of the frames seen here, with units, gaze, and what moved in each event."""
        readings = np.frombuffer(self._readings, np.float16).reshape(-1, *_SHAPE).astype(np.float32)
        readable = np.frombuffer(self._readable, np.uint8).astype(bool)
        resting = resting_frames(track) & readable
        if len(track.covered):
            resting &= ~track.covered.any(axis=1)
        units, rested = against_rest(track.time_s, readings, resting)
        units = soften(track.time_s, units, track.gaps)
        units[~readable] = np.nan
        for at, part in enumerate(COVERED if len(track.covered) else ()):
            for number in PARTS[part]:
                units[track.covered[:, at], NUMBERS.index(number)] = np.nan
        looks = np.array([look.result() for look in self._looks], np.float32).reshape(-1, 2)
        gaze = _between(track.time_s, np.array(self._looked), beside_usual(looks))
        if len(track.covered):
            gaze[track.covered[:, COVERED.index("eyes")]] = np.nan
        told = replace(track, units=units, units_rested=rested, gaze_deg=gaze)
        return told.with_events(tuple(replace(each, moved=moved_in(told, each)) for each in track.events))


def resting_frames(track: Track) -> NDArray[np.bool_]:
    """Return in which of a track's frames, (n,), the face is at rest: it hardly moves, and no expression is there."""
    still = track.motion.max(axis=1, initial=0.0) < _STILL
    for event in track.events:
        still &= (track.time_s < event.onset_s) | (track.time_s > event.offset_s)
    return np.asarray(still)


def against_rest(time_s: NDArray, readings: NDArray, resting: NDArray[np.bool_]) -> tuple[NDArray[np.float32], bool]:
    """Set readings beside the person's own rest, where it is known, and else beside the average face.

    Parameters
    ----------
    time_s
        (n,) seconds, rising.
    readings
        (n, 2, units, 2) from `engine.features.action_units.read`.
    resting
        (n,) the frames at rest.

    Returns
    -------
    tuple
        (n, units, 2) float32, intensities that may lie below 0, and whether a rest was known.
    """
    usual = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    if resting.sum() * usual < REST_S:
        return readings[:, 1].copy(), False
    at, calm = time_s[resting], readings[resting, 0]
    middles = np.arange(time_s[0], time_s[-1] + _EVERY_S, _EVERY_S)
    rests = []
    for middle in middles:
        near = np.abs(at - middle) <= _REACH_S
        rests.append(np.median(calm[near] if near.sum() * usual >= REST_S else calm, axis=0))
    levels = np.array(rests).reshape(len(middles), -1)
    rest = np.stack([np.interp(time_s, middles, level) for level in levels.T], axis=1)
    return (readings[:, 0] - rest.reshape(-1, *_SHAPE[1:])).astype(np.float32), True


def soften(time_s: NDArray, units: NDArray, gaps: Iterable[tuple[float, float]] = ()) -> NDArray[np.float32]:
    """Return units, (n, units, 2), a little smoothed over time, but not over gaps, since the mesh's points jitter."""
    # Not above: the page Video opens without SciPy.
    from scipy.ndimage import gaussian_filter1d

    if len(time_s) < 3:
        return units
    soft = np.empty_like(units)
    cuts = [0, *np.searchsorted(time_s, [(begin + end) / 2 for begin, end in gaps]).tolist(), len(time_s)]
    step = float(np.median(np.diff(time_s)))
    for first, last in pairwise(cuts):
        if last > first:
            soft[first:last] = gaussian_filter1d(units[first:last], _SOFT_S / max(step, 1e-3), axis=0, mode="nearest")
    return soft


def moved_in(track: Track, event: Event) -> Moved:
    """Return which units rise from just before an event's onset to its apex, the strongest first.

    Of an event whose onset was not seen: which stand out at its apex against the person's rest, or an average face.
    """
    return _risen(track.time_s, track.units, event, track.units_rested)


class Shown(NamedTuple):
    """An action unit that was present for a while.

    Attributes
    ----------
    number
        In FACS' numbering.
    begin_s, end_s
        From when to when.
    right, left
        Its intensity where it is strongest, in the person's right and left half.
    """

    number: int
    begin_s: float
    end_s: float
    right: float
    left: float


def shown_units(track: Track) -> list[Shown]:
    """Return when each unit that is told was present in a track, by unit and time.

    A unit is present where half of it, right or left, is; what it loses for less than `_BRIEF_S` does not end it, and
    what is there for less is none.
    """
    if not len(track.units):
        return []
    strength = np.clip(np.nan_to_num(track.units), 0, action_units.STRONGEST)
    present = action_units.is_present(strength.max(axis=2), track.units_rested)
    present &= action_units.told(track.units_rested)
    step = float(np.median(np.diff(track.time_s))) if len(track.time_s) > 1 else _BRIEF_S
    found = []
    for row in np.flatnonzero(present.any(axis=0)).tolist():
        at = np.flatnonzero(present[:, row])
        for run in np.split(at, np.flatnonzero(np.diff(track.time_s[at]) >= _BRIEF_S + step - 1e-6) + 1):
            begin_s, end_s = float(track.time_s[run[0]]), float(track.time_s[run[-1]]) + step
            if end_s - begin_s >= _BRIEF_S - 1e-6:
                strongest = strength[run[strength[run, row].mean(axis=1).argmax()], row]
                found.append(Shown(NUMBERS[row], begin_s, end_s, float(strongest[0]), float(strongest[1])))
    return found


class RecentUnits:
    """A person's readings of the latest seconds: what moves now, and what moved in events that become known.

    Parameters
    ----------
    held_s
        So many seconds of them.
    """

    def __init__(self, held_s: float) -> None:
        self._held_s = held_s
        self._readings: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._resting: deque[NDArray[np.float32]] = deque(maxlen=round(_REACH_S / LOOK_S))
        self._rest: NDArray[np.float32] | None = None
        self._named = False

    def push(self, width_px: float, sample: AlignedFace, *, readable: bool = True) -> None:
        """Take the face in the next frame, and whether it can be read at all."""
        readable = readable and not action_units.why_unread(width_px, *map(float, sample.pose_deg[:2]))
        reading = action_units.read(sample) if readable else np.full(_SHAPE, np.nan, np.float32)
        self._readings.append((sample.time_s, reading))
        while self._readings[0][0] < sample.time_s - self._held_s:
            self._readings.popleft()

    def rests(self) -> None:
        """Tell that the face in the latest frame rests, about ten times a second; nothing where a rest is named."""
        reading = self._readings[-1][1][0]
        if self._named or np.isnan(reading).any():
            return
        self._resting.append(reading)
        if len(self._resting) * LOOK_S >= REST_S - 1e-6:
            self._rest = np.median(self._resting, axis=0)

    def name_rest(self, since_s: float) -> None:
        """Take what was read since then for how this face rests, until `forget_rest`."""
        rows = [reading[0] for time_s, reading in self._readings if time_s >= since_s and not np.isnan(reading).any()]
        if rows:
            self._named, self._rest = True, np.median(rows, axis=0)

    def forget_rest(self) -> None:
        """Find out anew how this face rests."""
        self._named, self._rest = False, None
        self._resting.clear()

    def now(self) -> tuple[Moved, bool]:
        """Return what is present in the latest frames, the strongest first, and whether that is beside a known rest."""
        rested = self._rest is not None
        if not self._readings:
            return {}, rested
        last_s, rows = self._readings[-1][0], []
        for time_s, reading in reversed(self._readings):
            if time_s < last_s - _NOW_S:
                break
            rows.append(reading[0] - self._rest if self._rest is not None else reading[1])
        strength = np.clip(np.mean(rows, axis=0), 0, action_units.STRONGEST)
        return action_units.strongest(strength, rested), rested

    def moved_in(self, event: Event) -> Moved:
        """Return what `moved_in` returns for an event of these seconds."""
        if not self._readings:
            return {}
        times, readings = (np.array(each) for each in zip(*self._readings, strict=True))
        # Beside what was seen just before the onset, no other rest is needed.
        return _risen(times, readings[:, 0 if event.onset_seen else 1], event, event.onset_seen)


def _risen(time_s: NDArray, units: NDArray, event: Event, rested: bool) -> Moved:
    if not len(time_s):
        return {}
    apex = np.abs(time_s - event.apex_s) <= _AT_APEX_S
    before = (time_s >= event.onset_s - _BEFORE_S) & (time_s <= event.onset_s)
    apex[np.abs(time_s - event.apex_s).argmin()] = before[np.abs(time_s - event.onset_s).argmin()] = True
    risen = units[apex].mean(axis=0)
    if event.onset_seen:
        risen = risen - units[before].mean(axis=0)
    # What cannot be read, then or before, is not told.
    return action_units.strongest(np.clip(np.nan_to_num(risen), 0, action_units.STRONGEST), rested)


def beside_usual(looks: NDArray) -> NDArray[np.float32]:
    """Return gaze, (n, 2) degrees, with how far down it is told beside the person's median.

    Without `USUAL_S` of it there is none to know, so that nothing is said of up and down. See
    `engine.faces.gaze.gaze_deg` for why that is not told against the camera.
    """
    beside = looks.copy()
    known = looks[~np.isnan(looks[:, 1]), 1]
    beside[:, 1] -= np.median(known) if len(known) * LOOK_S >= USUAL_S - 1e-6 else np.nan
    return beside


def _between(time_s: NDArray, looked_s: NDArray, looks: NDArray) -> NDArray[np.float32]:
    """Return gaze for every frame, (n, 2) degrees: led straight between where it was read, nan where none is near."""
    gaze = np.full((len(time_s), 2), np.nan, np.float32)
    seen = ~np.isnan(looks[:, 0])
    if not seen.any():
        return gaze
    at, known = looked_s[seen], looks[seen]
    after = np.clip(np.searchsorted(at, time_s), 0, len(at) - 1)
    apart = np.minimum(np.abs(at[after] - time_s), np.abs(at[np.maximum(after - 1, 0)] - time_s))
    near = apart <= _FAR_S
    for axis in range(2):
        gaze[near, axis] = np.interp(time_s[near], at, known[:, axis])
    return gaze
