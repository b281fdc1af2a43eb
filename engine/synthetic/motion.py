"""What happens besides expressions: heads sway, nod and turn, eyes wander, mouths speak, light changes.

Everything is a function of time in closed form, so that any moment can be drawn without those before it.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.synthetic.fields import HeadPose

_STEP_S = 0.04  # a lamp that is switched


@dataclass(frozen=True)
class Waves:
    """A sum of slow sines: amplitudes, frequencies in hertz, phases in radians."""

    parts: tuple[tuple[float, float, float], ...]

    def at(self, time_s: float) -> float:
        """Return the sum at a time."""
        return sum(size * math.sin(2 * math.pi * rate * time_s + phase) for size, rate, phase in self.parts)


@dataclass(frozen=True)
class Gesture:
    """A nod, a turn or a tilt there and back: which angle, from when, how long, by how many radians."""

    angle: str
    start_s: float
    length_s: float
    size: float

    def at(self, time_s: float) -> float:
        """Return the angle at a time, in radians."""
        share = (time_s - self.start_s) / self.length_s
        return self.size * 0.5 * (1 - math.cos(2 * math.pi * share)) if 0 < share < 1 else 0.0


@dataclass(frozen=True)
class Head:
    """How a head is held through a clip, around a middle place in pixels and a scale in pixels a millimetre."""

    x: float
    y: float
    scale: float
    sway: dict[str, Waves]
    gestures: tuple[Gesture, ...]

    def at(self, time_s: float) -> HeadPose:
        """Return how it is held at a time."""
        value = {name: waves.at(time_s) for name, waves in self.sway.items()}
        for gesture in self.gestures:
            value[gesture.angle] += gesture.at(time_s)
        x, y, scale = value.pop("x"), value.pop("y"), value.pop("scale")
        return HeadPose(self.x + x * self.scale, self.y + y * self.scale, self.scale * (1 + scale), **value)


@dataclass(frozen=True)
class Gaze:
    """Where the irises are: slow drift and small jumps, in mm to the picture's right and down."""

    drift: tuple[Waves, Waves]
    jumps: tuple[tuple[float, float, float], ...]

    def at(self, time_s: float) -> tuple[float, float]:
        """Return the place at a time."""
        x = y = 0.0
        for start_s, to_x, to_y in self.jumps:
            if time_s >= start_s:
                x, y = to_x, to_y
        return x + self.drift[0].at(time_s), y + self.drift[1].at(time_s)


@dataclass(frozen=True)
class Syllable:
    """One movement of a mouth that speaks: from when, how long, and how strongly its action units show at most."""

    start_s: float
    length_s: float
    strengths: dict[int, float]


@dataclass(frozen=True)
class Speech:
    """All that somebody says, in order."""

    syllables: tuple[Syllable, ...] = ()

    def at(self, time_s: float) -> dict[int, float]:
        """Return how strongly each action unit shows by it at a time, 0 to 1; one syllable goes over into the next."""
        found: dict[int, float] = {}
        for said in self.syllables:
            share = (time_s - said.start_s) / said.length_s
            if 0 < share < 1:
                now = 0.5 * (1 - math.cos(2 * math.pi * share))
                found |= {unit: found.get(unit, 0.0) + now * most for unit, most in said.strengths.items()}
        return {unit: min(strength, 1.0) for unit, strength in found.items()}


@dataclass(frozen=True)
class Light:
    """How bright the picture is: slow waves, a lamp that is switched now and then, a side that is brighter."""

    slow: Waves
    lean: Waves
    steps: tuple[tuple[float, float], ...]

    def at(self, time_s: float) -> tuple[float, float]:
        """Return the factor of brightness in the middle, and how much more the right edge has, at a time."""
        factor = 1.0
        for start_s, size in self.steps:
            share = min(max((time_s - start_s) / _STEP_S, 0.0), 1.0)
            factor *= 1 + size * share * share * (3 - 2 * share)
        return factor * (1 + self.slow.at(time_s)), self.lean.at(time_s)


def _waves(rng: np.random.Generator, size: float, low_hz: float, high_hz: float, count: int = 3) -> Waves:
    rates = np.exp(rng.uniform(np.log(low_hz), np.log(high_hz), count))
    # Slow waves are the large ones, as in a head that is held still.
    sizes = size * rng.uniform(0.4, 1, count) * (low_hz / rates) ** 0.5
    return Waves(tuple(map(tuple, np.stack([sizes, rates, rng.uniform(0, 2 * np.pi, count)], axis=1).tolist())))


def head(seed: int, duration_s: float, x: float, y: float, scale: float, amount: float) -> Head:
    """Return a head's motion; ``amount`` 0 holds it still, 1 is usual, 2 large."""
    rng = np.random.default_rng((seed, 5))
    sizes = {"x": 2.5, "y": 1.8, "scale": 0.010, "yaw": 0.035, "pitch": 0.028, "roll": 0.022}
    sway = {name: _waves(rng, amount * size, 0.06, 0.5) for name, size in sizes.items()}
    count = int(rng.poisson(duration_s / 6)) if amount else 0
    gestures = []
    for _ in range(count):
        angle = str(rng.choice(("yaw", "pitch", "roll")))
        size = amount * float(rng.choice((-1, 1)) * rng.uniform(0.03, 0.10))
        gestures.append(Gesture(angle, float(rng.uniform(0, duration_s)), float(rng.uniform(0.6, 1.8)), size))
    return Head(x, y, scale, sway, tuple(gestures))


def gaze(seed: int, duration_s: float, amount: float) -> Gaze:
    """Return how the eyes wander; ``amount`` 0 looks ahead."""
    rng = np.random.default_rng((seed, 6))
    drift = (_waves(rng, 0.25 * amount, 0.1, 0.8), _waves(rng, 0.15 * amount, 0.1, 0.8))
    jumps, time_s = [], float(rng.exponential(2.0))
    while amount and time_s < duration_s:
        jumps.append((time_s, *(amount * rng.normal(0, (1.1, 0.5))).tolist()))
        time_s += 0.4 + float(rng.exponential(2.0))
    return Gaze(drift, tuple(jumps))


def speech(seed: int, duration_s: float) -> Speech:
    """Return somebody who speaks half of the time, in phrases.

    Three to eight syllables a second. The jaw drops and the lips part at each, and round, spread or press at some.
    """
    rng = np.random.default_rng((seed, 8))
    said: list[Syllable] = []
    time_s = float(rng.exponential(1.0))
    while time_s < duration_s:
        end_s = time_s + float(rng.uniform(0.8, 5.0))
        while time_s < end_s:
            length_s = float(rng.uniform(0.13, 0.32))
            loud = float(rng.uniform(0.2, 1.0))
            lips = {int(rng.choice((14, 17, 20, 23))): 0.4 * float(rng.uniform(0.2, 1))} if rng.random() < 0.5 else {}
            # Lips go on from one syllable to the next.
            said.append(Syllable(time_s, 1.6 * length_s, {25: 0.5 * loud, 26: 0.45 * loud} | lips))
            time_s += length_s
        time_s += 0.3 + float(rng.exponential(2.0))
    return Speech(tuple(said))


def light(seed: int, duration_s: float, amount: float) -> Light:
    """Return how the light changes; ``amount`` 0 is constant light."""
    rng = np.random.default_rng((seed, 7))
    steps: list[tuple[float, float]] = []
    time_s = float(rng.exponential(12.0))
    while amount and time_s < duration_s:
        # Downs and ups in turn, so that a long clip neither drowns in the dark nor in the light.
        size = amount * float(rng.uniform(0.08, 0.25))
        steps.append((time_s, size / (1 - size) if len(steps) % 2 else -size))
        time_s += 1 + float(rng.exponential(12.0))
    return Light(_waves(rng, 0.035 * amount, 0.03, 0.4), _waves(rng, 0.05 * amount, 0.02, 0.2), tuple(steps))
