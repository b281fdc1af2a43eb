import json

import cv2
import numpy as np
import pytest
from skimage import data

from engine.__main__ import main
from engine.recognition.photo import recognise


@pytest.fixture(scope="module")
def dark_photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("dark") / "astronaut.png"
    cv2.imwrite(str(path), (data.astronaut()[..., ::-1] * 0.25).astype(np.uint8))
    return path


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("faces") / "faces.npz"
    crops = random.integers(0, 256, (12, 48, 48)).astype(np.uint8)
    np.savez(path, x=crops, y=np.arange(12) % 2, classes=np.array(["happy", "sad"]))
    return path


def test_a_dark_face_is_enhanced_before_the_model_sees_it(dark_photo, capsys):
    (plain,) = recognise(dark_photo.read_bytes()).faces
    (bright,) = recognise(dark_photo.read_bytes(), enhance="llem").faces
    assert plain.enhanced == "none" and "enhanced" not in plain.as_json()
    assert bright.crop.mean() > 1.5 * plain.crop.mean()
    assert main(["classify", str(dark_photo), "--enhance", "llem", "--json"]) == 0
    (face,) = json.loads(capsys.readouterr().out)["faces"]
    assert face["enhanced"] == "llem" and face["expression"] == bright.expression == "happy"


def test_evaluate_behind_an_enhancement(faces, capsys):
    assert main(["evaluate", "--data", str(faces), "--model", "paper", "--enhance", "clahe"]) == 0
    assert "behind CLAHE" in capsys.readouterr().out
