"""Expressions found while frames come in, in bounded memory."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from engine.emotions import kind_of
from engine.features.aligned_face import AlignedFace
from engine.features.face_regions import REGIONS
from engine.features.region_motion import Motion, RegionMotion
from engine.recognition.analysis import Event
from engine.recognition.spotting.series import Series, find_events, motion_from_baseline

BUFFER_S = 30.0
"""So much is looked back upon: at 60 frames a second 30 MB of faces."""

_MOST_FRAMES = 3000  # whatever the frame rate
_EVERY_S = 1.5  # how often the buffer is looked through
_SETTLED_S = 3.0  # an event that ended so long ago will not change any more


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
        self._told_until_s = -math.inf

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
        found = []
        if sample.time_s >= self._next_look_s:
            self._next_look_s = sample.time_s + _EVERY_S
            found = self._look(sample.time_s - _SETTLED_S)
            self._trim(sample.time_s)
        return found

    def gap(self) -> list[EventWithFaces]:
        """Tell that the face was lost, or that frames end: return what was not final yet. Nothing is spotted across."""
        found = self._look(math.inf)
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
            series = Series(
                np.array(time_s),
                np.stack([each.displacement for each in motion]),
                np.array(eyes_open, np.float32),
                np.stack([each.head for each in motion]),
                np.stack([each.eyes for each in motion]),
                np.array([sample.pose_deg[2] for sample in self._samples], np.float32),
            )
            self._rested = (series, *motion_from_baseline(series))
        return self._rested

    def _motion_now(self) -> NDArray[np.float32]:
        series, even, moved = self._rest()
        far = np.linalg.norm(moved, axis=2)
        return np.stack([np.interp(series.time_s, even, column) for column in far.T], axis=1).astype(np.float32)

    def _look(self, until_s: float) -> list[EventWithFaces]:
        if len(self._rows) < 2:
            return []
        found = []
        series, even, moved = self._rest()
        for event in find_events(series, self._told_until_s, (even, moved)):
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
        kind = kind_of(onset.time_s, offset.time_s)
        return Event(onset.time_s, apex.time_s, offset.time_s, kind, strength=event.strength), onset, apex

    def _trim(self, now_s: float) -> None:
        old = 0
        while old < len(self._rows) and (self._rows[old][0] < now_s - BUFFER_S or len(self._rows) - old > _MOST_FRAMES):
            old += 1
        if old:
            self._settle(old)

    def _settle(self, count: int) -> None:
        """Let the first frames go, and keep their motion."""
        if not count:
            return
        if self._remember:
            self._done.append(self._motion_now()[:count])
        del self._rows[:count]
        self._rested = None
        for _ in range(count):
            self._samples.popleft()
