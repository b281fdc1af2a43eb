"""What is known after a frame, and of the latest seconds, in forms that cost little to hand over and do not grow."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.faces import Check
from engine.features.action_units import Moved
from engine.recognition.live.events import LiveEvent

SECONDS = 30.0
ROWS = 1_800  # 60 frames a second; of a faster camera some are left out


@dataclass(frozen=True)
class LiveFace:
    """One face in the latest frame.

    Attributes
    ----------
    person
        A number from 1, by where the face is and not by its looks.
    box
        x, y, width, height in pixels of the picture that was offered; may pass its border.
    pose_deg
        Yaw, pitch, roll.
    eyes_open
        Opening of the eyelids: height over width; about 0.3 open, below 0.1 closed.
    expression
        The most probable expression by `smoothed`.
    decided
        Whether it is probable enough to be said.
    named
        A probability a label: what the recogniser says, whatever this person has taught it.
    probabilities
        The same after what this person has taught; equal to `named` while that is nothing.
    smoothed
        `probabilities`, smoothed over time.
    spiking
        What the plastic head's spikes of the latest 400 ms say, after what this person has taught; None for a model
        without a plastic head.
    answered_s
        Time of the frame that the probabilities are of: mostly this one, a little earlier where the model was spared.
    corrections
        How often this person has taught.
    warnings
        What is wrong with the picture of this face, with a remedy each.
    rest_named
        Whether this person has named a face as his or her rest, which is taken out of `probabilities`.
    moved
        Action units that are present, the strongest first.
    units_rested
        Whether they are told beside this person's own rest, and not beside an average face.
    personal
        The record of the person by whose adaptation this face is answered for; None for by none.
    """

    person: int
    box: tuple[float, float, float, float]
    pose_deg: tuple[float, float, float]
    eyes_open: float
    expression: str
    decided: bool
    named: dict[str, float]
    probabilities: dict[str, float]
    smoothed: dict[str, float]
    spiking: dict[str, float] | None
    answered_s: float
    corrections: int
    warnings: tuple[Check, ...]
    rest_named: bool = False
    moved: Moved = field(default_factory=dict)
    units_rested: bool = False
    personal: str | None = None

    @property
    def certainty(self) -> float:
        """The smoothed probability of the expression, 0..1."""
        return self.smoothed[self.expression]

    @property
    def answer(self) -> str:
        """The expression shown, or ``undecided``."""
        return self.expression if self.decided else "undecided"


@dataclass(frozen=True)
class LiveState:
    """All that is known after a frame.

    Attributes
    ----------
    frames
        How many were looked at; 0 before the first one.
    time_s
        Of the latest one, in seconds from the first.
    size
        Its width and height as it was offered.
    faces
        By person.
    fps
        Frames looked at a second, by their own times over the latest 2 s; None before that can be told.
    too_slow
        Whether that is too slow for micro-expressions.
    took_s
        How long the latest frame was worked on.
    lag_s
        How long ago it had been offered when it was answered: waiting and work.
    dropped
        Frames that were left out because a newer one came before there was time for them.
    out_of_order
        Frames that were left out because their time did not rise.
    failed
        Frames that could not be read.
    events
        The expressions that were spotted and are still held, in the order in which they became known.
    spotted
        How many were spotted in all: grows by one for each new event.
    warnings
        Sentences on the stream as a whole.
    error
        A sentence on what went wrong with the latest frame; None where nothing did.
    phase
        ``"starting"``, ``"running"``, ``"silent"`` where no frame has come for a while, ``"paused"`` or ``"ended"``.
    """

    frames: int = 0
    time_s: float = 0.0
    size: tuple[int, int] = (0, 0)
    faces: tuple[LiveFace, ...] = ()
    fps: float | None = None
    too_slow: bool = False
    took_s: float = 0.0
    lag_s: float = 0.0
    dropped: int = 0
    out_of_order: int = 0
    failed: int = 0
    events: tuple[LiveEvent, ...] = field(default=())
    spotted: int = 0
    warnings: tuple[str, ...] = ()
    error: str | None = None
    phase: str = "starting"

    @property
    def main(self) -> LiveFace | None:
        """The largest face, None without any."""
        return max(self.faces, key=lambda face: face.box[2] * face.box[3], default=None)


@dataclass(frozen=True)
class Timeline:
    """One person's latest seconds.

    Attributes
    ----------
    labels
        The expressions of the columns.
    time_s
        (n,) float64, rising.
    probabilities, smoothed
        (n, labels) float32: of each frame, and smoothed over time; a row of NaN where the face was out of sight, so
        that a line that is drawn breaks there.
    """

    labels: tuple[str, ...]
    time_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    smoothed: NDArray[np.float32]


class TimelineBuffer:
    """Keeps the latest `SECONDS`."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._time_s = np.full(ROWS, -np.inf)
        self._rows = np.full((2, ROWS, len(labels)), np.nan, np.float32)
        self._next, self._last_s, self._broken = 0, -np.inf, True

    def push(self, time_s: float, probabilities: NDArray, smoothed: NDArray) -> None:
        """Take what a frame says, (labels,) each."""
        if time_s - self._last_s >= 0.9 * SECONDS / ROWS:
            self._put(time_s, probabilities, smoothed)
            self._broken = False

    def gap(self, time_s: float) -> None:
        """Tell that nothing is known at a time."""
        if not self._broken:
            self._put(time_s, np.nan, np.nan)
            self._broken = True

    def timeline(self) -> Timeline:
        """Return a copy, in order."""
        order = np.roll(np.arange(ROWS), -self._next)
        order = order[self._time_s[order] >= self._last_s - SECONDS] if self._last_s > -np.inf else order[:0]
        return Timeline(self._labels, self._time_s[order], *self._rows[:, order])

    def _put(self, time_s: float, probabilities: NDArray | float, smoothed: NDArray | float) -> None:
        self._time_s[self._next] = time_s
        self._rows[0, self._next], self._rows[1, self._next] = probabilities, smoothed
        self._next, self._last_s = (self._next + 1) % ROWS, time_s
