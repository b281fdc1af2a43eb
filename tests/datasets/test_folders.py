import cv2
import numpy as np
import pytest

from engine import datasets
from engine.errors import DataError, ImageError


def put(path, value=90, size=48):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((size, size), value, np.uint8))


def test_class_folders_are_read_lazily(tmp_path):
    put(tmp_path / "anger" / "b.png")
    put(tmp_path / "Happiness" / "a.png", 200)
    (tmp_path / "anger" / "notes.txt").write_text("no picture")
    faces = datasets.read(tmp_path)
    assert sorted(faces.labels.tolist()) == ["angry", "happy"]
    assert faces.split is None
    happy = faces.labels.tolist().index("happy")
    assert faces.pictures[happy].shape == (48, 48, 3) and faces.pictures[happy].min() == 200


def test_split_folders_become_splits(tmp_path):
    put(tmp_path / "train" / "fear" / "a.png")
    put(tmp_path / "test" / "fear" / "a.png")
    faces = datasets.read(tmp_path)
    assert sorted(faces.split.tolist()) == ["test", "train"]
    assert set(faces.labels.tolist()) == {"fear"}


def test_a_wrong_class_folder_keeps_its_name(tmp_path):
    put(tmp_path / "fear" / "a.png")
    put(tmp_path / "bicycle" / "a.png")
    assert sorted(datasets.read(tmp_path).labels.tolist()) == ["bicycle", "fear"]


def test_folders_without_any_expression_are_refused(tmp_path):
    put(tmp_path / "bicycle" / "a.png")
    with pytest.raises(DataError, match="bicycle"):
        datasets.read(tmp_path)


def test_empty_folder_is_refused(tmp_path):
    (tmp_path / "happy").mkdir()
    with pytest.raises(DataError, match="no pictures"):
        datasets.read(tmp_path)


def test_a_file_that_is_no_picture_is_an_image_error(tmp_path):
    put(tmp_path / "happy" / "a.png")
    (tmp_path / "happy" / "b.png").write_bytes(b"nothing")
    faces = datasets.read(tmp_path)
    with pytest.raises(ImageError):
        faces.pictures[1]
