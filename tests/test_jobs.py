import json
import os
import time

import numpy as np
import pytest

from engine import jobs
from engine.datasets import store
from engine.errors import DataError
from engine.tasks import Cancelled


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, x=np.zeros((20, 48, 48), np.uint8), y=np.zeros(20, int), classes=np.array(["happy"]))
    return path


def until(folder, over=lambda job: not job.alive):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if over(job := jobs.read(folder)):
            return job
        time.sleep(0.02)
    pytest.fail(f"still {job}")


def begin(arguments, title="Importing set"):
    folder = jobs.new_folder()
    jobs.start(folder, [str(each) for each in arguments], title, "set")
    return folder


def test_a_command_runs_by_itself_and_is_found_again(source):
    folder = begin(["import", source])
    assert [job.folder for job in jobs.list_all()] == [folder]
    job = until(folder)
    assert (job.state, job.title, job.about) == ("finished", "Importing set", "set")
    assert store.names() == ["set"]
    jobs.forget(folder)
    assert jobs.list_all() == [] and jobs.read(folder) is None


def test_what_goes_wrong_is_said(tmp_path):
    job = until(begin(["import", tmp_path / "missing.zip"]))
    assert job.state == "failed" and "missing.zip does not exist" in job.what and "Give" in job.remedy


def test_an_upload_is_gone_once_it_is_imported(source):
    folder = jobs.new_folder()
    source.rename(folder / "set.npz")
    jobs.start(folder, ["import", str(folder / "set.npz")], "Importing set", "set")
    assert until(folder).state == "finished"
    assert not (folder / "set.npz").exists() and store.names() == ["set"]


def test_a_wish_to_stop_is_heard(source):
    folder = jobs.new_folder()
    (folder / "job.json").write_text(json.dumps({"arguments": [], "title": "t", "about": "a", "started": time.time()}))
    jobs.cancel(jobs.read(folder))
    with pytest.raises(Cancelled), jobs.reporting(folder) as reporter:
        store.import_set(source, "set", reporter)
    job = jobs.read(folder)
    assert job.state == "cancelled" and "unchanged" in job.remedy and store.names() == []


def fake(tmp_path, **status):
    folder = jobs.new_folder()
    started = status.pop("started", time.time())
    (folder / "job.json").write_text(json.dumps({"arguments": [], "title": "t", "about": "a", "started": started}))
    if status:
        (folder / "status.json").write_text(json.dumps(status))
    return folder


def test_a_killed_process_is_seen_to_have_stopped(tmp_path):
    assert jobs.read(fake(tmp_path, state="running", done=3, total=9, words="w", seconds=2.0)).state == "stopped"
    assert jobs.read(fake(tmp_path, started=time.time() - 60)).state == "stopped"
    assert jobs.read(fake(tmp_path)).state == "starting"


def test_progress_and_time_left_are_read_back(tmp_path):
    folder = fake(tmp_path)
    with jobs.reporting(folder) as reporter:
        reporter.step(3, 9, "reading pictures")
        job = jobs.read(folder)
        assert (job.state, job.done, job.total, job.words) == ("running", 3, 9, "reading pictures")
        assert job.alive and job.seconds_left is None
    assert jobs.read(folder).state == "finished"


@pytest.mark.parametrize(("error", "said"), [(DataError("Bad.", "Do this."), "Bad."), (ValueError("x"), "Something")])
def test_an_error_is_kept_and_raised_on(tmp_path, error, said):
    folder = fake(tmp_path)
    with pytest.raises(type(error)), jobs.reporting(folder):
        raise error
    assert jobs.read(folder).state == "failed" and jobs.read(folder).what.startswith(said)


def test_damaged_and_abandoned_folders_are_no_jobs(own_data_folder):
    folder = jobs.new_folder()
    (folder / "job.json").write_text("{")
    abandoned = jobs.new_folder()
    assert jobs.list_all() == []
    os.utime(abandoned, (0, 0))
    jobs.new_folder()
    assert not abandoned.exists() and folder.exists()
