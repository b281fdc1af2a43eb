"""Clips of synthetic faces whose every expression is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from engine.synthetic.fields import HeadPose
from engine.synthetic.motion import Gaze, Head, Light, Speech, gaze, head, light, speech
from engine.synthetic.person import person as _person
from engine.synthetic.scene import draw_body, room
from engine.synthetic.truth import BLINKS_A_MINUTE, MICRO_INTENSITY, Blink, TrueEvent, random_blinks, random_events
from engine.videos.picture import Frame

SHOT, READ = 0.035, 1.2  # variance of the sensor's noise in gray values: per value, and in the dark
_POOL = 1 << 21  # noise is drawn once and read from another place for each picture
_HEAD_MM = 310.0  # of the face's scale, a picture's height shows so much


@dataclass(frozen=True)
class Actor:
    """One person of a clip: the identity's seed, how the head moves, where the eyes look and what is said."""

    seed: int
    head: Head
    gaze: Gaze
    speech: Speech = field(default_factory=Speech)


@dataclass(frozen=True)
class SyntheticClip:
    """A clip of one or more synthetic faces; its pictures are drawn when they are asked for.

    Attributes
    ----------
    seed
        Of everything that is random in it.
    fps, duration_s, count, size
        Frames a second, length, number of frames, (width, height).
    events
        The truth, in order of onset.
    blinks
        In order of their start.
    actors
        The people, from left to right: person 1 first.
    light
        How the light changes.
    noise
        How strong the sensor's noise is; 0 none, 1 that of a webcam in a bright room.
    resting
        How strongly action units show while nothing else does, 0 to 1: a face that looks sad at rest, for instance.
    """

    seed: int
    fps: float
    duration_s: float
    count: int
    size: tuple[int, int]
    events: tuple[TrueEvent, ...]
    blinks: tuple[Blink, ...]
    actors: tuple[Actor, ...] = field(repr=False)
    light: Light = field(repr=False)
    noise: float = 1.0
    resting: Mapping[int, float] = field(default_factory=dict)

    def time_s(self, number: int) -> float:
        """Return when a frame is shown."""
        return number / self.fps

    def strengths(self, number: int, person: int = 1) -> dict[int, float]:
        """Return how strongly each action unit that shows does in a frame, 0 to 1."""
        found: dict[int, float] = dict(self.resting)
        for unit, strength in self.actors[person - 1].speech.at(self.time_s(number)).items():
            found[unit] = max(strength, found.get(unit, 0.0))
        for event in self.events:
            strength = event.strength(self.time_s(number)) if event.person == person else 0.0
            if strength > 0:
                found |= {unit: max(strength, found.get(unit, 0.0)) for unit in event.action_units}
        return found

    def closure(self, number: int, person: int = 1) -> float:
        """Return how far a person's eyes are closed by a blink in a frame, 0 to 1."""
        time_s = self.time_s(number)
        return max((blink.closure(time_s) for blink in self.blinks if blink.person == person), default=0.0)

    def head_pose(self, number: int, person: int = 1) -> HeadPose:
        """Return how a person's head is held in a frame."""
        return self.actors[person - 1].head.at(self.time_s(number))

    def picture(self, number: int) -> np.ndarray:
        """Return a frame as (height, width, 3) uint8 RGB.

        Raises
        ------
        IndexError
            For a number that is not 0 to ``count`` - 1.
        """
        if not 0 <= number < self.count:
            raise IndexError(f"Expected a frame from 0 to {self.count - 1}. Received {number}.")
        return self._exposed(self._drawn(number), number)

    def _drawn(self, number: int) -> np.ndarray:
        """Return a frame as it would be without changes of light and noise, in an array of its own."""
        time_s = self.time_s(number)
        drawn = self._still.copy()
        for place, member in enumerate(self.actors, start=1):
            _person(member.seed).draw(
                drawn,
                member.head.at(time_s),
                self.strengths(number, place),
                self.closure(number, place),
                member.gaze.at(time_s),
            )
        return drawn

    def frames(self) -> Iterator[Frame]:
        """Yield every frame in order."""
        for number in range(self.count):
            yield Frame(number, self.time_s(number), self.picture(number))

    def truth(self) -> dict[str, Any]:
        """Return what is true of the clip as plain numbers and words."""
        return {
            "synthetic": True,
            "seed": self.seed,
            "fps": self.fps,
            "frames": self.count,
            "width": self.size[0],
            "height": self.size[1],
            "events": [_plain(event) for event in self.events],
            "blinks": [_plain(blink) for blink in self.blinks],
        }

    @cached_property
    def _still(self) -> np.ndarray:
        # What does not move: drawn once.
        picture = room(self.seed, self.size)
        for member in self.actors:
            held = HeadPose(member.head.x, member.head.y, member.head.scale)
            draw_body(picture, _person(member.seed).face, held)
        return picture

    def _exposed(self, drawn: np.ndarray, number: int) -> np.ndarray:
        # Not above: compiled code that only drawing needs; a list of examples is wanted without it.
        from engine.synthetic.kernels import expose

        bright, lean = self.light.at(self.time_s(number))
        width, height = self.size
        across = np.repeat((bright * (1 + lean * np.linspace(-1, 1, width))).astype(np.float32), 3)
        down = np.ones(height, np.float32)
        start = int(np.random.default_rng((self.seed, 11, number)).integers(_POOL))
        shot, read = SHOT * self.noise**2, READ * self.noise**2
        expose(drawn.reshape(height, -1), across, down, _noise(drawn.size), start, shot, read)
        return drawn


def synthetic_clip(
    seed: int,
    *,
    duration_s: float | None = None,
    fps: float = 60.0,
    size: tuple[int, int] = (640, 480),
    events: Sequence[TrueEvent] | None = None,
    people: int = 1,
    micro_intensity: tuple[float, float] = MICRO_INTENSITY,
    blinks_a_minute: float = BLINKS_A_MINUTE,
    head_motion: float | None = None,
    gaze_motion: float = 1.0,
    light_change: float = 1.0,
    noise: float = 1.0,
    face: int | None = None,
    resting: Mapping[int, float] | None = None,
    talking: bool = False,
) -> SyntheticClip:
    """Return a clip of synthetic faces.

    Parameters
    ----------
    seed
        Of everything random: face, events, blinks, motion, light, noise.
    duration_s
        Length; by default 5 to 20 s.
    fps, size
        Frames a second; (width, height) in pixels.
    events
        What to show; by default random events, none in a third of all seeds.
    people
        How many faces, side by side.
    micro_intensity
        Range of the full strength of random micro-expressions.
    blinks_a_minute
        0 for eyes that stay open.
    head_motion, gaze_motion, light_change, noise
        0 for none, 1 the usual amount. By default one clip in five has heads that move twice as far.
    face
        Seed of the (first) identity, if not the clip's.
    resting
        How strongly action units show in every face while nothing else does; by default none.
    talking
        Whether everybody speaks, half of the time.

    Examples
    --------
    >>> from engine.synthetic import true_event
    >>> smile = true_event("happy", onset_s=0.1, rise_s=0.1, fall_s=0.2, intensity=0.8)
    >>> clip = synthetic_clip(3, duration_s=0.5, fps=30, size=(160, 120), events=[smile])
    >>> clip.count, clip.strengths(6)
    (15, {6: 0.8, 12: 0.8})
    >>> clip.picture(6).shape
    (120, 160, 3)
    """
    rng = np.random.default_rng((seed, 10))
    usual_s, larger = float(rng.uniform(5, 20)), bool(rng.random() < 0.2)
    count = max(1, round((usual_s if duration_s is None else duration_s) * fps))
    length_s = count / fps
    amount = (2.0 if larger else 1.0) if head_motion is None else head_motion
    first = seed if face is None else face
    width, height = size
    scale = min(height / _HEAD_MM, width / people / 235.0)
    actors: list[Actor] = []
    chosen: list[TrueEvent] = []
    blinks: list[Blink] = []
    for place in range(people):
        own = seed + 7919 * place  # another sequence of random numbers for each person
        x, y = width * (place + 0.5) / people, 0.47 * height
        moves = head(own, length_s, x, y, scale, amount), gaze(own, length_s, gaze_motion)
        actors.append(Actor(first + place, *moves, speech(own, length_s) if talking else Speech()))
        chosen += random_events(own, length_s, micro_intensity, place + 1) if events is None else []
        blinks += random_blinks(own, length_s, blinks_a_minute, place + 1)
    return SyntheticClip(
        seed=seed,
        fps=float(fps),
        duration_s=length_s,
        count=count,
        size=(int(width), int(height)),
        events=tuple(sorted(chosen if events is None else events, key=lambda event: event.onset_s)),
        blinks=tuple(sorted(blinks, key=lambda blink: blink.start_s)),
        actors=tuple(actors),
        light=light(seed, length_s, light_change),
        noise=noise,
        resting=dict(resting or {}),
    )


@lru_cache(maxsize=2)
def _noise(size: int) -> np.ndarray:
    noise = np.random.default_rng(12).standard_normal(size + _POOL, dtype=np.float32)
    return np.clip(np.round(32 * noise), -127, 127).astype(np.int8)


def _plain(value: TrueEvent | Blink) -> dict[str, Any]:
    return {
        name: round(item, 6) if isinstance(item, float) else list(item) if isinstance(item, tuple) else item
        for name, item in vars(value).items()
    }
