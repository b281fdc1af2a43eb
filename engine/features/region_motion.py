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

from engine.features.aligned_face import AlignedFace
from engine.features.face_regions import EYES, LEFT_EYE_OUTER, REGION_POINTS, REGIONS, RIGHT_EYE_OUTER
from engine.features.face_shape import STEADY
from engine.features.region_kernels import fit_head, fit_regions
from engine.features.region_template import Template, normalise_contrast, template

_TURNED_DEG = 9.0  # yaw or pitch from the resting frame at which another is taken
_LOST_LIKENESS = 0.55  # likeness of the head below which a frame cannot be told by this resting frame ...
_LOST_S = 0.4  # ... and when that lasts, another is taken
_NEAR_DEG = 7.0  # yaw or pitch up to which an earlier one is tried
_MAX_RESTING_FRAMES = 4
_HEAD_DAMPING, _REGION_DAMPING = 0.05, 0.15  # weight against the pixels of the mesh, and of standing still
_COARSE_ROUNDS, _FINE_ROUNDS = 4, 6
_MAX_DISPLACEMENT_PX = 24.0  # pixels; what is further away was not followed
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
class _RestingFrame:
    """A resting frame, and where the regions and the head were in it by the frames before."""

    template: Template
    zero: NDArray[np.float64]
    head: NDArray[np.float64]


class RegionMotion:
    """Follows the regions of one face; frames are given one after the other."""

    def __init__(self) -> None:
        self._resting: list[_RestingFrame] = []  # the one in use comes first
        self._last = np.zeros((len(_MEMBERS), 2))
        self._lost_since: float | None = None

    def update(self, sample: AlignedFace) -> Motion:
        """Return how far each region is displaced in the next frame.

        Parameters
        ----------
        sample
            The face; see `engine.features.aligned_face.align_face`.
        """
        if not self._resting:
            self._resting = [_RestingFrame(template(sample), np.zeros((len(REGIONS), 2)), np.zeros((2, 4)))]
        moved, head, likeness, region_likeness = self._fit(self._resting[0].template, sample)
        if likeness < _LOST_LIKENESS or self._turned(sample) > _TURNED_DEG:
            # An earlier resting frame may tell it, as after a wide open mouth or a turn of the head.
            for number, other in enumerate(self._resting[1:], start=1):
                if _turn_deg(other.template, sample) > _NEAR_DEG:
                    continue
                found = self._fit(other.template, sample)
                if found[2] >= max(_LOST_LIKENESS, likeness):
                    if likeness >= _LOST_LIKENESS:
                        # Both tell it, and differ a little where the head's depth is not quite right: no step.
                        zero = self._resting[0].zero + (moved - found[0])[: len(REGIONS)]
                        other = _RestingFrame(other.template, zero, self._resting[0].head + head - found[1])
                    del self._resting[number]
                    self._resting.insert(0, other)
                    moved, head, likeness, region_likeness = found
                    break
        if likeness >= _LOST_LIKENESS:
            self._lost_since = None
            self._last = moved
        elif self._lost_since is None:
            self._lost_since = sample.time_s
        kept = self._resting[0]
        motion = self._motion(kept, self._last, head, likeness, region_likeness)
        lost = self._lost_since is not None and sample.time_s - self._lost_since >= _LOST_S
        if lost or (likeness >= _LOST_LIKENESS and self._turned(sample) > _TURNED_DEG):
            # Where it is now, by the old frame, is where the new one begins.
            zero = kept.zero + self._last[: len(REGIONS)]
            self._resting.insert(0, _RestingFrame(template(sample), zero, kept.head + head))
            del self._resting[_MAX_RESTING_FRAMES:]
            self._last = np.zeros_like(self._last)
            self._lost_since = None
        return motion

    def _turned(self, sample: AlignedFace) -> float:
        return _turn_deg(self._resting[0].template, sample)

    @staticmethod
    def _motion(kept: _RestingFrame, moved: NDArray, head: NDArray, likeness: float, regions: NDArray) -> Motion:
        corners = kept.template.sample.points[[RIGHT_EYE_OUTER, LEFT_EYE_OUTER]].astype(np.float64)
        apart = float(np.linalg.norm(corners[1] - corners[0]))
        return Motion(
            ((kept.zero + moved[: len(REGIONS)]) * (100 / apart)).astype(np.float32),
            likeness,
            (kept.head + head).ravel().astype(np.float32),
            regions[len(REGIONS) :].astype(np.float32),
        )

    def _fit(
        self, resting: Template, sample: AlignedFace
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float, NDArray[np.float64]]:
        fine, coarse = normalise_contrast(sample.gray)
        head, regions = resting.head, resting.regions
        motion = _by_mesh(resting, sample)
        for picture, level, rounds in ((coarse, head.coarse, _COARSE_ROUNDS), (fine, head.fine, _FINE_ROUNDS)):
            left, total = fit_head(
                picture, head.place, head.basis, resting.weight, *level, motion, _HEAD_DAMPING, rounds
            )
        place = regions.place + regions.basis @ motion.T
        by_mesh = sample.points - (resting.sample.points + resting.mesh @ motion.T)
        guess = np.stack([by_mesh[members].mean(axis=0) for members in _MEMBERS])
        moved, likeness = np.empty_like(guess), np.empty(len(guess))
        starts = np.stack([np.zeros_like(guess), self._last, guess])
        for picture, level, rounds in ((coarse, regions.coarse, _COARSE_ROUNDS), (fine, regions.fine, _FINE_ROUNDS)):
            fit_regions(picture, place, resting.begin, *level, starts, _REGION_DAMPING, rounds, moved, likeness)
            starts = moved[None].copy()
        told = float(max(0.0, 1 - left / (total + 1e-9)))
        return np.clip(moved, -_MAX_DISPLACEMENT_PX, _MAX_DISPLACEMENT_PX), motion, told, likeness


def _turn_deg(resting: Template, sample: AlignedFace) -> float:
    """Return by how many degrees the head is turned from a resting frame, sideways or up and down."""
    return float(np.abs(sample.pose_deg - resting.sample.pose_deg)[:2].max())


def _by_mesh(resting: Template, sample: AlignedFace) -> NDArray[np.float64]:
    """Fit the head's motion to the points that expressions hardly move."""
    steady = resting.mesh[list(STEADY)]
    change = sample.points[list(STEADY)].astype(np.float64) - resting.sample.points[list(STEADY)]
    normal = steady.T @ steady + 0.5 * np.eye(4)
    return np.linalg.solve(normal, steady.T @ change).T.astype(np.float64, order="C")
