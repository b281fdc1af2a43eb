"""Expressions found while frames come in, in bounded memory."""

import math
from collections import deque
from dataclasses import replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from engine.emotions import kind_of
from engine.features.aligned_face import AlignedFace
from engine.features.face_regions import REGIONS
from engine.features.region_motion import Motion, RegionMotion
from engine.recognition.analysis import Event
from engine.recognition.resting_face import LEAST_S
from engine.recognition.spotting.baseline import held_from_first
from engine.recognition.spotting.gaps import APART_S
from engine.recognition.spotting.series import Series, find_events, motion_from_baseline

BUFFER_S = 30.0
"""So much is looked back upon: at 60 frames a second 30 MB of faces."""

_MOST_FRAMES = 3000  # whatever the frame rate
_EVERY_S = 1.5  # how often the buffer is looked through
_SETTLED_S = 3.0  # an event that ended so long ago will not change any more
_ANSWERED_S = 0.15  # an answer holds for frames so near to its own


class Shown(IntEnum):
    """What a model for single frames says of one: an expression, that it cannot tell, or nothing but neutral."""

    EXPRESSION, UNSURE, NEUTRAL = range(3)


EventWithFaces = tuple[Event, AlignedFace, AlignedFace]
"""An event that is not yet named, its times those of frames, and the face at its onset and at its apex."""


class Spotter:
    """Finds the expressions of one face; frames are given one after the other.

    Parameters
    ----------
    remember
        Whether the motion of every frame is kept for `motion`; without it memory does not grow at all.
    """

    def __init__(self, *, remember: bool = True) -> None:
        self._remember = remember
        self._samples: deque[AlignedFace] = deque()
        self._rows: list[tuple[float, Motion, float]] = []  # of the samples in the buffer
        self._done: list[NDArray[np.float32]] = []  # motion of frames that have left the buffer
        self._rested: tuple[Series, NDArray, NDArray] | None = None  # of these rows, once it was asked for
        self._follower = RegionMotion()
        self._next_look_s = -math.inf
        self._told_until_s = self._open_s = -math.inf
        self._goes_on = False
        self._answers: deque[tuple[float, Shown]] = deque()

    def tell(self, time_s: float, shown: Shown) -> None:
        """Say what a model has answered for a frame, so that an expression that is held is not taken for rest.

        Parameters
        ----------
        time_s
            Of the frame, later than the one told before; two seconds after it was pushed is early enough.
        shown
            What it was.
        """
        self._answers.append((time_s, shown))
        self._rested = None

    def push(self, sample: AlignedFace) -> list[EventWithFaces]:
        """Take the next frame and return the events that have become final, in order.

        Raises
        ------
        ValueError
            If the frame is not later than the one before.
        """
        if self._rows and not sample.time_s > self._rows[-1][0]:
            raise ValueError(f"Expected a frame after {self._rows[-1][0]} s. Received one at {sample.time_s} s.")
        motion = self._follower.update(sample)
        self._samples.append(sample)
        self._rows.append((sample.time_s, motion, sample.eyes_open))
        self._rested = None
        if self._next_look_s == -math.inf:
            self._next_look_s = sample.time_s + _EVERY_S
            self._goes_on = sample.time_s - self._open_s <= APART_S
        found = []
        if sample.time_s >= self._next_look_s:
            self._next_look_s = sample.time_s + _EVERY_S
            found = self._look(sample.time_s - _SETTLED_S)
            self._trim(sample.time_s)
        return found

    def gap(self) -> list[EventWithFaces]:
        """Tell that the face was lost, or that frames end: return what was not final yet.

        Nothing is spotted across. Where an event does not end before and the face is back at once, its end is found as
        an event whose onset was not seen.
        """
        found = self._look(math.inf)
        if any(not event.end_seen for event, *_ in found):
            self._open_s = self._rows[-1][0]
        self._settle(len(self._rows))
        self._follower = RegionMotion()
        self._next_look_s = -math.inf
        return found

    def motion(self) -> NDArray[np.float32]:
        """Return how far each region was from rest in every frame that is remembered, (n, regions) float32.

        In percent of the distance between the outer corners of the eyes, head motion and blinks taken out.
        """
        parts = [*self._done, *([self._motion_now()] if self._rows else [])]
        return np.concatenate(parts) if parts else np.zeros((0, len(REGIONS)), np.float32)

    def _rest(self) -> tuple[Series, NDArray[np.float64], NDArray[np.float64]]:
        """Return the buffer as a series, and `motion_from_baseline` of it."""
        if self._rested is None:
            time_s, motion, eyes_open = zip(*self._rows, strict=True)
            displacement, restful = np.stack([each.displacement for each in motion]), self._restful(np.array(time_s))
            if self._goes_on:
                # The event that did not end is held: the posture in which the face came back is none of its rest.
                held = held_from_first(displacement)
                restful = ~held if restful is None else restful & ~held
            series = Series(
                np.array(time_s),
                displacement,
                np.array(eyes_open, np.float32),
                np.stack([each.head for each in motion]),
                np.stack([each.eyes for each in motion]),
                np.array([sample.pose_deg[2] for sample in self._samples], np.float32),
                restful,
            )
            self._rested = (series, *motion_from_baseline(series))
        return self._rested

    def _restful(self, time_s: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Return in which frames the face may be at rest; None where it was hardly ever called neutral."""
        if len(self._answers) < 2:
            return None
        told_s, shown = (np.array(each) for each in zip(*self._answers, strict=True))
        if (shown == Shown.NEUTRAL).sum() * np.median(np.diff(told_s)) < LEAST_S - 1e-6:
            return None
        after = np.clip(np.searchsorted(told_s, time_s), 1, len(told_s) - 1)
        nearest = after - (time_s - told_s[after - 1] < told_s[after] - time_s)
        return (np.abs(told_s[nearest] - time_s) <= _ANSWERED_S) & (shown[nearest] != Shown.EXPRESSION)

    def _motion_now(self) -> NDArray[np.float32]:
        series, even, moved = self._rest()
        far = np.linalg.norm(moved, axis=2)
        return np.stack([np.interp(series.time_s, even, column) for column in far.T], axis=1).astype(np.float32)

    def _look(self, until_s: float) -> list[EventWithFaces]:
        if len(self._rows) < 2:
            return []
        found = []
        series, even, moved = self._rest()
        for event in find_events(series, self._told_until_s, (even, moved), goes_on=self._goes_on):
            if event.onset_s >= self._told_until_s and event.offset_s <= until_s:
                found.append(self._with_faces(event))
                self._told_until_s = event.offset_s
        return found

    def _with_faces(self, event: Event) -> EventWithFaces:
        times = np.array([sample.time_s for sample in self._samples])
        onset, apex, offset = (
            self._samples[int(np.abs(times - time_s).argmin())]
            for time_s in (event.onset_s, event.apex_s, event.offset_s)
        )
        kind = kind_of(onset.time_s, offset.time_s, whole=event.onset_seen and event.end_seen)
        at = replace(event, onset_s=onset.time_s, apex_s=apex.time_s, offset_s=offset.time_s, kind=kind)
        return at, onset, apex

    def _trim(self, now_s: float) -> None:
        old = 0
        while old < len(self._rows) and (self._rows[old][0] < now_s - BUFFER_S or len(self._rows) - old > _MOST_FRAMES):
            old += 1
        if old:
            self._settle(old)
            self._goes_on = False

    def _settle(self, count: int) -> None:
        """Let the first frames go, and keep their motion."""
        if not count:
            return
        if self._remember:
            self._done.append(self._motion_now()[:count])
        del self._rows[:count]
        self._rested = None
        for _ in range(count):
            last = self._samples.popleft()
        while self._answers and self._answers[0][0] <= last.time_s:
            self._answers.popleft()
