"""A face is framed as the maps of the composite are."""

import numpy as np

from engine.faces.align import ANCHORS, FRAMING
from engine.features.aligned_face import FLOW_CROP_PX, flow_crop

_CORNERS = (33, 133, 362, 263, 61, 291)


def _points(scale: float, turn: float, shift: tuple[float, float]) -> np.ndarray:
    points = np.zeros((468, 2))
    points[ANCHORS] = FRAMING
    cosine, sine = np.cos(turn) * scale, np.sin(turn) * scale
    return points @ np.array([[cosine, sine], [-sine, cosine]]) + shift


def _dotted(points: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[:200, :200] + 0.5
    picture = np.zeros((200, 200))
    for x, y in points[list(_CORNERS)]:
        picture += 255 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8)
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_eyes_and_mouth_lie_where_blinks_and_smiles_lie_in_the_maps():
    for scale, turn, shift in ((2.0, 0.0, (50, 40)), (2.6, 0.3, (70, 20))):
        points = _points(scale, turn, shift)
        cut = flow_crop(_dotted(points), points).astype(float)
        assert cut.shape == (FLOW_CROP_PX, FLOW_CROP_PX)
        rows, columns = np.mgrid[:FLOW_CROP_PX, :FLOW_CROP_PX] * 28 / FLOW_CROP_PX
        upper = cut * (rows < 14)
        left, right = upper * (columns < 14), upper * (columns >= 14)
        for part, x in ((left, 6.1), (right, 21.9)):
            np.testing.assert_allclose((part * columns).sum() / part.sum(), x, atol=1.2)
            np.testing.assert_allclose((part * rows).sum() / part.sum(), 6.7, atol=0.8)
        lower = cut * (rows >= 14)
        np.testing.assert_allclose((lower * rows).sum() / lower.sum(), 21.0, atol=1.2)
