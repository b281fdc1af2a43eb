import cv2
import numpy as np
import pytest
from skimage import data

from engine.errors import ImageError, ModelError
from engine.models import shipped
from engine.recognition.importance import occlusion_map
from engine.recognition.photo import recognise


def png(rgb):
    return cv2.imencode(".png", rgb[..., ::-1])[1].tobytes()


@pytest.fixture(scope="module")
def result():
    return recognise(png(data.astronaut()))


def test_one_face_with_everything_said_of_it(result):
    (face,) = result.faces
    assert result.picture.shape == (512, 512, 3)
    assert tuple(face.probabilities) == face.model.labels
    assert sum(face.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert face.expression == "happy" and face.decided and face.answer == "happy"
    assert face.certainty == max(face.probabilities.values())
    assert face.crop.shape == (48, 48) and face.crop.dtype == np.uint8
    assert face.face.landmarks.points.shape == (468, 3)


def test_below_the_threshold_the_answer_is_undecided(result, monkeypatch):
    (face,) = result.faces
    monkeypatch.setitem(face.model.thresholds, "happy", 1.01)
    assert not face.decided and face.answer == "undecided" and face.expression == "happy"


@pytest.mark.parametrize("name", shipped.names())
def test_every_model_shows_what_mattered(name):
    (face,) = recognise(png(data.astronaut()), name).faces
    assert face.importance.shape == (48, 48)
    assert 0 < face.importance.max() <= 1
    # A smile stands in the lower face: covering the mouth costs more than covering the forehead.
    assert face.importance[30:44, 12:36].mean() > face.importance[:10, 12:36].mean()


def test_the_map_is_the_fall_of_the_probability():
    def bright(crops):
        share = crops[:, 20:28, 20:28].mean(axis=(1, 2)) / 255
        return np.stack([share, 1 - share], axis=1)

    crop = np.zeros((48, 48), np.uint8)
    crop[20:28, 20:28] = 255
    found = occlusion_map(bright, crop, 0)
    assert found[20:28, 20:28].mean() > 0.3
    assert found[:12].max() == 0 and found[36:].max() == 0


def test_no_face_is_no_error():
    assert recognise(png(np.full((240, 320, 3), 128, np.uint8))).faces == ()


def test_several_faces_come_largest_first():
    astronaut = data.astronaut()[:280, 90:370]
    scene = np.full((480, 640, 3), 120, np.uint8)
    scene[40:320, 20:300] = astronaut
    small = cv2.resize(astronaut, (140, 140), interpolation=cv2.INTER_AREA)
    scene[100:240, 420:560] = small
    faces = recognise(png(scene)).faces
    assert len(faces) == 2
    assert faces[0].face.detection.box[2] > faces[1].face.detection.box[2]


def test_bad_bytes_and_names_are_refused():
    with pytest.raises(ImageError):
        recognise(b"nothing")
    with pytest.raises(ModelError):
        recognise(png(data.astronaut()), "none")
