"""Finding faces: golden places, invariances, sizes, crowds, and nothing where there is nothing."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from skimage import data

from engine import faces
from engine.faces.find import find_faces, verify

# Box of the astronaut's face as four models of the BlazeFace family see it on average, and where its eyes are.
BOX = np.array([174, 74, 100, 100])
EYES = np.array([[204, 102], [245, 104]])


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()


def largest(picture, reach="photo"):
    found = faces.analyse(picture, reach=reach)
    assert len(found) == 1
    return found[0].detection


def assert_at(detection, box, share=0.12):
    np.testing.assert_allclose(detection.box, box, atol=share * box[2])


# A live look has a fifth of the pixels to place the eyes by.
@pytest.mark.parametrize(("reach", "near"), [("photo", 6), ("live", 14)])
def test_golden_portrait(astronaut, reach, near):
    detection = largest(astronaut, reach)
    assert_at(detection, BOX, 0.08)
    np.testing.assert_allclose(detection.keypoints[:2], EYES, atol=near)
    assert detection.score > 0.85
    assert detection.keypoints.shape == (6, 2)
    assert detection.keypoints.dtype == np.float32


def test_mirrored(astronaut):
    detection = largest(np.ascontiguousarray(astronaut[:, ::-1]))
    assert_at(detection, [512 - 274, 74, 100, 100], 0.1)
    np.testing.assert_allclose(detection.keypoints[:2, 0], 512 - EYES[::-1, 0], atol=6)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (113, 7), (300, 201)])
def test_shifted(astronaut, x, y):
    frame = np.full((480, 700, 3), 90, np.uint8)
    frame[y : y + 270, x : x + 350] = astronaut[:270, 80:430]
    assert_at(largest(frame), BOX + np.array([x - 80, y, 0, 0]))


@pytest.mark.parametrize("width", [40, 55, 80, 130, 200, 300, 400])
def test_sizes_in_one_frame(astronaut, width):
    scale = width / 100
    portrait = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else 3)
    portrait = portrait[: round(270 * scale), round(80 * scale) : round(370 * scale)]
    frame = cv2.resize(data.gravel(), (1280, 1100))[..., np.newaxis].repeat(3, axis=2)
    frame[: portrait.shape[0], 60 : 60 + portrait.shape[1]] = portrait
    assert_at(largest(frame), (BOX - [80, 0, 0, 0]) * scale + [60, 0, 0, 0], 0.15)


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_rotated(astronaut, degrees):
    turn = cv2.getRotationMatrix2D((224, 124), degrees, 1.0)
    turned = cv2.warpAffine(astronaut, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    found = faces.analyse(turned)
    assert len(found) == 1
    assert_at(found[0].detection, BOX, 0.15)
    assert found[0].quality.roll_deg == pytest.approx(3 - degrees, abs=5)


def crowd(height, width, columns, rows, texture):
    """Set the astronaut's head at every size from 40 to 400 pixels on a texture; return the picture and the boxes."""
    head = data.astronaut()[20:225, 120:330]
    random = np.random.default_rng(4)
    picture = cv2.resize(texture, (width, height), interpolation=cv2.INTER_CUBIC)[..., np.newaxis].repeat(3, axis=2)
    boxes = []
    largest_scale = min(height / rows / 205, width / columns / 210) * 0.99
    for index, width_of_face in enumerate(np.geomspace(40, min(400, 100 * largest_scale), rows * columns)):
        scale = width_of_face / 100
        portrait = cv2.resize(head, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else 3)
        row, column = divmod(index, columns)
        room = height // rows - portrait.shape[0], width // columns - portrait.shape[1]
        y, x = row * height // rows + random.integers(room[0]), column * width // columns + random.integers(room[1])
        picture[y : y + portrait.shape[0], x : x + portrait.shape[1]] = portrait
        boxes.append((BOX - [120, 20, 0, 0]) * scale + [x, y, 0, 0])
    return picture, np.array(boxes)


@pytest.mark.parametrize("texture", ["gravel", "brick"])
def test_group_photo_of_forty(texture):
    picture, boxes = crowd(3000, 4000, 8, 5, getattr(data, texture)())
    found = np.array([face.detection.box for face in faces.analyse(picture)])
    assert len(found) == len(boxes)
    for box in boxes:
        assert np.abs(found - box).max(axis=1).min() < 0.15 * box[2]


def test_two_neighbours_stay_two():
    head = data.astronaut()[20:225, 140:300]
    found = faces.analyse(np.concatenate([head, head[:, ::-1]], axis=1))
    assert len(found) == 2


@pytest.mark.parametrize(
    "name", ["brick", "grass", "gravel", "coffee", "chelsea", "rocket", "coins", "moon", "page", "hubble_deep_field"]
)
def test_no_face_where_there_is_none(name):
    picture = getattr(data, name)()
    if picture.ndim == 2:
        picture = picture[..., np.newaxis].repeat(3, axis=2)
    assert faces.analyse(np.ascontiguousarray(picture)) == []


def test_noise_and_plain_colours_hold_no_face():
    random = np.random.default_rng(0)
    assert faces.analyse(random.integers(0, 256, (480, 640, 3), dtype=np.uint8)) == []
    for gray in (0, 128, 255):
        assert faces.analyse(np.full((480, 640, 3), gray, np.uint8)) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 3), (12, 12), (20, 20), (48, 48), (47, 700)])
@pytest.mark.parametrize("reach", ["photo", "live"])
def test_tiny_and_thin_pictures_do_no_harm(shape, reach):
    random = np.random.default_rng(1)
    assert isinstance(faces.analyse(random.integers(0, 256, (*shape, 3), dtype=np.uint8), reach=reach), list)


@pytest.mark.parametrize("side", [40, 48, 96, 500, 1500])
def test_a_face_that_fills_the_picture(astronaut, side):
    tight = astronaut[62:190, 160:288]
    picture = cv2.resize(tight, (side, side), interpolation=cv2.INTER_AREA if side < 128 else cv2.INTER_CUBIC)
    assert_at(largest(picture), (BOX - [160, 62, 0, 0]) * (side / 128), 0.2)


def test_live_reach_is_for_near_faces(astronaut):
    frame = np.full((480, 640, 3), 128, np.uint8)
    frame[100:300, 200:400] = cv2.resize(astronaut, (200, 200), interpolation=cv2.INTER_AREA)
    assert faces.analyse(frame, reach="live") == []
    assert len(faces.analyse(frame)) == 1


def test_a_second_look_mends_a_rough_box(astronaut):
    for shift in ([12, 5, 10, 10], [-15, 8, -5, -5]):
        found = verify(astronaut, np.array(BOX + shift, np.float32))
        assert len(found) == 1
        np.testing.assert_allclose(found.boxes[0], BOX, atol=10)
    assert len(verify(astronaut, np.array([380, 300, 90, 90], np.float32))) == 0
    assert len(verify(astronaut, np.array([-900, -900, 90, 90], np.float32))) == 0


def test_read_only_and_sliced_pictures(astronaut):
    frozen = astronaut.copy()
    frozen.flags.writeable = False
    reference = largest(astronaut)
    assert largest(frozen).box == reference.box
    assert_at(largest(np.repeat(astronaut, 2, axis=1)[:, ::2]), reference.box, 1e-6)
    assert_at(largest(astronaut[..., ::-1][..., ::-1]), reference.box, 1e-6)


def test_threads_share_the_networks(astronaut):
    pictures = [astronaut, np.ascontiguousarray(astronaut[:, ::-1])] * 6
    with ThreadPoolExecutor(4) as pool:
        together = [face[0].detection.box for face in pool.map(faces.analyse, pictures)]
    alone = [largest(picture).box for picture in pictures[:2]]
    assert together == alone * 6


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9, 3)), np.zeros((0, 9, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="Expected a picture of shape"):
        find_faces(wrong)


def test_an_unknown_reach_is_refused(astronaut):
    with pytest.raises(ValueError, match="Expected a reach"):
        find_faces(astronaut, reach="far")
