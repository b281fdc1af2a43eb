"""One synthetic person in a picture: skin, eyes and mouth where motion has brought them."""

from functools import cached_property, lru_cache, reduce

import cv2
import numpy as np

from engine.synthetic.action_units import Openings, openings
from engine.synthetic.facial_parts import draw_eye, draw_glasses, part_lips
from engine.synthetic.fields import Fields, HeadPose, sample
from engine.synthetic.identity import Identity, identity
from engine.synthetic.painting import paint
from engine.synthetic.plane import BOTTOM, CREASES, LEFT, PAINTING, RIGHT, TOP, look_up
from engine.synthetic.relief import creases

_STEP = 4  # pixels between the places at which motion is worked out; between them it is interpolated
_NO_SHADE = np.zeros((0, 0), np.float32)
_PARTED_MM = 0.02  # lips that are closer count as closed


class Person:
    """Draws one face.

    Parameters
    ----------
    face
        Whose.
    """

    def __init__(self, face: Identity) -> None:
        self.face = face
        self.fields = Fields(face)

    @cached_property
    def _painting(self) -> np.ndarray:
        return paint(self.face)

    @cached_property
    def _creases(self) -> dict[int, np.ndarray]:
        return creases(self.face)

    def draw(
        self,
        picture: np.ndarray,
        pose: HeadPose,
        strengths: dict[int, float],
        closure: float = 0.0,
        gaze: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Draw the head into a picture, in place.

        Parameters
        ----------
        picture
            (height, width, 3) uint8.
        pose
            How and where the head is held.
        strengths
            0 to 1 for each action unit that is not at rest.
        closure
            How far the eyes are closed by a blink, 0 to 1.
        gaze
            How far the irises are moved to the picture's right and down, in mm.
        """
        # Not above: compiled code that only drawing needs; a list of examples is wanted without it.
        from engine.synthetic.kernels import lay_over

        box = _bounds(pose, _corners(LEFT, RIGHT, TOP, BOTTOM), picture.shape)
        if box is None:
            return
        open_ = openings(self.face, strengths, closure)
        motion = self.fields.motion(strengths)
        turned = self.fields.turned(pose)
        coarse = pose.to_face(_coarse(box))
        skin = coarse if turned is None else coarse - sample(turned, coarse)  # action units aside
        rest = skin if motion is None else skin - sample(motion, skin)
        sunk = self._sunk(rest, open_, through=False)
        rows, columns = box
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        part = picture[rows, columns]
        fine = _fine(PAINTING.pixels(sunk), shape)
        lay_over(part, look_up(self._painting, fine), self._shade(strengths, sunk, shape))
        places = _fine(skin, shape)
        if open_.jaw + open_.lip > _PARTED_MM:
            self._mouth(part, places, motion, open_, pose, turned, box)
        for side in (-1, 1):
            middle = side * self.face.eye_x
            cut = self._patch(_corners(middle - 21, middle + 21, -16, 14), pose, turned, box)
            if cut is not None:
                eye = part[cut].astype(np.float32)
                part[cut] = _rounded(draw_eye(eye, places[cut], side, self.face, open_, gaze, 1 / pose.scale))
        if self.face.glasses:
            cut = self._patch(_corners(-72, 72, -24, 26), pose, turned, box)
            if cut is not None:
                worn = draw_glasses(part[cut].astype(np.float32), places[cut], self.face, 1 / pose.scale)
                part[cut] = _rounded(worn)

    def _sunk(self, rest: np.ndarray, open_: Openings, *, through: bool) -> np.ndarray:
        # The places at rest once the lower lip and the chin have gone down.
        if open_.jaw + open_.lip <= _PARTED_MM:
            return rest
        field = np.float32(open_.jaw) * self.fields.jaw[through] + np.float32(open_.lip) * self.fields.lip[through]
        sunk = rest.copy()
        sunk[..., 1] -= sample(field, rest)
        return sunk

    def _mouth(
        self,
        part: np.ndarray,
        places: np.ndarray,
        motion: np.ndarray | None,
        open_: Openings,
        pose: HeadPose,
        turned: np.ndarray | None,
        box: tuple[slice, slice],
    ) -> None:
        face = self.face
        across, bottom = face.mouth_half + 16, face.mouth_y + open_.jaw + open_.lip + 12
        cut = self._patch(_corners(-across, across, face.mouth_y - 22, bottom), pose, turned, box)
        if cut is None:
            return
        here = np.ascontiguousarray(places[cut])
        above = here if motion is None else here - sample(motion, here)
        below = self._sunk(above, open_, through=True)
        upper, lower = (
            look_up(self._painting, PAINTING.pixels(at))[..., :3].astype(np.float32) for at in (above, below)
        )
        opened = part_lips(upper, lower, above, below, face, 1 / pose.scale)
        # Where the lips do not part, the drawn face stays, with its creases.
        parts = np.clip(4 * (above[..., 1] - below[..., 1]), 0, 1) * _faded(above, face)
        drawn = part[cut].astype(np.float32)
        part[cut] = _rounded(drawn + (opened - drawn) * parts[..., None])

    def _shade(self, strengths: dict[int, float], sunk: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        known = self._creases
        moving = [np.float32(strengths[unit]) * known[unit] for unit in strengths if unit in known]
        if not moving:
            return _NO_SHADE
        return look_up(reduce(np.add, moving), _fine(CREASES.pixels(sunk), shape))

    def _patch(
        self, places: np.ndarray, pose: HeadPose, turned: np.ndarray | None, box: tuple[slice, slice]
    ) -> tuple[slice, slice] | None:
        # The part of the drawn box that holds these places of the face.
        if turned is not None:
            places = places + sample(turned, places[None].astype(np.float32))[0]
        rows, columns = box
        found = _bounds(pose, places, (rows.stop, columns.stop))
        if found is None or found[0].stop <= rows.start or found[1].stop <= columns.start:
            return None
        down, across = (
            slice(max(0, each.start - whole.start), each.stop - whole.start)
            for each, whole in zip(found, box, strict=True)
        )
        return down, across


@lru_cache(maxsize=8)
def person(seed: int) -> Person:
    """Return the person of a seed; the last few are kept, because painting a face takes about a second."""
    return Person(identity(seed))


def _corners(left: float, right: float, top: float, bottom: float) -> np.ndarray:
    return np.array([(x, y) for x in (left, right) for y in (top, bottom)], float)


def _bounds(pose: HeadPose, places: np.ndarray, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    points = pose.to_picture(places)
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(shape[1], int(high[0])), min(shape[0], int(high[1]))
    return (slice(top, bottom), slice(left, right)) if left < right and top < bottom else None


def _coarse(box: tuple[slice, slice]) -> np.ndarray:
    # Centres of squares of _STEP pixels, in points of the picture.
    y, x = (np.arange(each.start, each.stop + _STEP, _STEP) + _STEP / 2 for each in box)
    return np.stack(np.meshgrid(x, y), axis=-1)


def _fine(coarse: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    size = (coarse.shape[1] * _STEP, coarse.shape[0] * _STEP)
    return cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)[: shape[0], : shape[1]]


def _faded(places: np.ndarray, face: Identity) -> np.ndarray:
    side = np.clip((face.mouth_half + 8 - np.abs(places[..., 0])) / 5, 0, 1)
    return side * np.clip((places[..., 1] - face.mouth_y + 18) / 6, 0, 1)


def _rounded(drawn: np.ndarray) -> np.ndarray:
    return np.clip(drawn + 0.5, 0, 255).astype(np.uint8)
