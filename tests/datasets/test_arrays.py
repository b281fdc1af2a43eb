import numpy as np
import pytest

from engine import datasets
from engine.errors import DataError


def write_npz(path, **changes):
    arrays = {
        "x": np.arange(4 * 48 * 48, dtype=np.uint32).astype(np.uint8).reshape(4, 48, 48),
        "y": np.array([0, 1, 1, 0]),
        "classes": np.array(["anger", "Happiness"]),
    } | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return path


def test_npz_gives_pictures_and_words(tmp_path):
    faces = datasets.read(
        write_npz(tmp_path / "set.npz", split=np.array(["a", "a", "b", "b"]), group=np.array([1, 2, 2, 3]))
    )
    assert faces.labels.tolist() == ["angry", "happy", "happy", "angry"]
    assert faces.pictures[2].shape == (48, 48)
    assert faces.rows_of("b").tolist() == [2, 3]
    assert faces.leaked(faces.rows_of("b")).tolist() == [True, False]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x": None}, "lacks x"),
        ({"x": np.zeros((4, 48, 48))}, "float64"),
        ({"x": np.zeros((4, 48, 48, 4), np.uint8)}, r"\(4, 48, 48, 4\)"),
        ({"y": np.array([0, 1, 2, 0])}, "0 to 2"),
        ({"y": np.array([0.0, 1.5, 1.0, 0.0])}, "y holds"),
        ({"y": np.array([0.0, np.nan, 1.0, 0.0])}, "y holds"),
        ({"x": None, "x_train": np.zeros((4, 48, 48), np.uint8)}, "lacks x .it holds 'classes', 'x_train', 'y'"),
        ({"split": np.array(["a"])}, "split has 1 entries for 4"),
        ({"classes": np.array(["Anger", "angry"])}, "'Anger' and 'angry' both mean 'angry'"),
        ({"ferplus": np.zeros((4, 7), np.int8)}, r"int8 of shape \(4, 7\).*10 columns"),
        ({"ferplus": np.zeros((4, 10))}, "float64"),
        ({"ferplus": np.full((4, 10), -2, np.int8)}, "-1 for none"),
    ],
)
def test_npz_of_another_form_is_refused_with_the_reason(tmp_path, changes, said):
    with pytest.raises(DataError, match=said):
        datasets.read(write_npz(tmp_path / "set.npz", **changes))


@pytest.mark.parametrize("kind", [bool, np.float32, np.int8, np.uint64])
def test_whole_numbers_of_any_type_index_the_classes(tmp_path, kind):
    faces = datasets.read(write_npz(tmp_path / "set.npz", y=np.array([0, 1, 1, 0], kind)))
    assert faces.labels.tolist() == ["angry", "happy", "happy", "angry"]


def test_npz_that_needs_pickle_is_refused(tmp_path):
    write_npz(tmp_path / "set.npz", classes=np.array([{"a": 1}, "b"], dtype=object))
    with pytest.raises(DataError, match="plain arrays"):
        datasets.read(tmp_path / "set.npz")


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut short"])
def test_damaged_npz_is_refused(tmp_path, content):
    (tmp_path / "set.npz").write_bytes(content)
    with pytest.raises(DataError, match="set.npz"):
        datasets.read(tmp_path / "set.npz")


def csv_row(emotion="3", side=48, value="7", usage="Training"):
    return f"{emotion},{' '.join([value] * side * side)},{usage}\n"


def test_csv_gives_pictures_words_and_splits(tmp_path):
    path = tmp_path / "fer2013.csv"
    path.write_text("emotion,pixels,Usage\n" + csv_row() + csv_row("6", value="255", usage="PrivateTest"))
    faces = datasets.read(path)
    assert faces.labels.tolist() == ["happy", "neutral"]
    assert faces.split.tolist() == ["Training", "PrivateTest"]
    assert faces.pictures[1].max() == faces.pictures[1].min() == 255


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (csv_row(side=47), "line 3.*2209 pixels"),
        ("3,1 2 3,Training\n", "line 3.*3 pixels"),
        (csv_row(value="x"), "line 3.*whole number"),
        (csv_row(value="256"), "256"),
        (csv_row(emotion="7"), "line 3.*'7'"),
        ("3\n", "line 3"),
    ],
)
def test_csv_names_the_line_that_is_wrong(tmp_path, row, said):
    path = tmp_path / "fer2013.csv"
    path.write_text("emotion,pixels,Usage\n" + csv_row() + row)
    with pytest.raises(DataError, match=said):
        datasets.read(path)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"emotion,pixels\n", b"\xff\xfe\x00emotion"])
def test_csv_without_pictures_is_refused(tmp_path, content):
    (tmp_path / "fer2013.csv").write_bytes(content)
    with pytest.raises(DataError, match="fer2013.csv"):
        datasets.read(tmp_path / "fer2013.csv")


def test_what_is_no_data_set_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DataError, match="notes.txt"):
        datasets.read(tmp_path / "notes.txt")
    with pytest.raises(DataError, match="does not exist"):
        datasets.read(tmp_path / "nothing")


def test_unknown_split_names_those_there_are(tmp_path):
    faces = datasets.read(write_npz(tmp_path / "set.npz", split=np.array(["a", "a", "b", "b"])))
    with pytest.raises(DataError, match="It has: a, b"):
        faces.rows_of("c")
    with pytest.raises(DataError, match="not divided"):
        datasets.read(write_npz(tmp_path / "other.npz")).rows_of("a")
