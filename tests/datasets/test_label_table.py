"""Labels in a table beside the pictures."""

import pytest
from picture_sets import png, write_folder, write_zip

from engine import datasets
from engine.errors import DataError

PICTURES = {"images/1.png": png(1), "images/2.png": png(2), "images/3.png": png(3)}


def source(folder, table, name="labels.csv", packed=False):
    files = PICTURES | {name: table.encode()}
    return write_zip(folder / "set.zip", files) if packed else write_folder(folder / "set", files)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "table",
    [
        "filename,emotion\n1.png,Happiness\n2.png,anger\n3.png,sad\n",
        "image;label\nimages/1.png;happy\nimages/2.png;angry\nimages/3.png;sad\n",
        "id,Path,expression\n0,images\\1.png,happy\n1,images\\2.png,angry\n2,images\\3.png,sad\n",
        "\ufeffFile Name\tClass\n1.png\tjoy\n2.png\tangry\n3.png\tsad\n",
    ],
)
def test_labels_come_from_the_table(tmp_path, table, packed):
    faces = datasets.read(source(tmp_path, table, packed=packed))
    assert faces.labels.tolist() == ["happy", "angry", "sad"]
    assert faces.files.tolist() == list(PICTURES)
    assert faces.left_out == ()


def test_parts_and_people(tmp_path):
    table = "file,emotion,usage,subject\n1.png,happy,train,P1\n2.png,sad,test,P2\n"
    faces = datasets.read(source(tmp_path, table))
    assert faces.split.tolist() == ["train", "test"] and faces.subject.tolist() == ["P1", "P2"]
    assert faces.left_out == (("images/3.png", "No row of labels.csv names it."),)


def test_rows_without_a_picture_are_named(tmp_path):
    faces = datasets.read(source(tmp_path, "file,emotion\n1.png,happy\n9.png,sad\n1.png,sad\n"))
    assert faces.labels.tolist() == ["happy"]
    assert [file for file, _ in faces.left_out][:2] == ["labels.csv: '9.png'", "labels.csv: '1.png'"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file,emotion\n1.png,3\n", "numbers for expressions, such as '3'"),
        ("file,emotion\n9.png,happy\n", "names no picture"),
        ("file,emotion,subject\n1.png,happy,P1\n2.png,sad,\n", "no subject for some"),
        ("file,size\n1.png,3\n", "No folder in set is named after an expression"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, table, said):
    with pytest.raises(DataError, match=said):
        datasets.read(source(tmp_path, table))
