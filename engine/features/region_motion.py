"""How far parts of a face are from where they rest, to a few hundredths of a pixel.

The mesh alone cannot tell: its points jitter by about half a pixel of a 128-pixel face, a micro-expression moves skin
by 0.3 to 2. So a frame is compared with a resting frame, pixel by pixel. First the head: a rigid body that turns, seen
from afar, moves its points by a linear map of their place and depth, whose eight numbers are fitted to the pixels that
expressions hardly move, sceptical of those that disagree. Then each region: by how much it is displaced besides.
Lighting is taken out beforehand. The mesh says where to begin.

Everything is measured against one resting frame, so nothing adds up over time. When the head has turned too far for
that frame, another takes its place, and goes on from the same displacement; when it turns back, the old one does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.features.face_regions import EYES, LEFT_EYE_OUTER, REGION_POINTS, REGIONS, RIGHT_EYE_OUTER
from engine.features.face_sample import FaceSample, face_sample
from engine.features.region_kernels import fit_head, fit_regions
from engine.features.region_template import Template, levelled, template

__all__ = ["FaceSample", "Motion", "REGIONS", "RegionMotion", "face_sample"]

_TURNED_DEG = 9.0  # yaw or pitch from the resting frame at which another is taken
_UNLIKE = 0.55  # likeness of the head below which a frame cannot be told by this resting frame ...
_UNLIKE_S = 0.4  # ... and when that lasts, another is taken
_NEAR_DEG = 7.0  # yaw or pitch up to which an earlier one is tried
_MOST_KEPT = 4
_HOLD_HEAD, _HOLD_REGION = 0.05, 0.15  # weight against the pixels of the mesh, and of standing still
_COARSE_ROUNDS, _FINE_ROUNDS = 4, 6
_FURTHEST = 24.0  # pixels; what is further away was not followed
_MEMBERS = [list(REGION_POINTS[name]) for name in (*REGIONS, *EYES)]  # what lies between the lids comes last


@dataclass(frozen=True)
class Motion:
    """What one frame shows.

    Attributes
    ----------
    displacement
        (regions, 2) float32: right and down, in percent of the distance between the outer corners of the eyes, from an
        arbitrary but steady zero; head motion taken out.
    likeness
        0 to 1: how well the frame is told by the resting frame moved as a head moves; below 0.55 it is not.
    head
        (8,) float32: how the head moves x, then y, of the crop's pixels with their x, y and depth, and altogether; in
        pixels at the crop's border. What of a displacement goes with these is the head's and not an expression's.
    eyes
        (2,) float32, 0 to 1: how much right and left eye, between their lids, look like they do in the resting frame;
        little when they are shut.
    """

    displacement: NDArray[np.float32]
    likeness: float
    head: NDArray[np.float32]
    eyes: NDArray[np.float32]


@dataclass(frozen=True)
class _Kept:
    """A resting frame, and where the regions and the head were in it by the frames before."""

    template: Template
    zero: NDArray[np.float64]
    head: NDArray[np.float64]


class RegionMotion:
    """Follows the regions of one face; frames are given one after the other."""

    def __init__(self) -> None:
        self._kept: list[_Kept] = []  # the one in use comes first
        self._last = np.zeros((len(_MEMBERS), 2))
        self._unlike_since: float | None = None

    def update(self, sample: FaceSample) -> Motion:
        """Return how far each region is displaced in the next frame.

        Parameters
        ----------
        sample
            The face; see `engine.features.face_sample.face_sample`.
        """
        if not self._kept:
            self._kept = [_Kept(template(sample), np.zeros((len(REGIONS), 2)), np.zeros((2, 4)))]
        moved, head, likeness, alike = self._against(self._kept[0].template, sample)
        if likeness < _UNLIKE or self._turned(sample) > _TURNED_DEG:
            # An earlier resting frame may tell it, as after a wide open mouth or a turn of the head.
            for number, other in enumerate(self._kept[1:], start=1):
                if _apart(other.template, sample) > _NEAR_DEG:
                    continue
                found = self._against(other.template, sample)
                if found[2] >= max(_UNLIKE, likeness):
                    if likeness >= _UNLIKE:
                        # Both tell it, and differ a little where the head's depth is not quite right: no step.
                        zero = self._kept[0].zero + (moved - found[0])[: len(REGIONS)]
                        other = _Kept(other.template, zero, self._kept[0].head + head - found[1])
                    del self._kept[number]
                    self._kept.insert(0, other)
                    moved, head, likeness, alike = found
                    break
        if likeness >= _UNLIKE:
            self._unlike_since = None
            self._last = moved
        elif self._unlike_since is None:
            self._unlike_since = sample.time_s
        kept = self._kept[0]
        motion = self._motion(kept, self._last, head, likeness, alike)
        lost = self._unlike_since is not None and sample.time_s - self._unlike_since >= _UNLIKE_S
        if lost or (likeness >= _UNLIKE and self._turned(sample) > _TURNED_DEG):
            # Where it is now, by the old frame, is where the new one begins.
            zero = kept.zero + self._last[: len(REGIONS)]
            self._kept.insert(0, _Kept(template(sample), zero, kept.head + head))
            del self._kept[_MOST_KEPT:]
            self._last = np.zeros_like(self._last)
            self._unlike_since = None
        return motion

    def _turned(self, sample: FaceSample) -> float:
        return _apart(self._kept[0].template, sample)

    @staticmethod
    def _motion(kept: _Kept, moved: NDArray, head: NDArray, likeness: float, alike: NDArray) -> Motion:
        corners = kept.template.sample.points[[RIGHT_EYE_OUTER, LEFT_EYE_OUTER]].astype(np.float64)
        apart = float(np.linalg.norm(corners[1] - corners[0]))
        return Motion(
            ((kept.zero + moved[: len(REGIONS)]) * (100 / apart)).astype(np.float32),
            likeness,
            (kept.head + head).ravel().astype(np.float32),
            alike[len(REGIONS) :].astype(np.float32),
        )

    def _against(
        self, resting: Template, sample: FaceSample
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float, NDArray[np.float64]]:
        fine, coarse = levelled(sample.gray)
        head, regions = resting.head, resting.regions
        motion = _by_mesh(resting, sample)
        for picture, level, rounds in ((coarse, head.coarse, _COARSE_ROUNDS), (fine, head.fine, _FINE_ROUNDS)):
            left, total = fit_head(
                picture,
                head.place,
                head.basis,
                resting.weight,
                level.value,
                level.slope,
                motion,
                _HOLD_HEAD,
                rounds,
            )
        place = regions.place + regions.basis @ motion.T
        by_mesh = sample.points - (resting.sample.points + resting.mesh @ motion.T)
        guess = np.stack([by_mesh[members].mean(axis=0) for members in _MEMBERS])
        moved, likeness = np.empty_like(guess), np.empty(len(guess))
        starts = np.stack([np.zeros_like(guess), self._last, guess])
        for picture, level, rounds in ((coarse, regions.coarse, _COARSE_ROUNDS), (fine, regions.fine, _FINE_ROUNDS)):
            fit_regions(
                picture,
                place,
                resting.begin,
                level.value,
                level.slope,
                starts,
                _HOLD_REGION,
                rounds,
                moved,
                likeness,
            )
            starts = moved[None].copy()
        told = float(max(0.0, 1 - left / (total + 1e-9)))
        return np.clip(moved, -_FURTHEST, _FURTHEST), motion, told, likeness


def _apart(resting: Template, sample: FaceSample) -> float:
    """Return by how many degrees the head is turned from a resting frame, sideways or up and down."""
    return float(np.abs(sample.pose_deg - resting.sample.pose_deg)[:2].max())


def _by_mesh(resting: Template, sample: FaceSample) -> NDArray[np.float64]:
    """Fit the head's motion to the points that expressions hardly move."""
    steady = resting.mesh[_STEADY]
    change = sample.points[_STEADY].astype(np.float64) - resting.sample.points[_STEADY]
    normal = steady.T @ steady + 0.5 * np.eye(4)
    return np.linalg.solve(normal, steady.T @ change).T.copy()


# Forehead, temples, corners of the eyes, bridge of the nose, sides of the face.
_STEADY = [10, 67, 109, 338, 297, 103, 332, 54, 284, 21, 251, 162, 389, 127, 356, 234, 454, 93, 323]
_STEADY += [33, 133, 362, 263, 168, 6, 197, 195, 122, 351, 193, 417]
