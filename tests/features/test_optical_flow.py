import cv2
import numpy as np
import pytest
from skimage import data

from engine.features.optical_flow import STILL, dense_flow, flow_map, map_of, strain

SIZE = 128
INSIDE = np.s_[8:-8, 8:-8]


@pytest.fixture(scope="module")
def face():
    gray = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY)
    return cv2.resize(gray[30:190, 140:300], (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def swelling(seed, largest_px):
    """Four places that move smoothly, each its own way: (128, 128, 2)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    flow = np.zeros((SIZE, SIZE, 2), np.float32)
    for _ in range(4):
        (left, top), width, angle = rng.uniform(25, 103, 2), rng.uniform(8, 16), rng.uniform(0, 2 * np.pi)
        bump = largest_px * rng.uniform(0.4, 1) * np.exp(-((x - left) ** 2 + (y - top) ** 2) / (2 * width**2))
        flow += bump[..., None] * np.array([np.cos(angle), np.sin(angle)], np.float32)
    return flow


def moved(face, flow):
    """Show the face after the flow: what was at p lies at p + flow(p)."""
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float32)
    back = np.zeros_like(flow)
    for _ in range(20):  # the inverse by fixed point
        back = -cv2.remap(flow, x + back[..., 0], y + back[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.remap(face.astype(np.float32), x + back[..., 0], y + back[..., 1], cv2.INTER_CUBIC, borderMode=4)


def noisy(picture, seed, sigma=2):
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def error_px(found, true):
    return float(np.linalg.norm(found - true, axis=-1)[INSIDE].mean())


@pytest.mark.parametrize(("largest_px", "allowed_px"), [(1, 0.09), (2, 0.12), (3, 0.15)])
def test_known_motion_is_found_better_than_by_a_plain_farneback(face, largest_px, allowed_px):
    ours, theirs = [], []
    for seed in range(4):
        true = swelling(seed, largest_px)
        onset, apex = noisy(face, 100 + seed), noisy(moved(face, true), 200 + seed)
        ours.append(error_px(dense_flow(onset, apex), true))
        farneback = cv2.calcOpticalFlowFarneback(onset, apex, None, 0.5, 3, 15, 3, 5, 1.2, 0)
        theirs.append(error_px(farneback, true))
    assert np.mean(ours) < allowed_px
    assert np.mean(ours) < np.mean(theirs)


def test_the_signs_are_right_and_down(face):
    shifted = np.roll(face, (1, 2), axis=(0, 1))
    np.testing.assert_allclose(dense_flow(face, shifted)[20:-20, 20:-20].mean(axis=(0, 1)), [2, 1], atol=0.1)


def test_equal_faces_have_no_flow_and_a_still_map(face):
    assert not dense_flow(face, face).any()
    assert (flow_map(face, face) == STILL).all()


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[0.02, 0], [0, 0]], 0.02),
        ([[0.03, 0], [0, -0.04]], 0.05),
        ([[0, 0.02], [0.02, 0]], 0.02 * 2**0.5),
        ([[0, 0.02], [-0.02, 0]], 0),
        ([[0.01, 0.03], [0.01, 0.02]], (0.01**2 + 0.02**2 + 2 * 0.02**2) ** 0.5),
    ],
)
def test_strain_of_linear_flows_in_closed_form(matrix, expected):
    y, x = np.mgrid[:20, :30].astype(np.float32)
    flow = np.stack([x, y], axis=-1) @ np.array(matrix, np.float32).T + 3
    found = strain(flow.astype(np.float32))
    assert found.shape == (20, 30) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_strain_agrees_with_numpys_gradient():
    flow = np.random.default_rng(0).normal(size=(17, 23, 2)).astype(np.float32)
    (u_y, u_x), (v_y, v_x) = (np.gradient(flow[..., channel].astype(float)) for channel in (0, 1))
    expected = np.sqrt(u_x**2 + v_y**2 + 2 * ((u_y + v_x) / 2) ** 2)
    np.testing.assert_allclose(strain(flow), expected, atol=1e-5)


@pytest.mark.parametrize("size", [28, 56, 112])
def test_each_channel_of_a_map_fills_its_range(face, size):
    onset, apex = face, noisy(moved(face, swelling(1, 2)), 0, 0)
    found = flow_map(onset, apex, size)
    assert found.shape == (size, size, 3) and found.dtype == np.uint8
    assert found.min(axis=(0, 1)).tolist() == [0, 0, 0] and found.max(axis=(0, 1)).tolist() == [255, 255, 255]


def test_a_map_tells_where_and_not_how_much():
    flow = swelling(3, 1)
    np.testing.assert_allclose(map_of(flow).astype(int), map_of(4 * flow).astype(int), atol=1)


def test_a_map_is_that_of_the_area_means():
    flow = np.zeros((56, 56, 2), np.float32)
    flow[:28, :, 0] = 1
    expected = np.zeros((28, 28), np.uint8)
    expected[:14] = 255
    found = map_of(flow)
    np.testing.assert_array_equal(found[..., 0], expected)
    assert (found[..., 1] == STILL[1]).all()
    assert np.unique(np.nonzero(found[..., 2])[0]).tolist() == [13, 14]


def test_a_shift_of_the_whole_face_is_still_in_every_channel():
    assert (map_of(np.full((40, 40, 2), 1.5, np.float32)) == STILL).all()


@pytest.mark.parametrize(
    ("onset", "apex"),
    [
        (np.zeros((30, 30), np.float32), np.zeros((30, 30), np.float32)),
        (np.zeros((30, 30, 3), np.uint8), np.zeros((30, 30, 3), np.uint8)),
        (np.zeros((30, 30), np.uint8), np.zeros((30, 31), np.uint8)),
        (np.zeros((23, 30), np.uint8), np.zeros((23, 30), np.uint8)),
    ],
)
def test_other_pictures_are_refused(onset, apex):
    with pytest.raises(ValueError, match="Expected"):
        dense_flow(onset, apex)


def test_strain_refuses_another_shape():
    with pytest.raises(ValueError, match=r"Expected \(H, W, 2\)"):
        strain(np.zeros((4, 4), np.float32))
