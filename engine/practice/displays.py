"""Faces to practise on: each expression as it looks in full, on people who do not exist."""

import numpy as np

from engine.emotions import NEUTRAL, SEVEN
from engine.features.action_units import UNITS
from engine.synthetic import synthetic_clip

DISPLAYS: dict[str, dict[int, float]] = {
    "angry": {4: 1.0, 5: 0.6, 7: 1.0, 9: 0.4, 10: 0.6, 16: 0.6, 25: 1.0},
    "disgust": {6: 0.8, 7: 1.0, 9: 1.0, 10: 1.0, 4: 0.3},
    "fear": {1: 1.0, 4: 1.0, 5: 1.0, 20: 1.0, 25: 0.6},
    "happy": {6: 1.0, 12: 1.0, 25: 1.0, 10: 0.3},
    "sad": {1: 1.0, 4: 1.0, 7: 1.0, 15: 1.0},
    "surprise": {1: 1.0, 2: 1.0, 5: 1.0, 26: 1.0},
}
"""Strength, 0 to 1, of each action unit of an expression that is shown in full.

Variants of the prototypes in the Facial Action Coding System's investigator's guide (Ekman, Friesen, Hager 2002), each
the one that most drawn people are read by; `python -m engine study practice-faces` counts how many.
"""

REST: dict[int, float] = {7: 0.6}
"""The same of a face at rest: drawn eyes are wide, and without tightened lids many of these faces look startled."""

PEOPLE = tuple(range(16))
"""Seeds of `engine.synthetic.identity.identity`; their skin goes from very light to very dark."""

MISREAD: dict[str, tuple[int, ...]] = {
    "disgust": (7, 11, 13),
    "happy": (3,),
    "sad": (1, 4, 9),
    "surprise": (9,),
    "neutral": (1, 7),
}
"""People whose drawing of an expression the recogniser calls something else: they are left out of it."""

SIDE = 400
"""Of a picture, in pixels."""

UNFOLDING_FPS = 25.0
_RISE_S, _HOLD_S = 0.5, 0.2


def people_for(expression: str) -> tuple[int, ...]:
    """Return whom an expression is shown on.

    Raises
    ------
    ValueError
        For what is none of `engine.emotions.SEVEN`.
    """
    if expression not in SEVEN:
        raise ValueError(f"Expected one of {', '.join(SEVEN)}. Received {expression!r}.")
    return tuple(person for person in PEOPLE if person not in MISREAD.get(expression, ()))


def face(person: int, expression: str = NEUTRAL, strength: float = 1.0) -> np.ndarray:
    """Draw somebody who shows an expression, or rests.

    Parameters
    ----------
    person
        One of `PEOPLE`.
    expression
        One of `engine.emotions.SEVEN`.
    strength
        0 for a face at rest to 1 for all of `DISPLAYS`.

    Returns
    -------
    numpy.ndarray
        (`SIDE`, `SIDE`, 3) uint8 RGB. Nothing but the expression differs between two pictures of one person.
    """
    full = DISPLAYS.get(expression, REST)
    units = {unit: (1 - strength) * REST.get(unit, 0.0) + strength * full.get(unit, 0.0) for unit in {*REST, *full}}
    clip = synthetic_clip(
        person,
        face=person,
        duration_s=1 / UNFOLDING_FPS,
        fps=UNFOLDING_FPS,
        size=(SIDE, SIDE),
        events=(),
        blinks_a_minute=0,
        head_motion=0,
        gaze_motion=0,
        light_change=0,
        resting=units,
    )
    return clip.picture(0)


class DrawnFaces:
    """Faces of people who do not exist, by the seed that they are drawn from."""

    title = "Drawn people"
    expressions = SEVEN

    def people_for(self, expression: str) -> tuple[int, ...]:
        """Return whom an expression is shown on; raises ValueError for none."""
        return people_for(expression)

    def picture(self, person: int, expression: str) -> np.ndarray:
        """Draw somebody who shows an expression in full: (`SIDE`, `SIDE`, 3) uint8 RGB."""
        return face(person, expression)

    def before(self, person: int) -> np.ndarray:
        """Draw the same person at rest, as it stands before and after."""
        return face(person)


DRAWN = DrawnFaces()


def unfolding(person: int, expression: str) -> tuple[np.ndarray, np.ndarray]:
    """Draw how an expression comes, stays for a moment and goes.

    Returns
    -------
    tuple
        Pictures, (n, `SIDE`, `SIDE`, 3) uint8 RGB, and when each is shown, (n,) in seconds.
    """
    steps, held = round(_RISE_S * UNFOLDING_FPS), round(_HOLD_S * UNFOLDING_FPS)
    rising = np.stack([face(person, expression, (1 - np.cos(np.pi * at / steps)) / 2) for at in range(steps + 1)])
    pictures = np.concatenate([rising, np.repeat(rising[-1:], held, axis=0), rising[-2::-1]])
    return pictures, np.arange(len(pictures)) / UNFOLDING_FPS


def moves(expression: str) -> list[tuple[int, str]]:
    """Return what moves in an expression, the strongest first: each action unit's number and words."""
    words = {unit.number: unit.words for unit in UNITS} | {16: "lower lip down"}
    units = sorted(DISPLAYS.get(expression, {}).items(), key=lambda item: -item[1])
    return [(unit, words[unit]) for unit, strength in units if strength >= 0.4]
