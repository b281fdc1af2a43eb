"""Anchors, decoding and suppression of BlazeFace."""

import numpy as np
import pytest

from engine.faces.blazeface import Candidates, anchors, decode, drop_nested, iou, weighted_nms


def published_anchors(size, strides):
    """Count anchors as MediaPipe's SSD options prescribe: layers of equal stride share cells, two anchors a layer."""
    result, layer = [], 0
    while layer < len(strides):
        same = [stride for stride in strides if stride == strides[layer]]
        cells = size // strides[layer]
        for row in range(cells):
            for column in range(cells):
                result += [((column + 0.5) / cells * size, (row + 0.5) / cells * size)] * (2 * len(same))
        layer += len(same)
    return np.array(result)


def test_anchors_follow_the_published_options():
    np.testing.assert_allclose(anchors(128, 128), published_anchors(128, [8, 16, 16, 16]))


def test_anchors_of_a_wide_input():
    wide = anchors(96, 160)
    assert wide.shape == (12 * 20 * 2 + 6 * 10 * 6, 2)
    np.testing.assert_array_equal(wide[:4], [[4, 4], [4, 4], [12, 4], [12, 4]])
    np.testing.assert_array_equal(wide[-1], [152, 88])


def test_decode_by_hand():
    regressors = np.zeros((2, 16), np.float32)
    regressors[0] = [1, 2, 20, 10, *range(12)]
    regressors[1, 2:4] = 8
    found = decode(regressors, np.array([[np.log(3)], [-1000]], np.float32), np.array([[50, 60], [4, 4]], "f4"), 0.5)
    assert len(found) == 1
    np.testing.assert_allclose(found.boxes, [[41, 57, 20, 10]])
    np.testing.assert_allclose(found.keypoints[0], [[50 + 2 * i, 61 + 2 * i] for i in range(6)])
    np.testing.assert_allclose(found.scores, [0.75], rtol=1e-6)


@pytest.mark.parametrize("raw", [-1e6, 1e6])
def test_decode_survives_extreme_scores(raw):
    regressors = np.ones((1, 16), np.float32)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = decode(regressors, np.array([[raw]], np.float32), np.zeros((1, 2), np.float32), 1e-9)
    assert found.scores.tolist() == ([1.0] if raw > 0 else [])


def test_decode_drops_boxes_without_size():
    regressors = np.zeros((1, 16), np.float32)
    assert not len(decode(regressors, np.array([[5]], np.float32), np.zeros((1, 2), np.float32), 0.5))


def candidates(boxes, scores):
    boxes = np.array(boxes, np.float32)
    points = np.repeat(boxes[:, np.newaxis, :2], 8, axis=1)
    points[:, 1] += boxes[:, 2:]
    return Candidates(points, np.array(scores, np.float32))


def test_overlaps_by_hand():
    boxes = np.array([[0, 0, 10, 10], [5, 0, 10, 10], [5, 5, 10, 10], [20, 0, 5, 5], [2, 2, 5, 5]], float)
    np.testing.assert_allclose(iou(boxes[0], boxes), [1, 1 / 3, 25 / 175, 0, 0.25])


def test_suppression_golden():
    found = weighted_nms(
        candidates([[0, 0, 10, 10], [40, 40, 10, 10], [2, 0, 10, 10], [41, 40, 10, 10]], [0.6, 0.5, 0.9, 0.1])
    )
    # First 0.9 at 2 and 0.6 at 0 merge at (0.9 * 2 + 0.6 * 0) / 1.5, then 0.5 at 40 and 0.1 at 41.
    np.testing.assert_allclose(found.boxes, [[1.2, 0, 10, 10], [40 + 1 / 6, 40, 10, 10]], rtol=1e-5)
    np.testing.assert_allclose(found.keypoints[:, 3, 0], [1.2, 40 + 1 / 6], rtol=1e-5)
    np.testing.assert_allclose(found.scores, [0.9, 0.5])


def test_suppression_keeps_neighbours_and_nothing():
    assert len(weighted_nms(candidates([[0, 0, 10, 10], [6, 0, 10, 10]], [0.9, 0.8]))) == 2
    assert len(weighted_nms(Candidates.concatenate([]))) == 0


def test_nested_boxes_lose_to_the_better_one():
    boxes = [[0, 0, 100, 100], [30, 60, 30, 30], [200, 0, 200, 200], [260, 50, 40, 40], [95, 0, 40, 40]]
    found = drop_nested(candidates(boxes, [0.9, 0.8, 0.6, 0.95, 0.5]))
    assert sorted(found.boxes[:, 0].tolist()) == [0, 95, 260]
    assert len(drop_nested(Candidates.concatenate([]))) == 0


def test_moving_and_stretching():
    moved = candidates([[1, 2, 3, 4]], [0.5]).shifted(10, 20).scaled(2, 3)
    np.testing.assert_allclose(moved.boxes, [[22, 66, 6, 12]])
    np.testing.assert_allclose(moved.keypoints[0, 0], [22, 66])
