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


def test_two_folders_of_one_expression_are_refused(tmp_path):
    put(tmp_path / "train" / "happy" / "a.png")
    put(tmp_path / "train" / "Happiness" / "b.png")
    with pytest.raises(DataError, match=r"'train/Happiness' and 'train/happy' both mean 'happy'"):
        datasets.read(tmp_path)


def test_the_same_expression_under_two_words_in_two_splits_is_fine(tmp_path):
    put(tmp_path / "train" / "happy" / "a.png")
    put(tmp_path / "test" / "happiness" / "b.png")
    assert datasets.read(tmp_path).labels.tolist() == ["happy", "happy"]


@pytest.mark.parametrize(
    ("around", "split"),
    [
        (("",), None),
        (("archive/faces/",), None),
        (("train/",), ["train"] * 2),
        (("Kaggle/Train/",), ["Train"] * 2),
        (("set/train/", "set/test/"), ["test"] * 2 + ["train"] * 2),
        (("site a/", "site b/"), ["site a"] * 2 + ["site b"] * 2),
    ],
)
def test_folders_around_the_classes(tmp_path, around, split):
    for prefix in around:
        put(tmp_path / prefix / "happy" / "a.png")
        put(tmp_path / prefix / "sad" / "b.png")
    put(tmp_path / "read me.png")
    faces = datasets.read(tmp_path)
    assert len(faces) == 2 * len(around)
    assert (None if faces.split is None else faces.split.tolist()) == split


def test_pictures_deeper_in_a_class_belong_to_it(tmp_path):
    put(tmp_path / "happy" / "web" / "neutral" / "a.png")
    faces = datasets.read(tmp_path)
    assert faces.labels.tolist() == ["happy"] and faces.files.tolist() == ["happy/web/neutral/a.png"]


def test_ck_plus_names_tell_subject_and_clip(tmp_path):
    for name in ("S010_004_00000017", "S010_004_00000018", "S010_006_00000015", "S011_004_00000021"):
        put(tmp_path / "CK+48" / "anger" / f"{name}.png")
    put(tmp_path / "CK+48" / "contempt" / "S138_008_00000009.png")
    faces = datasets.read(tmp_path)
    assert faces.subject.tolist() == ["S010"] * 3 + ["S011", "S138"]
    assert faces.group.tolist() == ["S010_004"] * 2 + ["S010_006", "S011_004", "S138_008"]
    assert faces.labels.tolist() == ["angry"] * 4 + ["contempt"] and faces.split is None


def test_a_stranger_among_known_subjects_is_refused(tmp_path):
    for name in ("S010_004_00000017", "S011_004_00000021", "holiday"):
        put(tmp_path / "anger" / f"{name}.png")
    with pytest.raises(DataError, match=r"1 of the 3 pictures .*'anger/holiday\.png'"):
        datasets.read(tmp_path)


def test_one_name_like_a_subject_tells_nothing(tmp_path):
    for name in ("S010_004_00000017", "other", "holiday"):
        put(tmp_path / "anger" / f"{name}.png")
    faces = datasets.read(tmp_path)
    assert faces.subject is None and faces.group is None
