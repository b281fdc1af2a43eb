"""Every file that NeuroMER writes and reads again, in every state that a disk or a hand may leave it in.

What is damaged costs itself a sentence, and nothing else; what a newer version adds is no damage.
"""

import json
import shutil
import time
from dataclasses import asdict, replace

import numpy as np
import pytest
from damage import UNTOUCHED, of_any, of_arrays, of_json

from engine.__main__ import main
from engine.datasets import store
from engine.datasets.checks import Checks
from engine.datasets.face_set import fingerprint
from engine.datasets.words import leak_in_words, set_in_words
from engine.errors import UserError
from engine.evaluation.evaluated import of_run
from engine.evaluation.predictions import Predictions
from engine.models import card as cards
from engine.models import shipped
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.person_adapter import PersonAdapter
from engine.tasks import Status, task
from engine.training import runs
from engine.training.checkpoint import Checkpoint
from engine.training.request import Request, starting_point

COUNT = 12
HISTORY = {"loss": [1.0, 0.8], "accuracy": [0.4, 0.6], "val_loss": [1.1, 0.9], "val_accuracy": [0.3, 0.5]}
LABELS = ("happy", "sad")


@pytest.fixture
def kept(own_data_folder, tmp_path):
    """A data folder with two of everything, ``sound`` and ``victim``."""
    np.savez(
        tmp_path / "set.npz",
        x=np.random.default_rng(0).integers(0, 256, (COUNT, 8, 8)).astype(np.uint8),
        y=np.arange(COUNT) % 2,
        classes=np.array(LABELS),
        split=np.repeat(["train", "test"], COUNT // 2),
        ferplus=np.zeros((COUNT, 10), np.int8),
    )
    numbers, shares = np.arange(COUNT, dtype=np.int32), np.full(COUNT, 0.5, np.float32)
    measured = dict.fromkeys(("width", "height", "faces", "group"), numbers)
    measured |= dict.fromkeys(("face_width", "sharpness", "brightness", "contrast", "label_score"), shares)
    measured |= dict.fromkeys(("mirrored", "conflict"), numbers > 5)
    side = {"accuracy": 0.5, "accuracy_interval": [0.4, 0.6], "n": 5}
    for name in ("sound", "victim"):
        store.import_set(tmp_path / "set.npz", name)
        Checks(**measured, suggested=np.full(COUNT, "")).save(store.folder(name) / "checks.npz")
        store.keep_leak(name, {"by_picture": side, "by_group": side, "copies_across": 1, "what": "knn"})
        folder = own_data_folder / "jobs" / name
        folder.mkdir(parents=True)
        asked = {"arguments": [], "title": f"Importing {name}", "about": name, "started": time.time()}
        (folder / "job.json").write_text(json.dumps(asked))
        task.write_status(folder, Status("finished"))
        run = runs.create(
            Request("paper", "sound", replace(starting_point("paper"), classes=LABELS)), runs.home() / name
        )
        task.write_status(run.folder, Status("finished", worked=3.0))
        (run.folder / "history.json").write_text(json.dumps(HISTORY))
        answers = np.tile(np.float32([0.7, 0.3]), (COUNT, 1))
        Predictions(LABELS, np.arange(COUNT) % 2, answers, np.arange(COUNT), data="sound", part="test").save(
            run.predictions_path
        )
        (run.folder / "model.onnx").write_bytes(b"no network")
        card = {"name": name, "title": "Tiny", "labels": LABELS, "threshold": {"value": 0.5}, "evaluations": []}
        cards.write(run.folder, card | {"calibration": {"temperature": 1.1}})
    return own_data_folder


def jobs():
    found = {each.id: each for each in task.list_all()}
    assert found.keys() == {"sound", "victim"}
    for each in found.values():
        assert isinstance(each.title, str) and isinstance(each.topic, str) and isinstance(each.status.sentence, str)
        assert 0 <= each.status.share <= 1 and isinstance(each.status.what + each.status.remedy, str)
    return found["victim"].title == "Importing victim" and found["victim"].state == "finished"


def known_runs():
    found, damaged = {run.id: run for run in runs.list_all()}, runs.damaged()
    assert {*found, *(folder.name for folder, _ in damaged)} == {"sound", "victim"} and "sound" in found
    assert all("victim" in error.what and "remove" in error.remedy for _, error in damaged)
    for run in found.values():
        assert isinstance(run.title, str) and run.done >= 0
        assert all(np.isfinite(series).all() and len(series) == run.done for series in run.history().values())
        assert isinstance(run.about["command"] + run.about["created"], str) and dict(run.about["versions"]) is not None
        runs.is_free(run)
    return len(found) == 2 and found["victim"].state == "finished" and found["victim"].done == 2


def answers():
    assert of_run(runs.home() / "sound").figures["n"] == COUNT
    assert set(shipped.names_of_runs()) <= {"run:sound", "run:victim"}
    found = of_run(runs.home() / "victim")
    assert found.figures["n"] == COUNT and 0 <= found.figures["accuracy"] <= 1
    return found.title == "Tiny"


def model():
    with pytest.raises(UserError, match="no network|sound|cannot be"):
        shipped.load("run:sound")  # its file is none, and that is what is said
    cards.kind(runs.home() / "victim")
    assert cards.thresholds(cards.read(runs.home() / "victim")).keys() == set(LABELS)
    return True


def sets(capsys):
    assert store.names() == ["sound", "victim"]
    assert main(["dataset", "list"]) == 0
    sound, victim = capsys.readouterr().out.splitlines()
    assert sound == "sound: 12 pictures of 8×8 pixels, gray, from set.npz, checked" and victim.startswith("victim: ")
    found = store.load("victim")
    assert len(found) == COUNT and fingerprint(found) == fingerprint(store.load("sound"))
    assert set(found.labels.tolist()) == set(LABELS)
    assert len(set_in_words(store.about("victim"), store.checks("victim"))) > 5
    assert "12" in victim
    return victim == sound.replace("sound", "victim")


def leak():
    assert leak_in_words(store.leak("sound"))
    assert "50.0 %" in leak_in_words(store.leak("victim"))
    return True


KINDS = {
    "jobs/victim/job.json": (of_json, jobs),
    "jobs/victim/status.json": (of_json, jobs),
    "runs/victim/run.json": (of_json, known_runs),
    "runs/victim/status.json": (of_json, known_runs),
    "runs/victim/history.json": (of_json, known_runs),
    "runs/victim/card.json": (of_json, answers),
    "runs/victim/card.json as a model's": (of_json, model),
    "runs/victim/predictions.npz": (of_arrays, answers),
    "datasets/victim/set.json": (of_json, sets),
    "datasets/victim/table.npz": (of_arrays, sets),
    "datasets/victim/checks.npz": (of_arrays, sets),
    "datasets/victim/leak.json": (of_json, leak),
    "datasets/victim/pictures.npy": (of_any, sets),
}
"""Each file, what may become of it, and a look at everything that it belongs to; the look tells whether all is there.

A look may end in a `UserError` about what is damaged, and in no other way.
"""


@pytest.mark.parametrize("name", KINDS)
def test_what_is_damaged_costs_a_sentence_and_nothing_else(kept, name, capsys):
    damages, look = KINDS[name]
    file = kept / name.split()[0]
    odd = []
    for how, data in damages(file.read_bytes()):
        put(file, data)
        try:
            whole = look(capsys) if look is sets else look()
        except UserError as error:
            whole = False
            if "victim" not in str(error) or len(str(error)) > 400 or not error.remedy:
                odd.append((how, str(error)))
        except Exception as error:
            whole = None
            odd.append((how, repr(error)))
        capsys.readouterr()
        if how in UNTOUCHED and whole is False:
            odd.append((how, "is no damage"))
    assert not odd


def put(file, data):
    if file.is_dir():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)
    if data is None:
        file.mkdir()
    else:
        file.write_bytes(data)


def checkpoint(path):
    values = [np.ones((3, 2), np.float32), np.array(7)]
    Checkpoint(2, values, values, values, HISTORY, 0.9, 1).save(path)
    return lambda: Checkpoint.load(path).epoch


def network(path):
    Network(np.full((2, 2), 0.5, np.float32), Neuron(20.0, -70.0, -50.0, -75.0, 2.0)).save(path)
    return lambda: Network.load(path).step


def adapter(path):
    path.write_bytes(PersonAdapter(3).as_bytes())
    return lambda: PersonAdapter.from_bytes(path.read_bytes() if path.is_file() else b"", path.name).corrections


@pytest.mark.parametrize("write", [checkpoint, network, adapter])
def test_what_goes_on_from_a_file_goes_on_or_says_why_not(tmp_path, write):
    path = tmp_path / "kept.npz"
    read = write(path)
    expected = read()
    data = path.read_bytes()
    odd = []
    for how, what in of_arrays(data):
        put(path, what)
        try:
            found = read()
            if how in UNTOUCHED and found != expected:
                odd.append((how, found))
        except UserError as error:
            if how in UNTOUCHED or not error.remedy:
                odd.append((how, str(error)))
        except Exception as error:
            odd.append((how, repr(error)))
    assert not odd


def test_a_run_of_a_newer_version_is_shown_and_not_gone_on_with(kept):
    from engine.training.work import work

    file = runs.home() / "victim" / "run.json"
    said = json.loads(file.read_text())
    said["request"]["configuration"]["hat"] = "red"
    file.write_text(json.dumps(said))
    task.write_status(file.parent, replace(Status(**asdict(Status())), state="stopped"))
    assert runs.find("victim").request == runs.find("sound").request
    with pytest.raises(UserError, match="begun by a newer version: it asks for hat"):
        work(file.parent, echo=False)


def test_a_damaged_run_can_be_removed(kept):
    (runs.home() / "victim" / "run.json").write_text("{")
    ((folder, _),) = runs.damaged()
    task.remove(folder)
    assert runs.damaged() == [] and [run.id for run in runs.list_all()] == ["sound"]
