import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from engine.datasets import store
from engine.tasks import Status, task
from engine.training import runs
from engine.training.configuration import RECIPES
from engine.training.request import Request, starting_point

PAGE = Path(__file__).parents[2] / "pages" / "train.py"


@pytest.fixture
def faces(tmp_path):
    """Two imported sets: one with parts, subjects and votes, one with nothing but labels."""
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (60, 48, 48)).astype(np.uint8)
    y = np.arange(60) % 3
    classes = np.array(["happy", "sad", "neutral"])
    np.savez(
        tmp_path / "rich.npz",
        x=x,
        y=y,
        classes=classes,
        split=np.repeat(["Training", "PublicTest", "PrivateTest"], 20),
        subject=np.arange(60) // 6,
        ferplus=random.integers(0, 5, (60, 10)).astype(np.int8),
    )
    np.savez(tmp_path / "plain.npz", x=x, y=y, classes=classes)
    for name in ("rich", "plain"):
        store.import_set(tmp_path / f"{name}.npz")


@pytest.fixture
def started(monkeypatch):
    """Requests that would have been started; no process is."""
    asked = []

    def start(run):
        asked.append(run.request)
        task.write_status(run.folder, Status("starting"))
        return runs.opened(run.folder)

    monkeypatch.setattr(runs, "start", start)
    return asked


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception
    return app


def said(app):
    return " ".join(text.value for text in app.markdown).replace("\\", "")


def choose(app, label, value):
    next(box for box in app.selectbox if box.label == label).set_value(value)
    return app.run()


def options(app, label):
    return next(box for box in app.selectbox if box.label == label).options


def press(app, label):
    next(button for button in app.button if button.label.replace("\\", "") == label).click()
    return app.run()


def a_run(state="finished", model="paper", history=True, split="hold-out", **status):
    run = runs.create(Request(model, "plain", starting_point(model), split))
    if history:
        values = {"loss": [1.0, 0.8], "accuracy": [0.4, 0.6], "val_loss": [1.1, 0.9], "val_accuracy": [0.3, 0.5]}
        (run.folder / "history.json").write_text(json.dumps(values))
    task.write_status(run.folder, Status(state, **status))
    if split == "k-fold":
        (run.folder / "folds").mkdir()
        for fold in range(5):
            (run.folder / "folds" / f"{fold}.npy").touch()
    return runs.opened(run.folder)


def test_without_a_set_the_page_leads_to_datasets():
    app = opened()
    assert not app.error and "no data set" in app.info[0].value
    assert app.button(key="train drawn").label == "Try it with drawn faces"
    assert not [button for button in app.button if button.label == "Start training"]


def test_a_start_asks_for_the_preset(faces, started):
    app = opened()
    press(choose(app, "Data set", "plain"), "Start training")
    assert not app.error
    (request,) = started
    assert (request.model, request.data, request.split) == ("paper", "plain", "hold-out")
    assert request.configuration == RECIPES["paper"]
    assert "It starts" in app.get("progress")[0].proto.text


def test_every_choice_arrives(faces, started):
    app = choose(choose(opened(), "Data set", "rich"), "Model and preset", "neuromer")
    choose(app, "Expressions", "six")
    choose(app, "Augmentation", "none")
    choose(app, "Labels", "votes")
    choose(app, "Split", "loso")
    choose(app, "Rare expressions", "weights")
    for label, value in (("Seed", 5), ("Epochs at most", 2), ("Batch size", 16)):
        next(box for box in app.number_input if box.label == label).set_value(value)
    for toggle in app.toggle:
        toggle.set_value(toggle.label != "Half precision")
    press(app.run(), "Start training")
    (request,) = started
    assert request.split == "loso" and not request.leaves_a_model
    asked = request.configuration
    assert (asked.seed, asked.epochs, asked.batch_size, asked.labels) == (5, 2, 16, "votes")
    assert (asked.class_balance, asked.precision, asked.patience) == ("weights", "float32", 5)
    assert asked.classes == RECIPES["paper"].classes and asked.augmentation == RECIPES["paper"].augmentation


def test_only_what_the_set_allows_is_offered(faces):
    app = choose(opened(), "Data set", "plain")
    assert "Labels" not in [box.label for box in app.selectbox]
    assert len(options(app, "Split")) == 3
    assert "near copies" in said(app) and "neutral 20" in said(app)
    choose(app, "Data set", "rich")
    assert len(options(app, "Split")) == 6
    choose(app, "Model and preset", "neuromer")
    assert "soft labels" in said(app)
    choose(app, "Data set", "plain")
    assert "soft labels" not in said(app) and not app.error


def test_two_parts_by_name(faces, started):
    app = choose(choose(opened(), "Data set", "rich"), "Split", "own")
    press(choose(app, "Held out", "PrivateTest"), "Start training")
    assert started[0].split == "Training:PrivateTest"


def test_a_run_at_work_is_found_again_with_its_progress_and_can_be_cancelled(faces):
    run = a_run("running", done=2.25, total=10, seconds_left=310.0, words="training")
    with FileLock(run.folder / "lock"):
        app = opened()
        assert not app.error
        assert "epoch 3 of 10, 25 % of it, at most about 5 min left" in [
            bar.proto.text.partition(": ")[2] for bar in app.get("progress")
        ]
        assert [chart.proto.alt.split()[0] for chart in app.get("plotly_chart")] == ["Accuracy", "Loss"]
        assert "Resume" not in [button.label for button in app.button]
        press(app, "Cancel")
    assert (run.folder / "cancel").exists()


def test_a_killed_run_can_be_resumed(faces, started):
    a_run("running", done=2.5, total=10)
    app = opened()
    assert "It stopped after 2 epochs" in said(app)
    press(app, "Resume")
    assert len(started) == 1


def test_a_failed_run_says_why(faces):
    a_run("failed", what="The disk that holds x is full.", remedy="Make room and resume the run.")
    app = opened()
    assert "full" in app.error[0].value and "Resume" in [button.label for button in app.button]


def test_removing_asks_first(faces):
    a_run()
    app = opened()
    assert runs.list_all()
    press(app, "Remove for good")
    assert not runs.list_all() and not app.error


def test_a_learner_says_that_it_is_not_for_photo(faces):
    a_run(model="knn", history=False, done=1)
    app = opened()
    assert "no model for the page Photo" in said(app)
    # It knows of no epochs.
    assert app.table[0].value["done"].tolist() == [""] and "It has finished, " in said(app)
    assert "Try it on Photo" not in [button.label for button in app.button]


def test_a_run_that_kept_answers_can_be_evaluated(faces):
    run = a_run(model="knn", history=False, done=1)
    assert "Evaluate this run" not in [button.label for button in opened().button]
    run.predictions_path.write_bytes(b"")
    assert "Evaluate this run" in [button.label for button in opened().button]


def test_folds_are_not_called_epochs(faces):
    a_run(model="knn", split="k-fold", history=False)
    assert opened().table[0].value["done"].tolist() == ["5 folds"]


def test_a_run_that_vanishes_is_a_sentence(faces):
    run = a_run()
    app = opened()
    (run.folder / "run.json").unlink()
    app.run()
    assert not app.exception


def test_times_in_words():
    from pages.views.common.text import duration

    assert [duration(value) for value in (0.4, 59, 60, 3599, 7500)] == [
        "0 s",
        "59 s",
        "1 min 0 s",
        "59 min 59 s",
        "2 h 5 min",
    ]


def test_a_runs_model_can_be_chosen_on_the_page_photo(tiny_models):
    shutil.copytree(tiny_models / "another", runs.home() / "my-run")
    app = AppTest.from_file(str(PAGE.with_name("photo.py")), default_timeout=60).run()
    assert options(app, "Model") == ["Tiny default", "Tiny other", "Tiny other, run my-run"]
    choose(app, "Model", "run:my-run")
    assert not app.exception and not app.error
    # One that has been removed since is forgotten.
    shutil.rmtree(runs.home() / "my-run")
    app = AppTest.from_file(str(PAGE.with_name("photo.py")), default_timeout=60)
    app.session_state["photo model"] = "run:my-run"
    app.run()
    assert not app.exception and not app.error
    assert options(app, "Model") == ["Tiny default", "Tiny other"]


def test_a_damaged_run_is_named_and_can_be_removed(faces):
    a_run()
    damaged = a_run().folder
    (damaged / "run.json").write_text("{")
    app = opened()
    (error,) = app.error
    assert damaged.name in error.value.replace("\\", "") and "val_accuracy" not in error.value
    assert len(app.selectbox[0].options) == 1
    press(app, f"Remove {damaged.name}")
    assert not app.error and not damaged.exists()


def test_damaged_figures_of_a_run_are_said_to_be(faces):
    run = a_run()
    for name in ("history.json", "card.json"):
        (run.folder / name).write_text("[]")
    app = opened()
    assert not app.error and "history.json is damaged" in said(app) and "card.json is damaged" in said(app)


def test_several_trainings_lie_over_each_other(faces):
    runs_there = [a_run(), a_run(model="paper-stills"), a_run(model="knn", history=False)]
    app = opened()
    app.session_state["train compare"] = True
    app.run()
    assert not app.error and not app.exception
    box = app.multiselect[0]
    assert len(box.options) == 2, "those without curves are not offered"
    chart = app.get("plotly_chart")[-1]
    assert "Accuracy on validation pictures" in chart.proto.alt
    table = app.table[-1].value
    assert list(table["best epoch"]) == ["2 of 2"] * 2 and list(table["accuracy there"]) == ["50.0 %"] * 2
    assert set(table["model"]) == {"paper", "paper\\-stills"} and "data" not in table
    box.set_value([runs_there[0].id])
    assert not app.run().error


def test_one_training_has_nothing_to_be_compared_with(faces):
    a_run()
    app = opened()
    app.session_state["train compare"] = True
    assert "It takes two trainings" in said(app.run())
