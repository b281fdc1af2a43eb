"""How each action unit moves the skin, as the Facial Action Coding System describes it.

P. Ekman, W. V. Friesen, J. C. Hager, "Facial Action Coding System. The Manual", 2002. A unit is a few smooth bumps of
motion, the same on both halves of the face but mirrored:

- 1 lifts the inner brows, 2 the outer ones; 4 lowers the brows and draws them together;
- 5 lifts the upper lids, 6 the cheeks and with them the lower lids, 7 tightens the lids;
- 9 wrinkles the nose: its wings and the upper lip rise, the inner brows sink;
- 10 lifts the upper lip and the skin beside the nose;
- 12 draws the mouth's corners up and out, 14 tightens them inwards, 15 draws them down, 20 out, 23 makes the lips
  narrow and short;
- 16 draws the lower lip down, 17 pushes the chin's boss and the lower lip up, 25 parts the lips, 26 drops the jaw.

The bumps' sizes are ours, in millimetres at full intensity.
"""

from dataclasses import dataclass

import numpy as np

from engine.synthetic.identity import Identity

LOWERED = -4
"""The part of unit 4 that lowers the inner brows: together with unit 1 they rise all the same, and become oblique."""


@dataclass(frozen=True)
class Bump:
    """Skin around a place of the person's left half, and its mirror image, moves (all in mm).

    Attributes
    ----------
    x, y
        The place.
    wide, high
        Standard deviations of the bell along x and y.
    out, down
        How far its middle moves, away from the face's middle line and down.
    """

    x: float
    y: float
    wide: float
    high: float
    out: float
    down: float


def bumps(face: Identity) -> dict[int, tuple[Bump, ...]]:
    """Return the bumps of every action unit that moves skin; parting lips are `openings`."""
    brow, mouth, corner = face.brow_y, face.mouth_y, face.mouth_half
    return {
        1: (Bump(11, brow - 2, 13, 16, -0.5, -9.0),),
        2: (Bump(44, brow - 2, 16, 16, 0.0, -9.0),),
        4: (Bump(13, brow, 14, 12, -4.5, 0.0), Bump(40, brow, 15, 11, -1.0, 2.5)),
        LOWERED: (Bump(13, brow, 15, 12, 0.0, 9.0), Bump(36, brow, 15, 11, 0.0, 2.0)),
        5: (Bump(face.eye_x, -12, 14, 5, 0.0, -0.8),),
        6: (Bump(38, 26, 17, 13, 0.0, -5.0), Bump(54, 6, 8, 10, -1.5, 0.0), Bump(46, brow + 3, 10, 8, 0.0, 1.0)),
        7: (Bump(face.eye_x, 11, 15, 6, 0.0, -1.0),),
        9: (
            Bump(13, 30, 9, 13, 0.0, -5.0),
            Bump(12, brow + 1, 14, 10, -2.5, 6.5),
            Bump(14, mouth - 9, 13, 8, 0.0, -4.0),
            Bump(32, 20, 14, 10, -0.5, -2.5),
        ),
        10: (
            Bump(11, mouth - face.lip_up, 11, 6, 0.0, -5.5),
            Bump(25, mouth - 20, 11, 11, 0.0, -3.5),
            Bump(34, 34, 13, 10, 0.0, -1.5),
        ),
        12: (
            Bump(corner + 2, mouth, 17, 15, 10.0, -9.5),
            Bump(40, 44, 15, 15, 2.0, -3.5),
            Bump(0, mouth + 2, 14, 12, 0.0, 2.0),
        ),
        14: (Bump(corner + 3, mouth, 10, 9, -4.5, 0.0), Bump(corner + 16, mouth + 2, 11, 13, -2.0, 0.0)),
        15: (Bump(corner, mouth + 1, 12, 13, 0.5, 8.5), Bump(0, mouth + 16, 12, 7, 0.0, -2.5)),
        16: (Bump(14, mouth + 14, 14, 8, 0.5, 2.0),),
        17: (Bump(9, face.chin_y - 17, 14, 10, 0.0, -5.0), Bump(9, mouth + 0.4 * face.lip_down, 15, 7, 0.0, -3.2)),
        20: (Bump(corner + 1, mouth + 2, 14, 13, 7.0, 2.0),),
        23: (
            Bump(9, mouth - face.lip_up, 12, 5, 0.0, 2.8),
            Bump(8, mouth + face.lip_down, 12, 5.5, 0.0, -3.4),
            Bump(corner, mouth, 9, 10, -3.5, 0.0),
        ),
        26: (Bump(corner, mouth + 4, 11, 14, -3.5, 1.5),),
    }


def with_lowered(strengths: dict[int, float]) -> dict[int, float]:
    """Return the strengths of action units with that of `LOWERED` beside that of unit 4."""
    left = strengths.get(4, 0.0) - 0.9 * strengths.get(1, 0.0)
    return strengths | {LOWERED: left} if left > 0 else strengths


def bump_field(bump: Bump, x: np.ndarray, y: np.ndarray, asymmetry: float = 0.0) -> np.ndarray:
    """Return the motion, (..., 2) float32 in mm, of places with these coordinates, arrays of one shape."""
    left = (1 + asymmetry) * np.exp(-0.5 * (((x - bump.x) / bump.wide) ** 2 + ((y - bump.y) / bump.high) ** 2))
    right = (1 - asymmetry) * np.exp(-0.5 * (((x + bump.x) / bump.wide) ** 2 + ((y - bump.y) / bump.high) ** 2))
    # Where the halves overlap, they move no further than one of them alone: a smooth maximum.
    down = (left**4 + right**4) ** 0.25
    return np.stack([bump.out * (left - right), bump.down * down], axis=-1).astype(np.float32)


@dataclass(frozen=True)
class Openings:
    """How far lids and lips are open.

    Attributes
    ----------
    lid_up, lid_down
        Height of the eyes' opening above and below the line between the corners, in mm.
    jaw
        How far the chin and the lower lip sink, in mm.
    lip
        How far the lower lip sinks on its own, in mm.
    """

    lid_up: float
    lid_down: float
    jaw: float
    lip: float


def openings(face: Identity, strengths: dict[int, float], closure: float = 0.0) -> Openings:
    """Return how far lids and lips are open.

    Parameters
    ----------
    face
        Whose.
    strengths
        0 to 1 for each action unit that is not at rest.
    closure
        How far the eyes are closed by a blink, 0 to 1.
    """
    whole = with_lowered(strengths)

    def unit(number: int) -> float:
        return whole.get(number, 0.0) * face.expressivity

    up = face.eye_up + 3.2 * unit(5) - 1.3 * unit(7) - 0.6 * unit(6) - 0.7 * unit(9) - 1.8 * unit(LOWERED)
    down = face.eye_down - 1.9 * unit(6) - 2.0 * unit(7) - 1.4 * unit(9) - 0.6 * unit(12)
    shut = 0.5 * down  # where the lids meet, below the line between the eye's corners
    up, down = up + closure * (-shut - up), down + closure * (shut - down)
    return Openings(up, down, 17.0 * unit(26), 7.5 * unit(25) + 5.0 * unit(16) + 2.5 * unit(26))
