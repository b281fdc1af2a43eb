import os

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


@pytest.mark.parametrize("name", ["set.zip", "data/faces.rar", "faces.tar.gz"])
def test_a_folder_of_archives_says_to_unpack_them(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(DataError, match=rf"an archive, {name}\. Unpack it"):
        datasets.read(tmp_path)


@pytest.mark.parametrize("name", ["set.csv", "set.npz", "set.zip"])
def test_an_empty_file_is_said_to_be_empty(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(DataError, match=r"is empty \(0 bytes\)"):
        datasets.read(tmp_path / name)


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


@pytest.mark.parametrize(
    ("paths", "split", "subject"),
    [
        (["P001/angry/a", "P002/angry/a", "P002/sad/b"], None, ["P001", "P002", "P002"]),
        (["S005/001/angry/a", "S010/001/sad/a"], None, ["S005", "S010"]),
        (["sub01/angry/a", "sub02/sad/a"], None, ["sub01", "sub02"]),
        (["subject_3/angry/a", "subject_12/sad/a", "Subject_3/sad/b"], None, ["Subject_3", "subject_12", "Subject_3"]),
        (["1/angry/a", "2/sad/a"], None, ["1", "2"]),
        (["set/007/angry/a", "set/012/sad/a"], None, ["007", "012"]),
        (["train/P1/angry/a", "train/P2/sad/a", "test/P3/sad/a"], ["test", "train", "train"], ["P3", "P1", "P2"]),
        (["P1/train/angry/a", "P1/test/angry/a", "P2/test/sad/a"], ["test", "train", "test"], ["P1", "P1", "P2"]),
        (["angry/P1/a", "angry/P2/a", "sad/P1/a"], None, ["P1", "P2", "P1"]),
        (["angry/train/a", "angry/test/a", "sad/test/a"], ["test", "train", "test"], None),
        (["Train/angry/a", "Validation/angry/a", "TEST/sad/a"], ["TEST", "Train", "Validation"], None),
        (["train_images/angry/a", "test_images/sad/a"], ["test_images", "train_images"], None),
        (["fold1/angry/a", "fold2/sad/a"], ["fold1", "fold2"], None),
        (["session1/angry/a", "session2/sad/a"], ["session1", "session2"], None),
        (["angry/1/a", "angry/2/a", "sad/1/a"], None, None),
        (["train/angry/P1/a", "test/angry/P2/a"], ["test", "train"], ["P2", "P1"]),
        (["anna/angry/a", "ben/angry/a", "ben/sad/b"], None, ["anna", "ben", "ben"]),
        (["subject-a/angry/a", "subject-b/sad/a"], None, ["subject-a", "subject-b"]),
        (["angry/subject a/a", "sad/subject b/a"], None, ["subject a", "subject b"]),
        (["Анна/angry/a", "Élodie/sad/a"], None, ["Élodie", "Анна"]),
        (["P1/angry/a", "P2/angry/a", "zoe/sad/a"], None, ["P1", "P2", "zoe"]),
        (["train/anna/angry/a", "test/ben/sad/a"], ["test", "train"], ["ben", "anna"]),
        (["anna/session1/angry/a", "ben/session1/sad/a"], None, ["anna", "ben"]),
        (["train/angry/a", "valid/angry/a", "testing/sad/a"], ["testing", "train", "valid"], None),
        (["Entraînement/angry/a", "Prüfung/sad/a"], ["Entraînement", "Prüfung"], None),
        (["训练集/angry/a", "测试集/sad/a"], ["测试集", "训练集"], None),
        (["обучающая выборка/angry/a", "тест/sad/a"], ["обучающая выборка", "тест"], None),
        (["original/angry/a", "augmented/sad/a"], ["augmented", "original"], None),
        (["FER2013/angry/a", "RAF-DB/sad/a"], ["FER2013", "RAF-DB"], None),
        (["48x48/angry/a", "96x96/sad/a"], ["48x48", "96x96"], None),
        (["angry/google/a", "angry/bing/a", "sad/bing/a"], None, None),
    ],
)
def test_folders_of_parts_and_of_people(tmp_path, paths, split, subject):
    for path in paths:
        put(tmp_path / f"{path}.png")
    faces = datasets.read(tmp_path)
    assert len(faces) == len(paths)
    assert (None if faces.split is None else faces.split.tolist()) == split
    assert (None if faces.subject is None else faces.subject.tolist()) == subject


def test_people_told_by_name_alone_are_said_to_be_people(tmp_path):
    for path in ("anna/angry/a", "ben/angry/a"):
        put(tmp_path / f"{path}.png")
    (note,) = datasets.read(tmp_path).notes
    assert "(anna, ben) are taken for people" in note and "train, validation and test" in note


def test_a_picture_of_nobody_among_folders_of_people_is_refused(tmp_path):
    for path in ("P1/angry/a", "P2/angry/a", "P3/sad/a", "angry/stranger"):
        put(tmp_path / f"{path}.png")
    with pytest.raises(DataError, match=r"1 of the 4 pictures .*angry/stranger\.png"):
        datasets.read(tmp_path)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("labels.csv", "A table beside class folders is not read"),
        ("happy/notes.txt", "no picture"),
        ("happy/more.zip", "unpack it"),
        ("cover.png", "lies in no class folder"),
        ("happy/broken link.xyz", "link to nothing"),
    ],
)
def test_what_is_not_in_the_set_is_named(tmp_path, file, said):
    put(tmp_path / "happy" / "a.png")
    if "link" in file:
        (tmp_path / file).symlink_to("nowhere")
    elif file.endswith(".png"):
        put(tmp_path / file)
    else:
        (tmp_path / file).write_text("hello")
    faces = datasets.read(tmp_path)
    assert len(faces) == 1
    ((named, why),) = faces.left_out
    assert named == file and said in why


@pytest.mark.parametrize("name", ["a.jfif", "a.JPE", "a.jif", "a.JPEG", "a", "a.jpg_large", "a.download"])
def test_a_picture_is_told_by_any_of_its_endings_and_by_its_beginning(tmp_path, name):
    (tmp_path / "happy").mkdir()
    (tmp_path / "happy" / name).write_bytes(cv2.imencode(".jpg", np.full((48, 48), 90, np.uint8))[1].tobytes())
    assert datasets.read(tmp_path).pictures[0].shape == (48, 48, 3)


def test_a_pipe_in_the_place_of_a_picture_is_never_waited_for(tmp_path):
    put(tmp_path / "happy" / "a.png")
    os.mkfifo(tmp_path / "happy" / "b.png")
    faces = datasets.read(tmp_path)
    with pytest.raises(ImageError, match="a pipe"):
        faces.pictures[1]
    os.mkfifo(tmp_path / "set.zip")
    with pytest.raises(DataError, match="a pipe"):
        datasets.read(tmp_path / "set.zip")


@pytest.mark.parametrize(
    ("word", "meant"), [("suprise", "surprise"), ("Happines", "happy"), ("nuetral", "neutral"), ("bicycle", None)]
)
def test_an_unknown_class_is_said_with_what_may_be_meant(tmp_path, word, meant):
    put(tmp_path / "fear" / "a.png")
    put(tmp_path / word / "a.png")
    (note,) = datasets.read(tmp_path).notes
    assert repr(word.lower()) in note
    assert (f"({meant} is meant?)" in note) == (meant is not None)
