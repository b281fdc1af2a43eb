import sys

import cv2
import numpy as np
import pytest

from engine.__main__ import main
from engine.commands.progress_line import ProgressLine
from engine.datasets import store


@pytest.fixture
def folder(tmp_path):
    random = np.random.default_rng(0)
    for label in ("anger", "happiness"):
        (tmp_path / "faces" / label).mkdir(parents=True)
        for number in range(3):
            crop = random.integers(0, 256, (48, 48)).astype(np.uint8)
            cv2.imwrite(str(tmp_path / "faces" / label / f"{number}.png"), crop)
    return tmp_path / "faces"


def test_a_folder_is_imported_listed_and_removed(folder, capsys):
    (folder / "anger" / "broken.png").write_bytes(b"broken")
    assert main(["import", str(folder), "--name", "mine"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "mine: 6 pictures of 48×48 pixels, gray, from faces",
        "classes: angry 3, happy 3",
        "left out: anger/broken.png (The file is a text, not a picture that is read here.)",
    ]
    assert "reading pictures ..." in said.err
    assert main(["dataset", "list"]) == 0
    assert capsys.readouterr().out == "mine: 6 pictures of 48×48 pixels, gray, from faces\n"
    assert main(["dataset", "remove", "mine"]) == 0
    assert capsys.readouterr().out == "mine is removed.\n"


def test_the_old_options_do_the_same_and_say_what_they_are_called_now(folder, capsys):
    assert main(["import", str(folder), "--name", "mine", "--list"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "mine: 6 pictures of 48×48 pixels, gray, from faces"
    assert "`import --list` is called `dataset list` now." in said.err
    assert main(["import", "--remove", "mine", "--list"]) == 0
    said = capsys.readouterr()
    assert said.out == "mine is removed.\nNothing is imported yet.\n" and "dataset remove" in said.err


def test_an_imported_set_is_data_for_other_verbs(folder, capsys):
    assert main(["import", str(folder)]) == 0
    capsys.readouterr()
    assert main(["evaluate", "--data", "faces", "--json"]) == 0


def test_drawn_faces_are_a_set_with_people(monkeypatch, capsys):
    monkeypatch.setattr("engine.practice.face_set.SEVEN", ("happy", "sad"))
    monkeypatch.setattr("engine.practice.face_set.people_for", lambda expression: (2, 5))
    assert main(["import", "--drawn"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("drawn faces: 8 pictures of 200×200 pixels")
    assert "classes: happy 4, sad 4" in said.out and "drawing faces ..." in said.err
    about = store.about("drawn faces")
    assert about["subjects"] == 2 and not about["left_out"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.zip", "--drawn"], "Both a PATH and --drawn"),
        (["nowhere.zip"], "nowhere.zip does not exist"),
        ([], "nothing to import"),
        (["--remove", "none"], "no imported set named 'none'"),
        (["--name", "../up", "{folder}"], "cannot be named '../up'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(folder, capsys, arguments, said):
    assert main(["import", *(each.format(folder=folder) for each in arguments)]) == 1
    assert said in capsys.readouterr().err
    assert store.names() == []


def test_importing_twice_by_name_says_what_can_be_done(folder, capsys):
    main(["import", str(folder)])
    assert main(["import", "faces"]) == 1
    assert "imported already" in capsys.readouterr().err


def test_a_damaged_set_does_not_hide_the_others(folder, capsys):
    main(["import", str(folder), "--name", "a"])
    main(["import", str(folder), "--name", "b"])
    (store.folder("a") / "set.json").write_text("{")
    capsys.readouterr()
    assert main(["dataset", "list"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("a: The imported set 'a' is damaged") and second.startswith("b: 6 pictures")


def test_the_progress_line(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    line = ProgressLine()
    line.step(0, 2000, "reading")
    line.step(2000, 2000, "reading")
    line.clear()
    assert capsys.readouterr().err == "\r\x1b[Kreading 0 of 2,000 (0%)\r\x1b[Kreading 2,000 of 2,000 (100%)\r\x1b[K"


def test_what_is_left_out_is_said_by_reason_and_how_the_folders_were_understood(folder, capsys):
    for name in ("labels.csv", "anger/notes.txt", "anger/more.txt"):
        (folder / name).write_text("hello")
    (folder / "suprise").mkdir()
    (folder / "suprise" / "a.png").write_bytes((folder / "anger" / "0.png").read_bytes())
    assert main(["import", str(folder), "--name", "mine"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "left out: 2, such as anger/more.txt (It is no picture.)" in said
    assert any(line.startswith("left out: labels.csv (A table beside class folders") for line in said)
    assert any("'suprise'" in line and "surprise is meant?" in line for line in said)
    assert main(["evaluate", "--data", str(folder), "--json"]) == 0
    assert "left out: labels.csv" in capsys.readouterr().err
