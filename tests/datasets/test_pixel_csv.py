"""Tables of pixels, their columns under every name, and FERPlus' votes beside them."""

import numpy as np
import pytest
from picture_sets import write_zip

from engine import datasets
from engine.errors import DataError

PIXELS = " ".join(["7"] * 48 * 48)
NEW = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
    "Training,fer0.png,4,0,0,1,3,2,0,0,0,0\n"
    "PrivateTest,,0,0,0,0,0,0,0,0,0,10\n"
)


def table(heading="emotion,pixels,Usage", *rows):
    return "\n".join([heading, *(rows or (f"3,{PIXELS},Training", f"6,{PIXELS},PrivateTest"))]) + "\n"


def read(folder, text, encoding="utf-8"):
    (folder / "set.csv").write_bytes(text.encode(encoding))
    return datasets.read(folder / "set.csv")


@pytest.mark.parametrize("name", ["Usage", "usage", " Usage", "USAGE", "split", "Split", "set", "partition", "subset"])
def test_the_column_of_parts_has_many_names(tmp_path, name):
    faces = read(tmp_path, table(f"emotion,pixels,{name}"))
    assert faces.split.tolist() == ["Training", "PrivateTest"] and faces.left_out == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "heading", ["emotion,pixels", "Emotion,Pixels", "label, pixels", "emotion;pixels", "label\tpixels"]
)
def test_headings_and_encodings(tmp_path, heading, encoding):
    separator = next(each for each in ",;\t" if each in heading)
    assert read(tmp_path, table(heading, f"3{separator}{PIXELS}"), encoding).labels.tolist() == ["happy"]


def test_what_is_no_utf_8_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(DataError, match="UTF-8"):
        read(tmp_path, table("emotion,pixels,Bemerkung", f"3,{PIXELS},schön"), "latin-1")


def test_words_stand_for_expressions(tmp_path):
    faces = read(tmp_path, table("emotion,pixels", f"Happiness,{PIXELS}", f"suprise,{PIXELS}"))
    assert faces.labels.tolist() == ["happy", "suprise"]
    assert "surprise is meant?" in faces.notes[0]


def test_people_and_other_columns(tmp_path):
    faces = read(tmp_path, table("id,emotion,pixels,subject", f"0,3,{PIXELS},P1", f"1,6,{PIXELS},P2"))
    assert faces.subject.tolist() == ["P1", "P2"]
    assert [file for file, _ in faces.left_out] == ["column 'id'"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table("emotion,pixels,Usage,split"), "two columns for the split: 'Usage' and 'split'"),
        (table("pixels,emotion"), "line 2: the emotion is '7 7 7"),
        ("label,pixel0,pixel1,pixel2,pixel3\n3,1,2,3,4\n", "has a column for each pixel"),
        ("\n", "is empty"),
        (f"3,{PIXELS},Training\n", "has 3 columns, none named emotion or pixels"),
        (table("pixels,emotion,Usage", f"3,{PIXELS},Training"), "line 2"),
        (table("emotion,pixels,subject", f"3,{PIXELS},", f"3,{PIXELS},P1"), "no subject for 1 picture"),
        (table("emotion,pixels", f"{PIXELS},{PIXELS}"), "line 2: the emotion is '7 7 7"),
    ],
)
def test_what_is_wrong_is_said_shortly(tmp_path, text, said):
    with pytest.raises(DataError, match=said) as refused:
        read(tmp_path, text)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("form", ["file", "folder", "zip"])
def test_votes_beside_the_pictures_are_brought_in(tmp_path, form):
    files = {"fer2013.csv": table().encode(), "fer2013new.csv": NEW.encode()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    source = {"file": tmp_path / "fer2013.csv", "folder": tmp_path, "zip": tmp_path.parent / f"{tmp_path.name}.zip"}
    write_zip(source["zip"], files)
    faces = datasets.read(source[form])
    assert faces.votes.tolist() == [[4, 0, 0, 1, 3, 2, 0, 0, 0, 0], [0] * 9 + [10]]
    assert faces.judged_by("votes").labels.tolist() == ["neutral", "no face"]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NEW.rpartition("PrivateTest")[0], "votes for 1 picture, fer2013.csv has 2"),
        (NEW.replace("PrivateTest", "PublicTest"), "line 3 is of the part 'PublicTest', the picture of 'PrivateTest'"),
        (NEW.replace("4,0,0,1", "four,0,0,1"), "line 2: 'four' is no number of votes"),
        (NEW.replace("fear", "fright"), "lacks the columns fear"),
    ],
)
def test_votes_for_other_pictures_are_refused(tmp_path, new, said):
    (tmp_path / "fer2013.csv").write_text(table())
    (tmp_path / "fer2013new.csv").write_text(new)
    with pytest.raises(DataError, match=said):
        datasets.read(tmp_path / "fer2013.csv")


def test_a_pixel_table_is_what_it_was(tmp_path):
    assert np.array_equal(read(tmp_path, table()).pictures[1], np.full((48, 48), 7, np.uint8))
