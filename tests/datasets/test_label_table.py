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
        "filename, angry, happy, sad\n1.png, 0, 1, 0\n2.png, 1, 0, 0\n3.png, 0, 0, 1\n",
        "image,label\n1,happy\n2,angry\nimages/3.png,sad\n",
        "image,emotion,label\n1.png,3,happy\n2.png,0,angry\n3.png,4,sad\n",
        'image,"emotion (0=angry, 3: happy, 4 = sad)"\n1.png,3\n2.png,0\n3.png,4\n',
    ],
)
def test_labels_come_from_the_table(tmp_path, table, packed):
    faces = datasets.read(source(tmp_path, table, packed=packed))
    assert faces.labels.tolist() == ["happy", "angry", "sad"]
    assert faces.files.tolist() == list(PICTURES)
    assert faces.left_out == ()


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("classes.txt", "0 anger\n3 happiness\n4 sadness\n"),
        ("classes.txt", "angry\ndisgust\nfear\nhappy\nsad\n"),
        ("class_names.txt", "\ufeffangry: 0\r\nhappy: 3\r\nsad: 4\r\n"),
        ("label_map.json", '{"0": "angry", "3": "happy", "4": "sad"}'),
        ("images/class_to_idx.json", None),
        ("class_to_idx.json", '{"angry": 0, "happy": 3, "sad": 4}'),
        ("classes.json", '["angry", "disgust", "fear", "happy", "sad"]'),
        ("mapping.csv", "id,name\n0,angry\n3,happy\n4,sad\n"),
    ],
)
def test_numbers_mean_what_a_file_beside_the_table_says(tmp_path, file, says):
    folder = source(tmp_path, "file,label\n1.png,3\n2.png,0\n3.png,4.0\n")
    (folder / file).write_text(says or '{"angry": 0, "happy": 3, "sad": 4}', encoding="utf-8")
    if says is None:  # a file in another folder speaks of other things
        with pytest.raises(DataError, match=r"classes\.txt"):
            datasets.read(folder)
        return
    faces = datasets.read(folder)
    assert faces.labels.tolist() == ["happy", "angry", "sad"] and faces.left_out == ()
    assert faces.notes == (f"The labels are those of labels.csv, its numbers those of {file}.",)


@pytest.mark.parametrize(
    ("says", "said"),
    [
        ("0 angry\n4 sad\n", "has the label '3', and classes.txt names 0 angry, 4 sad"),
        ("0 angry\n3 anger\n4 sad\n", "classes.txt does not say which number"),
        ("0 angry\n3\n", "classes.txt does not say which number"),
        ("", "classes.txt does not say which number"),
    ],
)
def test_a_file_that_does_not_name_each_number_is_refused(tmp_path, says, said):
    folder = source(tmp_path, "file,label\n1.png,3\n2.png,0\n3.png,4\n")
    (folder / "classes.txt").write_text(says)
    with pytest.raises(DataError, match=said):
        datasets.read(folder)


def test_several_tables_are_refused_by_their_names(tmp_path):
    folder = source(tmp_path, "file,emotion\n1.png,happy\n", "train.csv")
    (folder / "test.csv").write_text("file,emotion\n2.png,sad\n")
    with pytest.raises(DataError, match=r"test\.csv and train\.csv"):
        datasets.read(folder)


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
        ("file,happy,sad\n1.png,7,3\n", "has '7' in a column named after an expression"),
        ("file,size\n1.png,3\n", "No folder in set is named after an expression"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, table, said):
    with pytest.raises(DataError, match=said):
        datasets.read(source(tmp_path, table))
