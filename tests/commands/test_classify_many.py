"""Many files at once: folders, lists, several processes, and what one bad file costs."""

import io
import json
import os
import sys
import types

import cv2
import numpy as np
import pytest
from killed import answer_or_die
from skimage import data

from engine.__main__ import main
from engine.arguments import named
from engine.recognition import files
from engine.recognition.files import FileAnswer, classify_files


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Twelve files: an astronaut at two sizes, gray areas, two that are no pictures."""
    folder = tmp_path_factory.mktemp("photos")
    astronaut = data.astronaut()[..., ::-1]
    for number in range(3):
        (folder / f"{number}").mkdir()
        cv2.imwrite(str(folder / f"{number}" / "a.png"), astronaut[:300, 100:400])
        cv2.imwrite(str(folder / f"{number}" / "b.jpg"), astronaut)
        cv2.imwrite(str(folder / f"{number}" / "c.png"), np.full((90, 80 + number, 3), 90, np.uint8))
        (folder / f"{number}" / "d.JPG").write_bytes(b"no picture" * number)
        (folder / f"{number}" / "notes.txt").write_text("not asked for")
    return folder


def test_two_processes_print_what_one_does_in_the_same_order(photos, capsys):
    assert main(["classify", str(photos), "--json"]) == 1
    alone = capsys.readouterr().out
    assert main(["classify", str(photos), "--json", "--jobs", "2"]) == 1
    assert capsys.readouterr().out == alone
    names = [json.loads(line)["file"] for line in alone.splitlines()]
    assert names == [
        str(photos / f"{number}" / name) for number in range(3) for name in ("a.png", "b.jpg", "c.png", "d.JPG")
    ]


def test_a_list_comes_from_standard_input(photos, capsys, monkeypatch):
    listed = f"{photos}/1/c.png\n\n{photos}/0/c.png\r\n".encode()
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(listed)))
    assert main(["classify", "-", str(photos / "2" / "c.png")]) == 0
    assert capsys.readouterr().out == "".join(f"{photos}/{number}/c.png: no face found\n" for number in (1, 0, 2))


def test_other_processes_find_relative_names(photos, monkeypatch):
    monkeypatch.chdir(photos)
    assert list(classify_files(["1/c.png"], jobs=2)) == [FileAnswer("1/c.png", [])]


def test_a_folder_without_pictures_is_a_line(tmp_path, capsys):
    assert main(["classify", str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path}: The folder holds no pictures. Name one that does.\n"


def test_what_no_one_foresaw_costs_one_line(photos, monkeypatch):
    def stumble(data, model, enhance):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(files, "recognise", stumble)
    (answer,) = classify_files([photos / "0" / "c.png"])
    assert answer.error == "There is no answer for it (ZeroDivisionError: by nothing)."


def test_a_file_that_kills_its_process_costs_its_own_line(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_classify_chunk", answer_or_die)
    monkeypatch.setattr(files, "CHUNK", 3)
    names = ["a", "b", "killer", "d", "e", "f"]
    found = list(classify_files(names, jobs=2))
    assert [answer.name for answer in found] == names
    assert [bool(answer.error) for answer in found] == [name == "killer" for name in names]
    assert "ended before it could answer" in found[2].error


def test_many_names_are_read_as_they_are_needed():
    taken = []

    def names():
        for number in range(10_000):
            taken.append(number)
            yield f"missing {number}.png"

    found = classify_files(names())
    for _ in range(5):
        assert "cannot be read" in next(found).error
    assert len(taken) < 20


@pytest.mark.parametrize("jobs", ["0", "-3"])
def test_no_processes_are_refused(photos, capsys, jobs):
    assert main(["classify", str(photos), "--jobs", jobs]) == 1
    assert f"{jobs} jobs at a time cannot be" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_of_names_in_any_encoding(monkeypatch, encoding, end):
    names = ["写真/a.jpg", "b c.jpg", "ü.jpg"]
    listed = "".join(name + end for name in names).encode(encoding)
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(listed)))
    assert list(named(["-", "last.jpg"])) == [*names, "last.jpg"]


def test_a_folder_as_people_have_it(tmp_path, capsys):
    """Every picture is answered for, what cannot be read has a line, and what is no picture is counted once."""
    picture = cv2.imencode(".jpg", np.full((60, 60, 3), 90, np.uint8))[1].tobytes()
    for name in ("a.jfif", "b.JPE", "c", "d.jpg_large", "below/e.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture)
    (tmp_path / "below" / "loop").symlink_to(tmp_path)
    assert main(["classify", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("no face found") == 5
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(20))
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    assert main(["classify", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out.count("no face found") == 5
    assert "pipe.jpg: The file cannot be read: it is a pipe, no file." in said.out
    assert "gone.jpg: The file cannot be read: it is a link to nothing" in said.out
    assert said.err.splitlines()[-1] == f"2 files left out, no picture: {tmp_path}/film.mp4, {tmp_path}/notes.txt."


def test_a_folder_that_may_not_be_read_is_a_line(tmp_path, capsys, monkeypatch):
    reading = os.scandir

    def scandir(folder):
        if str(folder).endswith("secret"):
            raise PermissionError(13, "Permission denied", str(folder))
        return reading(folder)

    (tmp_path / "secret").mkdir()
    monkeypatch.setattr(os, "scandir", scandir)
    assert main(["classify", str(tmp_path)]) == 1
    assert "secret: The folder cannot be read (Permission denied)." in capsys.readouterr().out
