"""What lies below a folder, however odd; nothing there is waited for, followed in a circle or passed over."""

import os
import socket
from pathlib import Path

import pytest

from engine.below import files_below, open_file

ODD = {
    "a pipe": lambda path: os.mkfifo(path),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to nothing, or to itself": lambda path: path.symlink_to(path.name),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


def told(root, **options):
    return {str(each.path.relative_to(root)): each.why for each in files_below(root, **options)}


@pytest.fixture
def tree(tmp_path):
    for name in ("b.jpg", "a.jpg", "below/c.jpg", "below/deeper/d.jpg", ".hidden/e.jpg", "._b.jpg", "Thumbs.db"):
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(b"x")
    return tmp_path / "tree"


def test_files_come_by_name_and_without_what_systems_leave(tree):
    assert list(told(tree)) == ["a.jpg", "b.jpg", ".hidden/e.jpg", "below/c.jpg", "below/deeper/d.jpg"]
    assert list(told(tree, hidden=False)) == ["a.jpg", "b.jpg", "below/c.jpg", "below/deeper/d.jpg"]


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_file_is_told_and_never_opened(tree, what):
    ODD[what](tree / "below" / "odd.jpg")
    assert what in told(tree)["below/odd.jpg"]
    with pytest.raises(OSError, match=what):
        open_file(tree / "below" / "odd.jpg")


def test_a_socket_is_no_file(tree, monkeypatch):
    monkeypatch.chdir(tree)  # a socket's name may have a hundred letters
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("odd.jpg")
        assert told(tree)["odd.jpg"] == "it is a socket, no file"
        with pytest.raises(OSError, match="a socket"):
            open_file(Path("odd.jpg"))


@pytest.mark.parametrize("target", [".", "..", "../..", "below", "below/deeper"])
def test_links_to_folders_in_and_around_add_nothing(tree, target):
    before = told(tree)
    (tree / "below" / "link").symlink_to(tree / target)
    assert told(tree) == before


def test_folders_elsewhere_are_read_once_however_many_links_lead_there(tree, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "f.jpg").write_bytes(b"x")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "elsewhere")
    for name in ("one", "two"):
        (tree / name).symlink_to(tmp_path / "elsewhere")
    assert [path for path in told(tree) if path.endswith("f.jpg")] == ["one/f.jpg"]
    assert "one/back/f.jpg" not in told(tree)


def test_a_folder_that_may_not_be_read_is_told(tree, monkeypatch):
    reading = os.scandir

    def scandir(folder):
        if Path(folder).name == "deeper":
            raise PermissionError(13, "Permission denied", str(folder))
        return reading(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert told(tree)["below/deeper"] == "the folder cannot be read (Permission denied)"


def test_a_file_of_a_name_that_is_no_text_is_read(tree):
    (tree / os.fsdecode(b"\xff\xfe.jpg")).write_bytes(b"y")
    with open_file(next(each.path for each in files_below(tree) if "\udcff" in str(each.path))) as file:
        assert file.read() == b"y"
