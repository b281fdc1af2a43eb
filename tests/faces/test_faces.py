"""From a picture to its faces, largest first."""

import cv2
import numpy as np
import pytest
from skimage import data

from engine import faces
from engine.faces.align import align
from engine.images.prepare import to_gray


def test_a_face_is_complete():
    picture = data.astronaut()
    (face,) = faces.analyse(picture)
    assert face.crop.shape == (48, 48)
    assert face.crop.dtype == np.float32
    assert 0 <= face.crop.min() < face.crop.max() <= 255
    assert face.landmarks.presence > 0.99
    # Gray is made around the face only, which must change nothing.
    np.testing.assert_allclose(face.crop, align(to_gray(picture), face.landmarks.points), atol=1e-3)


def test_a_small_face_is_cropped_as_from_the_whole_gray():
    picture = cv2.resize(data.astronaut(), (180, 180), interpolation=cv2.INTER_AREA)
    (face,) = faces.analyse(picture)
    np.testing.assert_allclose(face.crop, align(to_gray(picture), face.landmarks.points), atol=1e-3)


def test_the_crop_is_upright_and_the_same_at_any_angle():
    picture = data.astronaut()
    (face,) = faces.analyse(picture)
    for degrees in (-25, 25):
        turn = cv2.getRotationMatrix2D((224, 124), degrees, 1.0)
        turned = cv2.warpAffine(picture, turn, (512, 512), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        (again,) = faces.analyse(turned)
        inner = slice(8, 40)
        correlation = np.corrcoef(face.crop[inner, inner].ravel(), again.crop[inner, inner].ravel())[0, 1]
        assert correlation > 0.93


def test_largest_first():
    head = data.astronaut()[20:225, 120:330]
    frame = np.full((420, 700, 3), 120, np.uint8)
    frame[:123, :126] = cv2.resize(head, (126, 123), interpolation=cv2.INTER_AREA)
    frame[5:415, 150:570] = cv2.resize(head, (420, 410), interpolation=cv2.INTER_CUBIC)
    frame[200:344, 0:147] = cv2.resize(head, (147, 144), interpolation=cv2.INTER_AREA)
    sizes = [face.quality.size_px for face in faces.analyse(frame)]
    assert len(sizes) == 3
    assert sizes == sorted(sizes, reverse=True)
    np.testing.assert_allclose(sizes, [200, 70, 60], rtol=0.15)


@pytest.mark.parametrize("name", ["lfw_subset"])
def test_tiny_gray_faces_do_no_harm(name):
    for picture in getattr(data, name)()[:20]:
        small = (picture * 255).astype(np.uint8)[..., np.newaxis].repeat(3, axis=2)
        for face in faces.analyse(small):
            assert face.crop.shape == (48, 48)
            assert "small" in [check.name for check in face.quality.checks]
