import errno
import json
import os
import re
import time

import numpy as np
import pytest
from filelock import FileLock

from engine import settings
from engine.datasets import store
from engine.errors import DataError, UserError
from engine.tasks import Cancelled, Status, task


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, x=np.zeros((20, 48, 48), np.uint8), y=np.zeros(20, int), classes=np.array(["happy"]))
    return path


def read(folder):
    return next((found for found in task.list_all() if found.folder == folder), None)


def until(folder, over=lambda found: not found.alive):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if over(found := read(folder)):
            return found
        time.sleep(0.02)
    pytest.fail(f"still {found}")


def begin(arguments, title="Importing set"):
    folder = task.new_folder()
    task.start(folder, [str(each) for each in arguments], title, "set")
    return folder


def test_a_command_runs_by_itself_and_is_found_again(source):
    folder = begin(["import", source])
    assert [each.folder for each in task.list_all()] == [folder]
    found = until(folder)
    assert (found.state, found.title, found.topic) == ("finished", "Importing set", "set")
    assert store.names() == ["set"]
    task.remove(folder)
    assert task.list_all() == [] and read(folder) is None


def test_what_goes_wrong_is_said(tmp_path):
    found = until(begin(["import", tmp_path / "missing.zip"]))
    assert (
        found.state == "failed" and "missing.zip does not exist" in found.status.what and "Give" in found.status.remedy
    )


def test_an_upload_is_gone_once_it_is_imported(source):
    folder = task.new_folder()
    source.rename(folder / "set.npz")
    task.start(folder, ["import", str(folder / "set.npz")], "Importing set", "set")
    assert until(folder).state == "finished"
    assert not (folder / "set.npz").exists() and store.names() == ["set"]


def test_what_was_given_to_a_task_that_is_over_is_swept_and_what_it_said_stays():
    over, alive, given_up = fake(state="failed", what="No set."), fake(state="starting"), task.new_folder()
    for each in (over, alive, given_up):
        (each / "set.zip").write_bytes(b"an upload")
    os.utime(given_up, (0, 0))
    removed = given_up.with_name(".removed-1")
    removed.mkdir()
    os.utime(removed, (0, 0))
    task.sweep()
    assert not (over / "set.zip").exists() and read(over).status.what == "No set."
    assert (alive / "set.zip").exists() and not given_up.exists() and not removed.exists()


def test_so_many_tasks_are_at_work_at_a_time(monkeypatch):
    monkeypatch.setattr(settings, "TASKS_MAX", 2)
    first, _ = fake(state="starting"), fake(state="starting")
    with pytest.raises(DataError, match="2 tasks are at work"):
        task.new_folder()
    task.write_status(first, Status("finished"))
    task.new_folder()


def test_a_wish_to_stop_is_heard(source):
    folder = task.new_folder()
    (folder / "job.json").write_text(json.dumps({"arguments": [], "title": "t", "about": "a", "started": time.time()}))
    read(folder).cancel()
    with pytest.raises(Cancelled), task.working(folder) as progress:
        store.import_set(source, "set", progress)
    found = read(folder)
    assert found.state == "cancelled" and "unchanged" in found.status.remedy and store.names() == []


def fake(**status):
    folder = task.new_folder()
    started = status.pop("started", time.time())
    (folder / "job.json").write_text(json.dumps({"arguments": [], "title": "t", "about": "a", "started": started}))
    if status:
        (folder / "status.json").write_text(json.dumps(status))
    return folder


def test_a_killed_process_is_seen_to_have_stopped():
    assert read(fake(state="running", done=3, total=9, words="w", seconds=2.0)).state == "stopped"
    folder = fake(state="starting")
    assert read(folder).state == "starting"
    os.utime(folder / "status.json", (0, 0))
    assert read(folder).state == "stopped"


def test_after_a_clock_was_set_back_what_never_began_can_be_cancelled():
    folder = fake(state="starting")
    os.utime(folder / "status.json", (time.time() + 3600,) * 2)
    assert read(folder).state == "stopped"
    read(folder).cancel()
    assert read(folder).state == "cancelled"
    task.remove(folder)
    assert read(folder) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "running"}', '{"other": 1}', '{"epochs": 3}'])
def test_a_damaged_status_is_one_that_stopped(text):
    folder = fake()
    (folder / "status.json").write_text(text)
    assert read(folder).state == "stopped"


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ({"state": "finished", "newer": [1]}, "finished"),
        ({"state": "finished", "done": "3", "total": [], "seconds_left": {}, "pid": "1", "what": 7}, "finished"),
        ({"state": 7, "done": 1}, "stopped"),
        ({"done": 1, "total": 2}, "stopped"),
    ],
)
def test_what_makes_no_sense_in_a_status_costs_nothing_else(said, read_as):
    folder = fake()
    (folder / "status.json").write_text(json.dumps(said))
    found = read(folder)
    assert found.state == read_as
    assert 0 <= found.status.share <= 1 and isinstance(found.status.sentence, str)


def test_progress_is_read_back():
    folder = fake()
    with task.working(folder) as progress:
        progress.step(3, 9, "reading pictures")
        found = read(folder)
        assert (found.state, found.status.done, found.status.total) == ("running", 3, 9)
        assert found.alive and found.status.words == "reading pictures" and found.status.pid == os.getpid()
        progress.wait("waiting for somebody")
        assert read(folder).state == "waiting"
    found = read(folder)
    assert found.state == "finished" and found.status.worked > 0
    assert [line.split("  ")[1] for line in found.log().splitlines()] == [
        "reading pictures",
        "waiting for somebody",
        "finished",
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DataError("Bad.", "Do this."), "Bad."),
        (ValueError("x"), "Something went wrong inside NeuroMER (ValueError: x)."),
        (MemoryError(), "The memory does not suffice."),
        (OSError(errno.ENOSPC, "No space"), "The disk that holds"),
        (OSError(errno.EIO, "broken"), "A file cannot be read or written"),
    ],
)
def test_whatever_goes_wrong_is_a_sentence(error, said):
    folder = fake()
    with pytest.raises(UserError, match=re.escape(said)), task.working(folder):
        raise error
    found = read(folder)
    assert found.state == "failed" and found.status.what.startswith(said) and found.status.remedy
    assert ("Traceback" in found.log()) == isinstance(error, ValueError)


def test_a_full_disk_can_be_said_on_a_full_disk(monkeypatch):
    write = task.write_status

    def on_a_full_disk(folder, status):
        if (folder / ".reserve").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        write(folder, status)

    monkeypatch.setattr(task, "write_status", on_a_full_disk)
    folder = fake(state="starting")
    with pytest.raises(DataError, match="is full"), task.working(folder) as progress:
        progress.step(1, 2, "writing")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "is full" in read(folder).status.what


def test_a_task_has_one_process():
    folder = fake(state="running", done=1)
    with task.working(folder):
        with pytest.raises(DataError, match="at work already"), task.working(folder):
            pass
        with pytest.raises(DataError, match="at work"):
            task.remove(folder)
    task.remove(folder)
    assert not folder.exists() and task.list_all() == []
    task.remove(folder)


def test_what_stopped_can_be_cancelled_and_goes_on_with_what_it_had_worked():
    folder = fake(state="running", worked=50.0)
    read(folder).cancel()
    assert read(folder).state == "cancelled" and read(folder).cancelling
    (folder / "cancel").unlink()
    with task.working(folder) as progress:
        progress.step(1, 2, "going on")
    assert 50 < read(folder).status.worked < 60


def test_the_status_of_a_training_of_the_version_before_is_read():
    before = {"state": "queued", "doing": "training", "epoch": 2, "epochs": 10, "batch": 5, "batches": 20}
    before |= {"seconds": 9.0, "epoch_left": 30.0, "total_left": 400.0, "pid": 7, "heartbeat": 0.0}
    folder = fake(**before, what="", remedy="")
    with FileLock(folder / "lock"):
        expected = Status("waiting", 2.25, 10, "training", seconds_left=400.0, worked=9.0, pid=7)
        assert read(folder).status == expected


def test_a_damaged_job_can_be_closed_and_an_abandoned_folder_is_none(own_data_folder):
    folder = task.new_folder()
    (folder / "job.json").write_text("{")
    abandoned = task.new_folder()
    (damaged,) = task.list_all()
    assert damaged.folder == folder and "damaged" in damaged.title and not damaged.alive
    os.utime(abandoned, (0, 0))
    task.sweep()
    assert not abandoned.exists() and folder.exists()
    task.remove(damaged.folder)
    assert not folder.exists() and task.list_all() == []


def test_a_task_whose_folder_goes_away_while_it_is_looked_at_has_stopped(monkeypatch):
    folder = fake(state="running", done=1)

    def gone(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(task, "is_held", gone)
    assert task.read_status(folder) == Status("stopped")
