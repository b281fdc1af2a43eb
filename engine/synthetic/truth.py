"""What is true of a synthetic clip: which expression, from when to when, how strongly; and what a random clip shows.

An expression comes and goes as coders of micro-expressions mark it (Yan et al. 2014, doi 10.1371/journal.pone.0086041):
the onset is the last moment at rest, the apex the first moment of full strength, the offset the first moment at rest
again. Between onset and apex, and between the end of the apex and the offset, the strength follows half a cosine, which
starts and ends without a jerk. Outside it is exactly 0.
"""

import math
from dataclasses import dataclass

import numpy as np

from engine.emotions import MICRO_LONGEST_S, kind_of

EXPRESSIONS: dict[str, tuple[int, ...]] = {
    "happy": (6, 12),
    "sad": (1, 4, 15),
    "surprise": (1, 2, 5, 26),
    "fear": (1, 2, 4, 5, 20, 26),
    "angry": (4, 5, 7, 23),
    "disgust": (9, 15, 16),
}
"""Action units of each expression shown (Ekman, Friesen and Hager 2002, Facial Action Coding System, investigator's
guide, table of emotion prototypes)."""

UNITS_ALONE = "action units"
"""In place of an expression, of units that form none."""

EMPTY_SHARE = 1 / 3  # of random clips show no expression
MICRO_INTENSITY = (0.25, 0.7)  # range of the full strength of micro-expressions
BLINKS_A_MINUTE = 15.0  # at rest about 17 (Bentivoglio et al. 1997, doi 10.1002/mds.870120629)
_APART_S = 1.5  # at least, between the end of one event and the onset of the next
_QUIET_S = 0.6  # at least, before the first and after the last event


@dataclass(frozen=True)
class TrueEvent:
    """One expression that was drawn.

    Attributes
    ----------
    expression
        A key of `EXPRESSIONS`, or `UNITS_ALONE`.
    kind
        ``"micro"`` or ``"macro"``, by its duration.
    onset_s, apex_s, offset_s
        Last moment at rest, first moment of full strength, first moment at rest again, in seconds.
    intensity
        Full strength, 0 to 1; 1 moves a mouth's corner by about a centimetre.
    action_units
        Numbers of the action units that move, all in step.
    hold_s
        How long the full strength lasts, from the apex on.
    person
        Whose face, from 1, from left to right in the picture.
    """

    expression: str
    kind: str
    onset_s: float
    apex_s: float
    offset_s: float
    intensity: float
    action_units: tuple[int, ...]
    hold_s: float = 0.0
    person: int = 1

    def __post_init__(self) -> None:
        if not self.onset_s < self.apex_s <= self.apex_s + self.hold_s < self.offset_s:
            raise ValueError(
                "Expected onset < apex <= apex + hold < offset. Received "
                f"{self.onset_s}, {self.apex_s}, hold {self.hold_s}, {self.offset_s}."
            )
        if not 0 < self.intensity <= 1:
            raise ValueError(f"Expected an intensity above 0, at most 1. Received {self.intensity}.")

    @property
    def duration_s(self) -> float:
        """From onset to offset."""
        return self.offset_s - self.onset_s

    def strength(self, time_s: float) -> float:
        """Return how strongly the expression is shown at a time, 0 to `intensity`."""
        if not self.onset_s < time_s < self.offset_s:
            return 0.0
        falls_s = self.apex_s + self.hold_s
        if time_s < self.apex_s:
            share = (time_s - self.onset_s) / (self.apex_s - self.onset_s)
        elif time_s <= falls_s:
            share = 1.0
        else:
            share = (self.offset_s - time_s) / (self.offset_s - falls_s)
        return self.intensity * 0.5 * (1 - math.cos(math.pi * share))


@dataclass(frozen=True)
class Blink:
    """The eyes close and open again.

    Attributes
    ----------
    start_s, end_s
        From the first movement of the lids to the last, in seconds. A third of the time they close, for a tenth they
        are shut, then they open.
    person
        Whose eyes, from 1.
    """

    start_s: float
    end_s: float
    person: int = 1

    def closure(self, time_s: float) -> float:
        """Return how far the eyes are closed at a time: 0 as wide as else, 1 shut."""
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        if not 0 < share < 1:
            return 0.0
        if share < 1 / 3:
            return 0.5 * (1 - math.cos(3 * math.pi * share))
        opening = max(0.0, share - 1 / 3 - 1 / 10) / (1 - 1 / 3 - 1 / 10)
        return 0.5 * (1 + math.cos(math.pi * opening))


def true_event(
    expression: str,
    onset_s: float,
    *,
    rise_s: float,
    fall_s: float,
    hold_s: float = 0.0,
    intensity: float = 1.0,
    also: tuple[int, ...] = (),
    person: int = 1,
) -> TrueEvent:
    """Return an event from how long it rises, holds and falls, with the expression's own action units.

    Parameters
    ----------
    expression
        A key of `EXPRESSIONS`.
    onset_s, rise_s, hold_s, fall_s
        In seconds.
    intensity
        Above 0, at most 1.
    also
        Action units beside the expression's own, such as 25 for a smile that shows the teeth.
    person
        From 1.

    Examples
    --------
    >>> smile = true_event("happy", onset_s=0.1, rise_s=0.1, fall_s=0.2, intensity=0.8)
    >>> smile.kind, smile.action_units, smile.strength(0.2)
    ('micro', (6, 12), 0.8)
    """
    if expression not in EXPRESSIONS:
        raise ValueError(f"Expected one of {', '.join(EXPRESSIONS)}. Received {expression!r}.")
    apex_s = onset_s + rise_s
    offset_s = apex_s + hold_s + fall_s
    units = tuple(sorted({*EXPRESSIONS[expression], *also}))
    return TrueEvent(
        expression, kind_of(onset_s, offset_s), onset_s, apex_s, offset_s, intensity, units, hold_s, person
    )


def random_events(
    seed: int, duration_s: float, micro_intensity: tuple[float, float] = MICRO_INTENSITY, person: int = 1
) -> tuple[TrueEvent, ...]:
    """Return the events of a random clip, in order; a third of all seeds have none.

    Parameters
    ----------
    seed
        Of the choice.
    duration_s
        Of the clip.
    micro_intensity
        Range of the full strength of micro-expressions.
    person
        Whose face, from 1.
    """
    rng = np.random.default_rng((seed, 8))
    if rng.random() < EMPTY_SHARE:
        return ()
    events: list[TrueEvent] = []
    time_s = _QUIET_S + float(rng.exponential(0.8))
    while True:
        micro = rng.random() < 0.7
        event = random_micro(rng, time_s, micro_intensity, person) if micro else _macro(rng, time_s, person)
        if event.offset_s > duration_s - _QUIET_S:
            if not events and duration_s > 2 * _QUIET_S + MICRO_LONGEST_S:
                time_s = float(rng.uniform(_QUIET_S, duration_s - _QUIET_S - MICRO_LONGEST_S))
                return (random_micro(rng, time_s, micro_intensity, person),)
            return tuple(events)
        events.append(event)
        time_s = event.offset_s + _APART_S + float(rng.exponential(2.0))


def random_micro(
    rng: np.random.Generator,
    onset_s: float,
    intensity: tuple[float, float] = MICRO_INTENSITY,
    person: int = 1,
    expression: str | None = None,
) -> TrueEvent:
    """Return a random micro-expression: 0.12 to 0.5 s long, a third to a half of it rising.

    Parameters
    ----------
    rng
        Where its random numbers come from.
    onset_s
        When it begins.
    intensity
        Range of its full strength.
    person
        Whose face, from 1.
    expression
        A key of `engine.synthetic.truth.EXPRESSIONS`; any of them for None.
    """
    length_s = float(rng.uniform(0.12, MICRO_LONGEST_S))
    rise, hold = float(rng.uniform(0.3, 0.5)), float(rng.uniform(0.0, 0.15))
    return true_event(
        expression or str(rng.choice(list(EXPRESSIONS))),
        onset_s,
        rise_s=rise * length_s,
        hold_s=hold * length_s,
        fall_s=(1 - rise - hold) * length_s,
        intensity=float(rng.uniform(*intensity)),
        person=person,
    )


def _macro(rng: np.random.Generator, onset_s: float, person: int) -> TrueEvent:
    length_s = float(rng.uniform(0.7, 4.0))
    rise, fall = (min(float(rng.uniform(0.25, 0.8)), 0.4 * length_s) for _ in range(2))
    expression = str(rng.choice(list(EXPRESSIONS)))
    also = (25,) if expression == "happy" and rng.random() < 0.6 else ()
    return true_event(
        expression,
        onset_s,
        rise_s=rise,
        hold_s=length_s - rise - fall,
        fall_s=fall,
        intensity=float(rng.uniform(0.6, 1.0)),
        also=also,
        person=person,
    )


def random_units(seed: int, duration_s: float, units: tuple[int, ...]) -> tuple[TrueEvent, ...]:
    """Return action units that come and go on their own, up to three at about the same time, each of its own strength.

    Parameters
    ----------
    seed
        Of the choice.
    duration_s
        Of the clip; in its first second nothing moves.
    units
        To choose from.
    """
    rng = np.random.default_rng((seed, 13))
    events: list[TrueEvent] = []
    time_s = 1.2
    while time_s < duration_s - 1.2:
        for unit in rng.choice(units, rng.choice((1, 2, 3), p=(0.5, 0.3, 0.2)), replace=False).tolist():
            onset_s = time_s + float(rng.uniform(0, 0.3))
            apex_s = onset_s + float(rng.uniform(0.2, 0.5))
            hold_s = float(rng.uniform(0.2, 0.8))
            offset_s = apex_s + hold_s + float(rng.uniform(0.2, 0.5))
            strength = float(rng.uniform(0.15, 1.0))
            kind = kind_of(onset_s, offset_s)
            events.append(TrueEvent(UNITS_ALONE, kind, onset_s, apex_s, offset_s, strength, (unit,), hold_s))
        time_s += float(rng.uniform(0.9, 1.7))
    return tuple(sorted(events, key=lambda event: event.onset_s))


def random_blinks(
    seed: int, duration_s: float, a_minute: float = BLINKS_A_MINUTE, person: int = 1
) -> tuple[Blink, ...]:
    """Return when the eyes blink: at irregular times, 0.15 to 0.4 s each."""
    rng = np.random.default_rng((seed, 9))
    blinks, time_s = [], float(rng.exponential(60 / a_minute)) if a_minute else duration_s
    while time_s < duration_s:
        length_s = float(rng.uniform(0.15, 0.4))
        blinks.append(Blink(time_s, time_s + length_s, person))
        time_s += length_s + 0.2 + float(rng.exponential(max(60 / a_minute - 0.5, 0.1)))
    return tuple(blinks)
