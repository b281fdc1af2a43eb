"""Which expressions a random clip shows and when the eyes blink."""

import numpy as np

from engine.emotions import MICRO_LONGEST_S
from engine.synthetic.truth import EXPRESSIONS, Blink, TrueEvent, true_event

EMPTY_SHARE = 1 / 3  # of random clips show no expression
MICRO_INTENSITY = (0.25, 0.7)  # range of the full strength of micro-expressions
BLINKS_A_MINUTE = 15.0  # at rest about 17 (Bentivoglio et al. 1997, doi 10.1002/mds.870120629)
_APART_S = 1.5  # at least, between the end of one event and the onset of the next
_QUIET_S = 0.6  # at least, before the first and after the last event


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
