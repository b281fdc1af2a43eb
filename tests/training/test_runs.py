import dataclasses
import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from easy import CLASSES, QUICK, STATEFUL, easy_faces, tiny_network, write_easy
from filelock import FileLock

from engine.datasets import store
from engine.errors import DataError, ModelError
from engine.evaluation.predictions import Predictions
from engine.models import registry, shipped
from engine.tasks import Status, task
from engine.training import runs
from engine.training.request import Request
from engine.training.work import work


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return str(write_easy(tmp_path_factory.mktemp("set") / "easy.npz"))


@pytest.fixture
def quick_network(monkeypatch):
    monkeypatch.setattr(registry, "build", tiny_network)


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    """A run that nothing interrupted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "build", tiny_network)
        patch.setenv("NEUROMER_DATA", str(tmp_path_factory.mktemp("finished")))
        return work(runs.create(Request("paper", data, STATEFUL)).folder, echo=False)


def asked(data, **changes):
    return runs.create(Request("paper", data, dataclasses.replace(STATEFUL, **changes)))


def predictions(run):
    return Predictions.load(run.predictions_path)


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def test_a_finished_run_holds_everything(finished):
    assert finished.state == "finished" and finished.has_model
    assert {"run.json", "status.json", "log.txt", "history.json", "checkpoint.npz", "predictions.npz"} < {
        path.name for path in finished.folder.iterdir()
    }
    assert len(finished.history()["val_loss"]) == 3
    assert finished.about["data_fingerprint"] == predictions(finished).fingerprint
    assert {"keras", "numpy", "python"} <= finished.about["versions"].keys()
    card = json.loads((finished.folder / "card.json").read_text(encoding="utf-8"))
    assert card["training"]["command"].startswith("python -m engine train paper --data easy.npz ")
    assert str(finished.folder.parent) not in json.dumps(card) and "/tmp" not in json.dumps(card)
    assert card["training"]["computed_in"] in (STATEFUL.precision, "float32")
    assert card["data"]["training_pictures"] == 160 and card["data"]["validation_pictures"] == 40
    assert card["evaluations"][0]["n"] == 40
    assert card["calibration"]["ece_after"] <= card["calibration"]["ece_before"] + 0.05


def test_a_run_on_joined_sets_tells_the_figures_of_each(quick_network, tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "data"))
    for seed, name in enumerate(("one", "two")):
        faces = easy_faces(120, seed)
        votes = {"ferplus": np.tile(np.int8([0, 9] + [0] * 8), (120, 1))} if name == "one" else {}
        y = np.array([CLASSES.index(label) for label in faces.labels])
        np.savez(tmp_path / f"{name}.npz", x=faces.pictures, y=y, classes=np.array(CLASSES), split=faces.split, **votes)
        store.import_set(tmp_path / f"{name}.npz", name)
    store.join_sets(["one", "two"], "both")
    run = work(asked("both", votes_share=0.5, class_balance="prior", set_balance=1.0, epochs=1).folder, echo=False)
    one, two = json.loads((run.folder / "card.json").read_text())["evaluations"]
    assert (one["data"], one["judged_by"]) == ("one, validation", "majority of the FERPlus votes")
    assert (two["data"], two["judged_by"]) == ("two, validation", "given labels")
    assert one["per_class"]["sad"]["support"] == 0 < two["per_class"]["sad"]["support"]


def test_its_model_answers_as_its_predictions_say(finished, monkeypatch):
    monkeypatch.setenv("NEUROMER_DATA", str(finished.folder.parents[1]))
    (name,) = shipped.names_of_runs()
    model, kept, faces = shipped.load(name), predictions(finished), easy_faces()
    np.testing.assert_allclose(model.probabilities(faces.pictures[kept.rows]), kept.probabilities, atol=1e-6)
    assert (faces.split[kept.rows] == "PublicTest").all()
    assert [CLASSES[true] for true in kept.true] == faces.labels[kept.rows].tolist()


def test_cancelling_keeps_what_was_learnt_and_resuming_ends_as_if_nothing_had_happened(
    finished, data, quick_network, monkeypatch
):
    from engine.training.resume_callback import ResumeCallback

    told = ResumeCallback.on_epoch_end

    def cancel_after_one(self, epoch, logs=None):
        told(self, epoch, logs)
        if epoch == 0:
            (self.path.parent / "cancel").touch()

    monkeypatch.setattr(ResumeCallback, "on_epoch_end", cancel_after_one)
    run = work(asked(data).folder, echo=False)
    assert run.state == "cancelled" and run.done == 1
    assert run.has_model and len(predictions(run)) == 40 and len(run.history()["loss"]) == 1
    (run.folder / "cancel").unlink()
    run = work(run.folder, echo=False)
    assert run.state == "finished"
    np.testing.assert_array_equal(predictions(run).probabilities, predictions(finished).probabilities)


def test_a_full_disk_is_a_sentence_and_resuming_goes_on(data, quick_network):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    run = asked(data, epochs=1)
    (run.folder / "checkpoint.npz.part").symlink_to("/dev/full")
    with pytest.raises(DataError, match="is full"):
        work(run.folder, echo=False)
    failed = runs.find(run.id)
    assert failed.state == "failed" and "full" in failed.status.what and "resume" in failed.status.remedy
    assert work(run.folder, echo=False).state == "finished"


def test_other_data_than_it_began_with_is_refused(data, quick_network, tmp_path, monkeypatch):
    path = write_easy(tmp_path / "mine.npz")
    run = runs.create(Request("paper", str(path), STATEFUL))
    monkeypatch.setattr("engine.training.work._train_network", lambda *_: None)
    work(run.folder, echo=False)
    task.write_status(run.folder, Status("stopped"))
    write_easy(path, 200)
    with pytest.raises(DataError, match="has changed since"):
        work(run.folder, echo=False)


@pytest.fixture
def no_steps(monkeypatch):
    """Training takes no time, or as long as a test wants."""
    monkeypatch.setattr("engine.training.work._PAUSE_S", 0.02)
    monkeypatch.setattr("engine.training.work.train", lambda run, progress: progress.step(0, 0, "nothing"))


def test_the_second_training_waits_for_its_turn(data, no_steps):
    first, second = asked(data), asked(data)
    with FileLock(runs.home() / ".training"):
        threads = [threading.Thread(target=work, args=(run.folder,), kwargs={"echo": False}) for run in (first, second)]
        for thread in threads:
            thread.start()
        wait_for(lambda: {runs.find(run.id).state for run in (first, second)} == {"waiting"}, 20)
        assert not runs.is_free(second)
    for thread in threads:
        thread.join(20)
    assert [runs.find(run.id).state for run in (first, second)] == ["finished"] * 2


def test_a_waiting_training_can_be_cancelled(data, no_steps):
    run = asked(data)
    with FileLock(runs.home() / ".training"):
        thread = threading.Thread(target=work, args=(run.folder,), kwargs={"echo": False})
        thread.start()
        wait_for(lambda: runs.find(run.id).state == "waiting", 20)
        with pytest.raises(DataError, match="at work"):
            task.remove(run.folder)
        run.cancel()
        thread.join(20)
    assert runs.find(run.id).state == "cancelled"


def test_what_is_at_work_is_not_started_again(data):
    run = asked(data)
    task.write_status(run.folder, Status("running"))
    with FileLock(run.folder / "lock"):
        for begin in (lambda: work(run.folder, echo=False), lambda: runs.start(run)):
            with pytest.raises(DataError, match=r"at work already|is running"):
                begin()


def test_runs_are_listed_newest_first_and_removed_for_good(data, tmp_path):
    first, second = asked(data), asked(data)
    assert first.id != second.id
    assert {run.id for run in runs.list_all()} == {first.id, second.id}
    (runs.home() / "damaged").mkdir()
    (runs.home() / "damaged" / "run.json").write_text("{}")
    task.remove(first.folder)
    assert [run.id for run in runs.list_all()] == [second.id]
    for name in (first.id, "damaged/../x", "..", ""):
        with pytest.raises(DataError):
            runs.find(name)
    elsewhere = runs.create(second.request, tmp_path / "here")
    with pytest.raises(DataError, match="already holds a run"):
        runs.create(second.request, elsewhere.folder)


@pytest.mark.parametrize("split", ["hold-out", "k-fold"])
def test_a_learner_leaves_figures_and_no_model(data, split):
    request = Request("knn", data, QUICK, split, folds=3)
    run = work(runs.create(request).folder, echo=False)
    assert run.state == "finished" and not run.has_model and shipped.names_of_runs() == ()
    kept = predictions(run)
    assert len(kept) == (40 if split == "hold-out" else 200)
    assert (kept.answered == kept.true).mean() > 0.9 and not kept.leaked.any()
    card = json.loads((run.folder / "card.json").read_text(encoding="utf-8"))
    assert card["evaluations"][0]["n"] == len(kept) and card["files"] == {}
    with pytest.raises(ModelError, match="has no model"):
        shipped.load(f"run:{run.id}")
