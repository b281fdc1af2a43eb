"""What is true of a synthetic clip: which expression, from when to when, how strongly.

An expression comes and goes as coders of micro-expressions mark it (Yan et al. 2014, doi 10.1371/journal.pone.0086041):
the onset is the last moment at rest, the apex the first moment of full strength, the offset the first moment at rest
again. Between onset and apex, and between the end of the apex and the offset, the strength follows half a cosine, which
starts and ends without a jerk. Outside it is exactly 0.
"""

import math
from dataclasses import dataclass

from engine.emotions import kind_of

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


@dataclass(frozen=True)
class TrueEvent:
    """One expression that was drawn.

    Attributes
    ----------
    expression
        A key of `EXPRESSIONS`.
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
