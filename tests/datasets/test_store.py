import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from filelock import FileLock
from picture_sets import classes, png, write_folder, write_zip
from told import Told

from engine import datasets
from engine.datasets import store, stored
from engine.datasets.face_set import fingerprint
from engine.errors import DataError
from engine.tasks import Cancelled, Progress

SHARED = Path(__file__).parents[3] / "shared" / "data" / "micro_expressions_train.zip"
OPTIONAL = ("split", "group", "subject", "votes")


@pytest.fixture
def library(own_data_folder):
    return own_data_folder / "datasets"


@pytest.fixture
def folder(tmp_path):
    return write_folder(tmp_path / "my faces", classes("happy", "sad"))


def left_behind(library):
    """What lies in the library beside its sets."""
    return sorted(each.name for each in library.iterdir() if each.name not in (*store.names(), ".lock"))


def same(first, second):
    assert first.labels.tolist() == second.labels.tolist()
    for name in OPTIONAL:
        one, other = getattr(first, name), getattr(second, name)
        assert (one is None) == (other is None) and (one is None or np.array_equal(one, other)), name
    for one, other in zip(first.pictures, second.pictures, strict=True):
        assert np.array_equal(one[..., 0] if one.ndim > np.ndim(other) else one, other)


def test_class_folders_come_back_as_they_were(folder, library):
    assert store.import_set(folder) == "my faces"
    assert store.names() == ["my faces"] and left_behind(library) == []
    faces = datasets.read("my faces")
    same(datasets.read(folder), faces)
    assert faces.pictures.shape == (6, 48, 48)
    assert faces.files.tolist() == datasets.read(folder).files.tolist()


def test_all_that_an_npz_says_is_kept(tmp_path):
    np.savez(
        tmp_path / "set.npz",
        x=np.random.default_rng(0).integers(0, 256, (300, 8, 9, 3)).astype(np.uint8),
        y=np.arange(300) % 2,
        classes=np.array(["joy", "sadness"]),
        split=np.array(["train", "test", "test"] * 100),
        group=np.arange(300) // 2,
        subject=np.array([f"S{number // 30}" for number in range(300)]),
        ferplus=(np.arange(3000) % 11).reshape(300, 10).astype(np.int8),
    )
    store.import_set(tmp_path / "set.npz", "mine")
    same(datasets.read(tmp_path / "set.npz"), store.load("mine"))
    about = store.about("mine")
    assert about["labels"] == {"happy": 150, "sad": 150} and about["splits"] == {"train": 100, "test": 200}
    assert about["subjects"] == 10 and about["groups"] == 150 and about["votes"] and about["shape"] == [8, 9, 3]


def test_the_fingerprint_is_that_of_the_source(folder, tmp_path):
    zipped = write_zip(tmp_path / "set.zip", classes("happy", "sad"))
    expected = fingerprint(datasets.read(folder))
    assert fingerprint(datasets.read(zipped)) == expected
    assert store.fingerprint(store.import_set(zipped)) == expected
    assert fingerprint(store.load("set")) == expected
    (folder / "sad" / "1.png").write_bytes(png(99))
    assert fingerprint(datasets.read(folder)) != expected


def test_another_label_is_another_fingerprint(tmp_path):
    first = write_folder(tmp_path / "a", {"happy/1.png": png(1), "sad/2.png": png(2)})
    second = write_folder(tmp_path / "b", {"happy/1.png": png(1), "neutral/2.png": png(2)})
    assert fingerprint(datasets.read(first)) != fingerprint(datasets.read(second))


def test_pictures_of_different_sizes_stay_files(tmp_path, library):
    files = {f"happy/{side}.png": png(side, side, colour=True) for side in (30, 60, 90)}
    store.import_set(write_zip(tmp_path / "set.zip", files))
    faces = store.load("set")
    assert [picture.shape for picture in faces.pictures] == [(30, 30, 3), (60, 60, 3), (90, 90, 3)]
    assert np.array_equal(faces.pictures[1], cv2.imdecode(np.frombuffer(files["happy/60.png"], np.uint8), 1)[..., ::-1])
    assert (library / "set" / "pictures" / "0000001.png").read_bytes() == files["happy/60.png"]
    assert store.about("set")["shape"] is None


@pytest.mark.parametrize("others", [{}, {"happy/large.png": png(7, 60)}])
def test_what_cannot_be_read_is_left_out_and_named(folder, others):
    write_folder(folder, {"happy/1.png": b"no picture", "sad/zz.jpg": b""} | others)
    store.import_set(folder)
    about = store.about("my faces")
    assert about["left_out"] == 2 and about["pictures"] == len(store.load("my faces")) == 5 + len(others)
    assert [each["file"] for each in about["left_out_files"]] == ["happy/1.png", "sad/zz.jpg"]
    assert "empty" in about["left_out_files"][1]["why"]
    assert store.load("my faces").files.tolist() == [
        "happy/0.png",
        "happy/2.png",
        *others,
        "sad/0.png",
        "sad/1.png",
        "sad/2.png",
    ]
    assert fingerprint(store.load("my faces")) == fingerprint(datasets.read(folder)) == about["fingerprint"]


def test_nothing_but_damaged_pictures_is_refused(tmp_path, library):
    with pytest.raises(DataError, match="None of the 2 pictures"):
        store.import_set(write_folder(tmp_path / "set", {"happy/1.png": b"x", "happy/2.png": b"y"}))
    assert store.names() == left_behind(library) == []


def test_progress_is_told_and_cancelling_leaves_nothing(folder, library):
    progress = Told()
    store.import_set(folder, "kept", progress=progress)
    told = progress.steps
    assert {words for _, _, words in told} == {"looking", "reading pictures", "taking the fingerprint"}
    before = store.about("kept")
    for stop_at in range(1, len(told) + 1):
        asked = iter(range(1, 100))
        with pytest.raises(Cancelled):
            store.import_set(folder, "kept", Told(lambda asked=asked, stop_at=stop_at: next(asked) >= stop_at))
        assert store.about("kept") == before and left_behind(library) == []


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "place", ["engine.datasets.stored.np.savez", "engine.datasets.stored._write_array", "pathlib.Path.replace"]
)
def test_a_full_disk_leaves_what_was_there(folder, library, monkeypatch, place):
    store.import_set(folder, "kept")
    before = store.about("kept")

    def full(*_, **__):
        raise FULL

    with monkeypatch.context() as patched, pytest.raises(DataError, match="is full"):
        patched.setattr(place, full)
        store.import_set(folder, "kept")
    assert store.about("kept") == before and len(store.load("kept")) == 6
    assert left_behind(library) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the size of files")
def test_a_disk_that_really_runs_out_is_said(tmp_path, library):
    """The process may write no file above 100 kB, as if the disk ended there."""
    source = tmp_path / "set.npz"
    np.savez(source, x=np.zeros((200, 48, 48), np.uint8), y=np.zeros(200, int), classes=np.array(["happy"]))
    program = (
        "import resource, signal, sys; from engine.__main__ import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        f"sys.exit(main(['import', {str(source)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1 and "cannot be written to (File too large)" in done.stderr
    assert store.names() == left_behind(library) == []


def test_a_folder_that_may_not_be_written_is_said(folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match="cannot be written to"):
        store.import_set(folder)


def test_two_imports_of_one_name_at_once_leave_one_whole_set(folder, tmp_path, library):
    other = write_folder(tmp_path / "other", classes("fear", each=9, start=5000))
    at_once = threading.Barrier(2)
    errors = []

    def bring_in(source):
        def wait(status):
            if status.words == "taking the fingerprint":
                at_once.wait(20)

        try:
            store.import_set(source, "same", progress=Progress(wait))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=bring_in, args=(source,)) for source in (folder, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors and store.names() == ["same"] and left_behind(library) == []
    assert set(store.load("same").labels.tolist()) in ({"happy", "sad"}, {"fear"})
    assert fingerprint(store.load("same")) == store.fingerprint("same")


def test_what_a_killed_import_left_is_swept_by_the_next(folder, library):
    program = (
        "import os; from engine.datasets import store; from engine.tasks import Progress\n"
        "end = Progress(lambda status: status.words.startswith('taking') and os._exit(9))\n"
        f"store.import_set({str(folder)!r}, progress=end)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 9
    assert store.names() == [] and len(left_behind(library)) == 1
    store.import_set(folder)
    assert store.names() == ["my faces"] and left_behind(library) == []


def test_what_was_left_is_swept_though_nothing_is_imported_and_what_is_at_work_stays(folder, library):
    store.sweep()
    store.import_set(folder, "faces")
    left, at_work = library / ".staging-1", library / ".staging-2"
    part, new_part = library / "faces" / "checks-1.npz", library / "faces" / "checks-2.npz"
    for each in (left, at_work, library / ".removed-3"):
        (each / "set").mkdir(parents=True)
    for each in (part, new_part):
        each.write_bytes(b"half")
    os.utime(part, (0, 0))
    with FileLock(at_work / ".lock"):
        store.sweep()
    assert left_behind(library) == [".staging-2"] and not part.exists() and new_part.exists()


def killed_while_replacing(folder, library, moment):
    """Replace the set `faces` in another process, which is killed before or after the new one stands in its place."""
    code = (
        "import os, sys; from pathlib import Path; from engine.datasets import store\n"
        "moved = Path.replace\n"
        "def replace(path, target):\n"
        f"    if path.name == 'set' and {moment == 'before'}: os.kill(os.getpid(), 9)\n"
        "    done = moved(path, target)\n"
        "    if path.name == 'set': os.kill(os.getpid(), 9)\n"
        "    return done\n"
        "Path.replace = replace\n"
        f"store.import_set({str(folder)!r}, 'faces')"
    )
    ended = subprocess.run([sys.executable, "-c", code], env={**os.environ, "NEUROMER_DATA": str(library.parent)})
    assert ended.returncode == -9


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed with SIGKILL")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_replacement_that_is_killed_loses_no_set(folder, library, moment):
    store.import_set(folder, "faces")
    known = store.load("faces").pictures[0].copy()
    killed_while_replacing(folder, library, moment)
    assert store.names() == ["faces"]
    assert np.array_equal(store.load("faces").pictures[0], known)
    store.import_set(folder, "others")
    assert store.names() == ["faces", "others"]
    assert not list(library.glob(".staging*"))


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed with SIGKILL")
def test_a_removed_set_does_not_come_back_from_a_killed_replacement(folder, library):
    store.import_set(folder, "faces")
    killed_while_replacing(folder, library, "after")
    store.remove("faces")
    assert store.names() == []


def test_a_set_is_removed_whole(folder, library):
    store.import_set(folder)
    store.remove("my faces")
    assert store.names() == left_behind(library) == []
    with pytest.raises(DataError, match=r"no imported set named 'my faces'.*None is imported yet"):
        store.remove("my faces")


@pytest.mark.parametrize("name", ["../up", "a/b", "a\\b", ".hidden", "", "x" * 61, "CON", "nul.txt", "end.", "a\nb"])
def test_a_name_that_no_folder_should_have_is_refused(folder, name, library):
    if name:
        with pytest.raises(DataError, match="cannot be named"):
            store.import_set(folder, name)
    with pytest.raises(DataError, match="no imported set"):
        store.folder(name)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("archive.zip", "archive"),
        ("FER2013.CSV", "FER2013"),
        ("CK+48", "CK+48"),
        ("my faces (1).zip", "my faces -1"),
        ("...", "faces"),
        ("aux", "faces"),
        ("Gesichter_ä.npz", "Gesichter_ä"),
    ],
)
def test_a_name_is_suggested(source, name):
    assert store.suggested_name(source) == name == store.checked_name(name)


def test_a_path_wins_over_a_name(folder, monkeypatch, tmp_path):
    store.import_set(folder, "fear set")
    write_folder(tmp_path / "fear set", classes("fear"))
    monkeypatch.chdir(tmp_path)
    assert set(datasets.read("fear set").labels.tolist()) == {"fear"}
    monkeypatch.chdir("/")
    assert set(datasets.read("fear set").labels.tolist()) == {"happy", "sad"}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("set.json", b"{"),
        *[("set.json", text) for text in (b"{}", b"[]", b"null", b"3", b'{"name": [1], "shape": 0}')],
        ("table.npz", b"PK"),
        ("pictures.npy", b""),
        ("pictures.npy", None),
        ("set.json", json.dumps({"name": "x", "shape": [48, 48], "pictures": 5}).encode()),
    ],
)
def test_a_damaged_set_is_one_sentence(folder, library, file, content):
    store.import_set(folder)
    path = library / "my faces" / file
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(DataError, match="'my faces' is damaged"):
        store.load("my faces")


def test_worth_of_the_leak_is_kept(folder):
    store.import_set(folder)
    assert store.leak("my faces") is None
    side = {"accuracy": 0.5, "accuracy_interval": [0.4, 0.6], "n": 7, "macro_f1": 0.4}
    gain = {"what": "knn", "copies_across": 3, "by_picture": side, "by_group": side}
    store.keep_leak("my faces", gain)
    assert store.leak("my faces") == gain
    store.import_set(folder)
    assert store.leak("my faces") is None


def test_gray_pictures_in_colour_files_are_stored_gray_and_equal(tmp_path):
    gray = np.arange(256, dtype=np.uint8).reshape(16, 16)
    write_folder(tmp_path / "set", {"happy/1.png": cv2.imencode(".png", np.repeat(gray[..., None], 3, 2))[1].tobytes()})
    store.import_set(tmp_path / "set")
    assert np.array_equal(store.load("set").pictures[0], gray)
    assert stored.about(store.folder("set"))["shape"] == [16, 16]


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared data")
def test_the_kaggle_set_as_it_is_downloaded():
    faces = datasets.read(SHARED)
    assert len(faces) == 7600 and set(faces.split.tolist()) == {"train"}
    assert np.count_nonzero(faces.labels == "happy") == 1950 and len(set(faces.labels.tolist())) == 7
    assert faces.pictures[0].shape == (80, 80, 3)
