"""BlazeFace, short range: anchors, decoding of its raw outputs, weighted non-maximum suppression.

V. Bazarevsky and others, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", CVPR Workshop on Computer
Vision for Augmented and Virtual Reality, 2019, arXiv:1907.05047. Constants as in MediaPipe's options for this model.

The network is fully convolutional, so it also answers pictures larger than the 128 by 128 it was trained on: the same
computation as on overlapping tiles, without computing the overlaps twice.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.faces.network import Network

NATIVE_SIZE = 128  # pixels; the side of the input that the network was trained on
STRIDES = ((8, 2), (16, 6))  # pixels between cells, anchors in each cell
SCORE_LIMIT = 100.0  # raw scores are clipped there, so that the sigmoid cannot overflow
OVERLAP = 0.3  # intersection over union above which two boxes are one face
NESTED = 0.8  # share of a box inside another above which they cannot both be faces

_network = Network("face_detection_short_range", ("regressors", "classificators"), scale=1 / 127.5, offset=-1)


@dataclass(frozen=True)
class Candidates:
    """Possible faces in the pixels of one picture.

    Attributes
    ----------
    points
        ``(N, 8, 2)`` float32, x and y: the box's upper left and lower right corner, then the six keypoints: the
        person's right and left eye, nose tip, mouth, right and left ear.
    scores
        ``(N,)`` float32, 0 to 1.
    """

    points: np.ndarray
    scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def boxes(self) -> np.ndarray:
        """``(N, 4)``: x, y, width, height."""
        return np.concatenate([self.points[:, 0], self.points[:, 1] - self.points[:, 0]], axis=1)

    @property
    def keypoints(self) -> np.ndarray:
        """``(N, 6, 2)``: see `points`."""
        return self.points[:, 2:]

    def take(self, which: np.ndarray | slice) -> "Candidates":
        """Return the candidates that a mask, an index array or a slice names."""
        return Candidates(self.points[which], self.scores[which])

    def scaled(self, x: float, y: float) -> "Candidates":
        """Return them in a picture that is x times as wide and y times as high."""
        return Candidates(self.points * np.array([x, y], np.float32), self.scores)

    def shifted(self, x: float, y: float) -> "Candidates":
        """Return them x pixels further right and y further down."""
        return Candidates(self.points + np.array([x, y], np.float32), self.scores)

    @staticmethod
    def concatenate(parts: list["Candidates"]) -> "Candidates":
        """Return all candidates of several lists as one."""
        points = [np.empty((0, 8, 2), np.float32), *(part.points for part in parts)]
        return Candidates(np.concatenate(points), np.concatenate([np.empty(0, "f4"), *(part.scores for part in parts)]))


@lru_cache(maxsize=8)
def anchors(height: int, width: int) -> np.ndarray:
    """Return the anchor centres ``(N, 2)`` float32 (x, y) in pixels of an input of this height and width.

    Anchors have no size of their own here (MediaPipe's ``fixed_anchor_size``): boxes are regressed in pixels.
    """
    layers = []
    for stride, repeats in STRIDES:
        y, x = np.mgrid[0 : height // stride, 0 : width // stride]
        centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) * stride
        layers.append(np.repeat(centres, repeats, axis=0))
    return np.concatenate(layers).astype(np.float32)


def detect(canvas: np.ndarray, threshold: float) -> Candidates:
    """Return every anchor's face with a score of at least `threshold`, overlapping ones included.

    Parameters
    ----------
    canvas
        ``(height, width, 3)`` uint8 RGB, height and width multiples of 16.
    threshold
        Lowest score, between 0 and 1 (both excluded).
    """
    regressors, classificators = _network(canvas)
    return decode(regressors, classificators, anchors(*canvas.shape[:2]), threshold)


def decode(regressors: np.ndarray, classificators: np.ndarray, centres: np.ndarray, threshold: float) -> Candidates:
    """Turn raw outputs into candidates with a score of at least `threshold`.

    Parameters
    ----------
    regressors
        ``(N, 16)`` float32: box centre, box size and six points, in input pixels relative to the anchor centre.
    classificators
        ``(N, 1)`` float32 raw scores.
    centres
        ``(N, 2)`` float32 anchor centres in input pixels.
    threshold
        Lowest score, between 0 and 1 (both excluded).
    """
    raw = classificators[:, 0]
    kept = np.flatnonzero(raw >= np.log(threshold / (1 - threshold)))
    kept = kept[(regressors[kept, 2:4] > 0).all(axis=1)]
    points = regressors[kept].reshape(-1, 8, 2)
    half = points[:, 1] / 2
    points[:, 1] = points[:, 0]
    points += centres[kept, np.newaxis]
    points[:, 0] -= half
    points[:, 1] += half
    return Candidates(points, 1 / (1 + np.exp(-np.clip(raw[kept], -SCORE_LIMIT, SCORE_LIMIT))))


def iou(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return the intersection over union of one box ``(4,)`` with each of ``(N, 4)``; x, y, width, height."""
    both = intersection_areas(box, boxes)
    return both / (box[2:].prod() + boxes[:, 2:].prod(axis=1) - both)


def intersection_areas(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return the area that one box ``(4,)`` shares with each of ``(N, 4)``; x, y, width, height."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[:2] + box[2:], boxes[:, :2] + boxes[:, 2:])
    return np.maximum(high - low, 0).prod(axis=1)


def weighted_nms(candidates: Candidates, overlap: float = OVERLAP) -> Candidates:
    """Merge candidates of one face: weighted non-maximum suppression, best first.

    The best candidate takes all that overlap it by more than `overlap`; the result is their average weighted by
    score, with the best one's score (BlazeFace paper, section 3.3).
    """
    boxes, left = candidates.boxes, np.argsort(-candidates.scores, kind="stable")
    merged = []
    while len(left):
        same = iou(boxes[left[0]], boxes[left]) > overlap
        same[0] = True
        group = candidates.take(left[same])
        weights = group.scores / group.scores.sum()
        merged.append(Candidates(np.tensordot(weights, group.points, 1)[np.newaxis], group.scores[:1]))
        left = left[~same]
    return Candidates.concatenate(merged)


def drop_nested(candidates: Candidates, share: float = NESTED) -> Candidates:
    """Drop each candidate that lies inside a better one or encloses one, best first.

    A mouth or an eye with its brow can pass for a small face, and shadows around a small face for a large one; neither
    overlaps the real one enough for `weighted_nms`.
    """
    boxes = candidates.boxes
    kept: list[int] = []
    for index in np.argsort(-candidates.scores, kind="stable"):
        box, others = boxes[index], boxes[kept]
        smaller = np.minimum(box[2:].prod(), others[:, 2:].prod(axis=1))
        if not (intersection_areas(box, others) > share * smaller).any():
            kept.append(index)
    return candidates.take(np.array(kept, dtype=np.intp))
