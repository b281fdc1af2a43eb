"""Places of a synthetic face that can be compared with points of a face mesh, and where they are in a clip."""

import numpy as np

from engine.synthetic.action_units import openings
from engine.synthetic.facial_parts import lid_shapes
from engine.synthetic.fields import Fields, HeadPose, sample
from engine.synthetic.identity import Identity
from engine.synthetic.painting import brow_place, seam
from engine.synthetic.person import person

PLACES = {
    "right inner brow": 55,
    "left inner brow": 285,
    "right outer brow": 46,
    "left outer brow": 276,
    "right upper lid": 159,
    "left upper lid": 386,
    "right lower lid": 145,
    "left lower lid": 374,
    "right mouth corner": 61,
    "left mouth corner": 291,
    "upper lip": 13,
    "lower lip": 14,
    "chin": 152,
}
"""Place to the number of the nearest point of the 468-point mesh; right and left are the person's."""


def _resting(face: Identity) -> np.ndarray:
    """Return the places of `PLACES` but the lids on a face at rest, (n, 2) in mm, in order."""
    inner, outer = brow_place(face, np.array([0.06, 0.9]), 0.4)
    corner = (face.mouth_half, float(seam(face, np.array(face.mouth_half))))
    middle = (0.0, float(seam(face, np.array(0.0))))
    mirror = np.array((-1.0, 1.0))
    return np.array(
        [inner * mirror, inner, outer * mirror, outer, corner * mirror, corner, middle, middle, (0.0, face.chin_y)]
    )


def places(fields: Fields, strengths: dict[int, float], closure: float, pose: HeadPose) -> np.ndarray:
    """Return where `PLACES` are in the picture, (n, 2) float64 in pixels.

    Parameters
    ----------
    fields
        Of the face.
    strengths
        0 to 1 for each action unit that is not at rest.
    closure
        How far the eyes are closed by a blink.
    pose
        How the head is held.
    """
    face = fields.face
    open_ = openings(face, strengths, closure)
    rest = _resting(face)
    # The lower lip and the chin go down with the jaw before the action units move them.
    sunk = rest.copy()
    sunk[7, 1] += open_.jaw + open_.lip
    sunk[8, 1] += open_.jaw
    skin = moved(fields, sunk, strengths, pose)
    up, down = (float(shape) for shape in lid_shapes(np.array(1.0), np.array(0.0)))
    lids = np.array(
        [(side * face.eye_x, y) for y in (-open_.lid_up * up, open_.lid_down * down) for side in (-1, 1)], np.float32
    )
    turned = fields.turned(pose)
    lids = lids if turned is None else lids + sample(turned, lids[None])[0]
    return np.concatenate([skin[:4], pose.to_picture(lids.astype(float)), skin[4:]])


def points_of(clip, number, person_=1):
    """Return where the places of a person's face are in a frame of a clip, in pixels."""
    strengths, closure = clip.strengths(number, person_), clip.closure(number, person_)
    fields = person(clip.actors[person_ - 1].seed).fields
    return dict(zip(PLACES, places(fields, strengths, closure, clip.head_pose(number, person_)), strict=True))


def moved(fields, at_rest, strengths, pose):
    """Return where places ``(n, 2)`` of a face whose jaw has sunk, in mm, are in the picture, in pixels."""
    at_rest = np.asarray(at_rest, np.float32)[None]
    for field in (fields.motion(strengths), fields.turned(pose)):
        if field is not None:
            at = at_rest
            # A fixed-point search; each step at least halves the error.
            for _ in range(6):
                at = at_rest + sample(field, at)
            at_rest = at
    return pose.to_picture(at_rest[0].astype(float))
