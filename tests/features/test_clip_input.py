import cv2
import numpy as np
import pytest

from engine.features.clip_input import centred, dynamic_picture, face_frames, flow_frames, flow_pictures
from engine.features.dynamic_image import dynamic_image
from engine.features.optical_flow import STILL


def maps(count=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28, 3), np.uint8)


def test_what_most_of_the_face_does_is_zero():
    flow = np.full((1, 28, 28, 3), 40, np.uint8)
    flow[0, :5] = (255, 0, 51)
    found = centred(flow)
    np.testing.assert_allclose(found[0, 20, 20], [0, 0, 40 / 255], atol=1e-6)
    np.testing.assert_allclose(found[0, 0, 0], [215 / 127.5, -40 / 127.5, 0.2], atol=1e-6)


def test_a_still_map_is_all_zero():
    assert not centred(np.broadcast_to(np.array(STILL, np.uint8), (2, 28, 28, 3))).any()


def test_pictures_are_the_maps_stretched():
    flow = np.stack([cv2.GaussianBlur(each, (0, 0), 3) for each in maps()])
    found = flow_pictures(flow)
    assert found.shape == (3, 112, 112, 3) and found.dtype == np.float32
    again = cv2.resize(found[1], (28, 28), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(again.ravel(), centred(flow)[1].ravel())[0, 1] > 0.99
    assert flow_pictures(flow[:0]).shape == (0, 112, 112, 3)


def test_frames_grow_evenly_to_the_map():
    flow = maps()
    found = flow_frames(flow, 4)
    assert found.shape == (3, 4, 28, 28, 3) and found.dtype == np.float32
    for k in range(4):
        np.testing.assert_allclose(found[:, k], centred(flow) * (k + 1) / 4, atol=1e-6)
    np.testing.assert_array_equal(flow_frames(flow, 1)[:, 0], centred(flow))


def test_a_dynamic_picture_is_the_dynamic_image_scaled():
    faces = np.random.default_rng(0).integers(0, 256, (6, 112, 112), np.uint8)
    found = dynamic_picture(iter(faces))
    expected = dynamic_image(faces)
    assert found.shape == (112, 112, 3) and found.dtype == np.float32
    np.testing.assert_allclose(found, np.repeat((expected / np.abs(expected).max())[..., None], 3, 2), atol=1e-5)
    assert not dynamic_picture([faces[0]] * 5).any()
    assert dynamic_picture(np.repeat(faces[..., None], 3, 3), 56).shape == (56, 56, 3)


def test_face_frames_go_from_the_first_to_the_last():
    faces = np.arange(0, 180, 12, dtype=np.uint8)[:, None, None] * np.ones((1, 60, 60), np.uint8)
    found = face_frames(faces, 8)
    assert found.shape == (8, 48, 48, 1) and found.dtype == np.float32
    np.testing.assert_allclose(found[:, 0, 0, 0] * 255 / 12, [0, 2, 4, 6, 8, 10, 12, 14], atol=1e-4)
    assert face_frames(faces[:1], 8).shape == (8, 48, 48, 1)


@pytest.mark.parametrize("flow", [np.zeros((28, 28, 3), np.uint8), np.zeros((1, 28, 28, 3)), maps()[..., :2]])
def test_other_maps_are_refused(flow):
    with pytest.raises(ValueError, match=r"Expected \(n, H, W, 3\) uint8"):
        flow_frames(flow)


def test_no_face_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        face_frames(np.zeros((0, 48, 48), np.uint8))
    with pytest.raises(ValueError, match="at least 1"):
        dynamic_picture([])
