"""What is known of a recording once it has been analysed: who was seen when, how each face moved, and the events."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from engine.faces.covering import REGIONS as COVERED
from engine.features.action_units import NUMBERS, Moved
from engine.features.face_regions import REGIONS
from engine.recognition.face_answers import FaceAnswers
from engine.recognition.resting_face import Rest

__all__ = ["REGIONS", "Analysis", "Event", "Recording", "Track"]


@dataclass(frozen=True)
class Recording:
    """The file that was analysed.

    Attributes
    ----------
    file
        Its name, as it was given.
    width, height
        Of its upright pictures, in pixels; where they change, those that most pictures have.
    fps
        Mean frame rate by the frames' own times, in frames a second.
    duration_s
        Until the end of the last frame that could be read, in seconds on the recording's clock; see
        `engine.videos.Video`.
    frames
        How many frames could be read.
    distinct_share
        Which share of them is new, 0..1; the others repeat the one before, as a slow camera's do in a faster file.
    """

    file: str
    width: int
    height: int
    fps: float
    duration_s: float
    frames: int
    distinct_share: float = 1.0

    @property
    def distinct_fps(self) -> float:
        """Distinct frames a second."""
        return self.fps * self.distinct_share


@dataclass(frozen=True)
class Event:
    """One expression that came and went.

    Attributes
    ----------
    onset_s, apex_s, offset_s
        When it begins, is strongest and is over, in seconds on the recording's clock.
    kind
        ``"micro"`` or ``"macro"``, by its duration; ``"open"``, neither short nor long yet, where it was seen for at
        most half a second and not whole.
    expression
        The most probable expression shown, ``"neutral"`` where nothing but that is probable; empty until it is named.
    decided
        Whether it is probable enough to be said.
    probabilities
        A probability an expression, summing to 1; empty where no model has answered (an event that a user added).
    strength
        Largest motion of a region at the apex, in percent of the distance between the outer corners of the eyes.
    origin
        ``"spotted"``, ``"corrected"`` or ``"added"`` by a user.
    model
        Name of the model that answered; None where none has.
    onset_seen, end_seen
        Whether it was seen to begin, and to be over; otherwise ``onset_s`` is when the face came into sight,
        ``offset_s`` when it left it.
    plain
        What the model says without regard to how this face rests; empty where ``probabilities`` are that.
    moved
        Action units that rise from just before the onset to the apex; empty where none is told.
    """

    onset_s: float
    apex_s: float
    offset_s: float
    kind: str
    expression: str = ""
    decided: bool = False
    probabilities: dict[str, float] = field(default_factory=dict)
    strength: float = 0.0
    origin: str = "spotted"
    model: str | None = None
    onset_seen: bool = True
    end_seen: bool = True
    plain: dict[str, float] = field(default_factory=dict)
    moved: Moved = field(default_factory=dict)

    @property
    def duration_s(self) -> float:
        """From onset to offset."""
        return self.offset_s - self.onset_s

    @property
    def certainty(self) -> float | None:
        """The probability of the expression named, None where nothing has answered for it."""
        return self.probabilities.get(self.expression)

    @property
    def answer(self) -> str:
        """The expression shown, or ``undecided``."""
        return self.expression if self.decided else "undecided"

    def as_json(self) -> dict[str, Any]:
        """Return what ``python -m engine spot --json`` prints of an event."""
        told = {
            "onset_s": round(self.onset_s, 4),
            "apex_s": round(self.apex_s, 4),
            "offset_s": round(self.offset_s, 4),
            "onset_seen": self.onset_seen,
            "end_seen": self.end_seen,
            "kind": self.kind,
            "expression": self.expression,
            "decided": self.decided,
            "probabilities": _rounded(self.probabilities),
            "action_units": {
                f"AU{number}": {"right": round(right, 2), "left": round(left, 2)}
                for number, (right, left) in self.moved.items()
            },
        }
        return told | {"plain": _rounded(self.plain)} if self.plain else told


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {label: round(value, 4) for label, value in shares.items()}


@dataclass(frozen=True)
class Track:
    """One person through the recording: a row for each of the n frames in which the face was seen.

    Attributes
    ----------
    person
        From 1, in order of appearance.
    frame
        (n,) int64, numbers of the frames among those read, from 0, rising.
    time_s
        (n,) float64, when each is shown, in seconds on the recording's clock.
    box
        (n, 4) float32: x, y, width, height in pixels of that upright picture.
    pose_deg
        (n, 3) float32: yaw, pitch, roll.
    motion
        (n, regions) float32: how far each of `REGIONS` is from where it is at rest, head motion and blinks taken out,
        in percent of the distance between the eyes.
    eyes_open
        (n,) float32: opening of the eyelids, height over width, the mean of both eyes.
    probabilities
        (n, labels) float32, each row sums to 1: what the model for photos says of the frame; rows between those that
        were asked are interpolated.
    labels
        The expressions of those columns.
    gaps
        Stretches of time, in seconds, between its first and last frame in which the face was not seen.
    events
        In order of their onset.
    rest
        How this person's face rests.
    covered
        (n, 2) bool: whether something hides each of `engine.faces.covering.REGIONS`; no rows where that is not known.
    units
        (n, units, 2) float32: the intensity of each of `engine.features.action_units.UNITS` in the person's right and
        left half, 5 the strongest; below 0 where the face shows less of it than at rest; nan where it cannot be read.
    units_rested
        Whether they are told beside this person's own rest, and not beside an average face.
    gaze_deg
        (n, 2) float32: where the eyes look, to the picture's right against the line to the camera, and down against
        where this person looks usually; nan where that cannot be read.
    asked
        What the model said of the frames that it was asked about; None where it tells no embeddings, or nobody knows.
    """

    person: int
    frame: np.ndarray
    time_s: np.ndarray
    box: np.ndarray
    pose_deg: np.ndarray
    motion: np.ndarray
    eyes_open: np.ndarray
    probabilities: np.ndarray
    labels: tuple[str, ...]
    gaps: tuple[tuple[float, float], ...] = ()
    events: tuple[Event, ...] = ()
    rest: Rest = field(default_factory=Rest)
    covered: np.ndarray = field(default_factory=lambda: np.zeros((0, len(COVERED)), bool))
    units: np.ndarray = field(default_factory=lambda: np.zeros((0, len(NUMBERS), 2), np.float32))
    units_rested: bool = False
    gaze_deg: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    asked: FaceAnswers | None = None

    def with_events(self, events: tuple[Event, ...]) -> Self:
        """Return the track with other events, put in order."""
        return replace(self, events=tuple(sorted(events, key=lambda event: event.onset_s)))


@dataclass(frozen=True)
class Analysis:
    """A recording and what was found in it.

    Attributes
    ----------
    recording
        The file.
    tracks
        A person each, in order of appearance; may be empty.
    warnings
        Sentences: what a reader has to know before trusting the rest.
    enhanced
        By which method of `engine.images.lowlight.METHODS` faces were made brighter before a model named what they
        show, ``"none"`` for by none.
    """

    recording: Recording
    tracks: tuple[Track, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    enhanced: str = "none"

    def as_json(self) -> dict[str, Any]:
        """Return what ``python -m engine spot --json`` prints of a recording; ``enhanced`` only where faces were."""
        plain = {
            "file": self.recording.file,
            "fps": round(self.recording.fps, 3),
            "distinct_fps": round(self.recording.distinct_fps, 3),
            "duration_s": round(self.recording.duration_s, 3),
            "frames": self.recording.frames,
            "faces": [
                {"person": track.person, "events": [event.as_json() for event in track.events]} for track in self.tracks
            ],
            "warnings": list(self.warnings),
        }
        return plain if self.enhanced == "none" else plain | {"enhanced": self.enhanced}
