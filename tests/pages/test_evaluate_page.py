import gc
import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.datasets import store
from engine.datasets.face_set import fingerprint
from engine.emotions import SEVEN
from engine.evaluation.evaluated import evaluate_named
from engine.evaluation.predictions import Predictions
from engine.models import shipped
from engine.tasks import SILENT, Status
from engine.tasks.memory import MemoryTask

PAGE = Path(__file__).parents[2] / "pages" / "evaluate.py"
PARTS = ["Figures", "Confusion", "ROC and precision-recall", "Calibration", "Learning", "Comparison", "Robustness"]


class AtOnce(MemoryTask):
    """Works in this process, which has the models of a test; or stays at work."""

    stays = False

    def __init__(self, function, **asked):
        self.status, self.result = Status("running", 3, 10, "answering"), None
        if not self.stays:
            self.status, self.result = Status("finished"), function(**asked, progress=SILENT)

    def cancel(self):
        if self.status.alive:
            self.status = Status("cancelled", what="It was cancelled.")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr("pages.views.evaluate.tasks.MemoryTask", AtOnce)
    return AtOnce


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception
    return app


def look(app, part):
    return app.get_by_key("evaluate look").set_value(part).run()


def charts(app):
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def said(app):
    return " ".join(text.value for text in [*app.markdown, *app.info, *app.subheader]).replace("\\", "")


@pytest.fixture
def library(tmp_path):
    """An imported set of 60 gray crops in two splits."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 7, 60)
    path = tmp_path / "noise.npz"
    np.savez(
        path,
        x=random.integers(0, 256, (60, 48, 48)).astype(np.uint8),
        y=labels,
        classes=np.array(SEVEN),
        split=np.repeat(["Training", "PublicTest"], 30),
    )
    store.import_set(path, "noise")
    return store.load("noise")


def evaluated(app, model=shipped.DEFAULT):
    app.get_by_key("evaluate source").set_value("New evaluation").run()
    app.get_by_key("evaluate new model").set_value(model).run()
    app.get_by_key("evaluate start").click().run()
    assert not app.exception and not app.error
    return app


def test_shipped_cards_need_no_data_set(tiny_models):
    app = opened()
    assert not app.error
    table = app.table[0].value
    assert list(table["figure"])[:2] == ["Accuracy", "Balanced accuracy, mean recall, UAR"]
    assert table["all pictures (500)"].str.match(r"\d+\.\d %").all()
    assert "without copies of training pictures (500)" in table.columns


def all_parts_are_shown(app):
    for part in PARTS:
        app = look(app, part)
        assert not app.exception and not app.error, part
        assert charts(app) or app.info, part


def test_every_part_of_a_card_is_shown_without_an_error(tiny_models):
    all_parts_are_shown(opened())


def test_a_card_from_before_the_curves_still_shows_what_it_has(tiny_models):
    path = tiny_models / shipped.DEFAULT / "card.json"
    card = json.loads(path.read_text())
    keep = {"data", "judged_by", "n", "accuracy", "accuracy_interval", "macro_f1", "macro_f1_interval", "labels"}
    keep |= {"confusion", "left_out"}
    for each in card["evaluations"]:
        each["per_class"] = {
            label: {key: scores[key] for key in ("precision", "recall", "f1", "support")}
            for label, scores in each["per_class"].items()
        }
        for key in set(each) - keep - {"per_class"}:
            del each[key]
    path.write_text(json.dumps(card))
    all_parts_are_shown(opened())


@pytest.mark.parametrize("damage", [b"{", b'{"name": "x"}'])
def test_a_damaged_card_is_a_sentence(tiny_models, damage):
    (tiny_models / shipped.DEFAULT / "card.json").write_bytes(damage)
    app = opened()
    assert len(app.error) == 1 and re.search("cannot be read|does not tell its title", app.error[0].value)


def test_a_card_without_evaluations_says_so(tiny_models):
    path = tiny_models / shipped.DEFAULT / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"evaluations": []}))
    assert "not been evaluated" in opened().info[0].value


def test_without_runs_and_sets_sentences_say_what_to_do(tiny_models):
    app = opened()
    app.get_by_key("evaluate source").set_value("Finished run").run()
    assert "No run has finished" in app.info[0].value
    app.get_by_key("evaluate source").set_value("New evaluation").run()
    assert "No data set is imported" in app.info[0].value


def test_a_fresh_evaluation_suggests_the_validation_part_and_is_kept(tiny_models, library):
    app = opened()
    app.get_by_key("evaluate source").set_value("New evaluation").run()
    assert app.get_by_key("evaluate new part noise").value == "PublicTest"
    assert not app.table
    app = evaluated(app)
    assert "all pictures (30)" in app.table[0].value.columns
    app.get_by_key("evaluate source").set_value("Shipped model").run()
    app.get_by_key("evaluate source").set_value("New evaluation").run()
    assert "all pictures (30)" in app.table[0].value.columns, "it is not computed again"


def test_an_evaluation_at_work_is_shown_and_can_be_cancelled(tiny_models, library, at_once, monkeypatch):
    monkeypatch.setattr(at_once, "stays", True)
    app = evaluated(opened())
    assert "Tiny default on noise" in app.get("progress")[0].proto.text.replace("\\", "")
    assert "answering, 3 of 10" in app.get("progress")[0].proto.text and app.get_by_key("evaluate start").disabled
    app.get_by_key("evaluate new model").set_value("another").run()
    assert app.get("progress"), "a widget that is used meanwhile ends nothing"
    app.get_by_key("evaluate cancel fresh").click().run()
    assert not app.get("progress") and "It was cancelled" in said(app)
    assert not app.run().get_by_key("evaluate start").disabled


def test_an_evaluation_ends_where_whoever_asked_has_left(tiny_models, library, at_once, monkeypatch):
    monkeypatch.setattr(at_once, "stays", True)
    app = evaluated(opened())
    work = app.session_state["held by Evaluate: asked"]["fresh"].task
    assert work.status.alive
    del app.session_state["held by Evaluate: asked"], app
    gc.collect()
    assert work.status.state == "cancelled"


def test_another_process_answers_as_this_one(library):
    asked = {"model": shipped.DEFAULT, "data": "noise", "split": "PublicTest", "judge": "given"}
    task = MemoryTask(evaluate_named, **asked)
    assert task.wait(120).state == "finished", task.status
    here = evaluate_named(**asked, progress=SILENT)
    assert task.result.about == here.about == "noise, PublicTest, given labels"
    np.testing.assert_allclose(task.result.predictions.probabilities, here.predictions.probabilities, atol=1e-5)


def test_a_cell_shows_its_pictures(tiny_models, library):
    app = look(evaluated(opened()), "Confusion")
    record = next(iter(app.session_state["held by Evaluate: fresh"].values())).predictions
    true, answered = next(zip(record.true, record.answered, strict=True))
    app.get_by_key("evaluate true").set_value(record.labels[true])
    app.get_by_key("evaluate answered").set_value(record.labels[answered]).run()
    inside = np.flatnonzero((record.true == true) & (record.answered == answered))
    assert f"{record.labels[true]} answered as {record.labels[answered]}: {len(inside)}" in said(app)
    shown = [image.proto.imgs[0].alt for image in app.get("image")]
    assert len(shown) == len(inside)
    assert {int(alt.split()[1].strip(":")) for alt in shown} == set(record.rows[inside].tolist())


def test_the_first_cell_shown_is_the_most_frequent_mistake(tiny_models):
    app = look(opened(), "Confusion")
    card = json.loads((tiny_models / shipped.DEFAULT / "card.json").read_text())
    counts = np.array(card["evaluations"][0]["confusion"])
    np.fill_diagonal(counts, 0)
    assert f": {counts.max()}" in app.subheader[0].value
    assert "keeps counts, not pictures" in app.info[0].value


def run_of(library, folder, own_fingerprint=None, seed=0):
    """A finished run's folder, as far as this page reads it."""
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(library.split == "PublicTest")
    true = np.array([SEVEN.index(label) for label in library.labels[rows]])
    shares = random.dirichlet(np.ones(7), len(rows)).astype(np.float32)
    mark = own_fingerprint or fingerprint(library)
    folder.mkdir(parents=True)
    Predictions(SEVEN, true, shares, rows, data="noise", fingerprint=mark, part="PublicTest").save(
        folder / "predictions.npz"
    )
    (folder / "card.json").write_text(json.dumps({"title": f"Run {seed}"}))
    return folder


@pytest.fixture
def two_runs(library, own_data_folder, monkeypatch):
    """Two finished runs on the same pictures, and two on others, of which one's ``run.json`` tells so."""
    from types import SimpleNamespace

    home = own_data_folder / "runs"
    folders = [
        run_of(library, home / "first", seed=1),
        run_of(library, home / "second", seed=2),
        run_of(library, home / "elsewhere", "e" * 64, 3),
        run_of(library, home / "known elsewhere", "e" * 64, 4),
    ]
    found = [
        SimpleNamespace(folder=each, id=each.name, title="A run", predictions_path=each / "predictions.npz", about={})
        for each in folders
    ]
    found[1].about["data_fingerprint"] = fingerprint(library)
    found[3].about["data_fingerprint"] = "e" * 64
    monkeypatch.setattr("engine.training.runs.list_all", lambda: found)
    return found


def test_two_runs_are_compared_picture_by_picture(tiny_models, two_runs):
    app = opened()
    app.get_by_key("evaluate source").set_value("Finished run").run()
    app = look(app, "Comparison")
    assert app.get_by_key("evaluate other").options == ["second: A run", "elsewhere: A run"], (
        "not with itself or other data"
    )
    app.get_by_key("evaluate other").set_value("second: A run").run()
    assert not app.error and "McNemar" in said(app)
    cells = app.table[1].value
    assert sum(int(cells[column][row]) for column in ("B right", "B wrong") for row in (0, 1)) == 30
    app.get_by_key("evaluate other").set_value("elsewhere: A run").run()
    assert "not about the same pictures" in app.error[0].value


def test_pictures_that_are_not_in_the_library_are_a_sentence(tiny_models, two_runs):
    app = opened()
    app.get_by_key("evaluate source").set_value("Finished run").run()
    app.get_by_key("evaluate run").select_index(2).run()
    app = look(app, "Confusion")
    assert not app.error and "not in the library" in app.info[0].value


def test_robustness_is_measured_and_kept(tiny_models, library):
    app = look(opened(), "Robustness")
    app.get_by_key("evaluate sweeps").set_value(["shift", "blur"]).run()
    app.get_by_key("evaluate sweep models").set_value([shipped.DEFAULT, "another"]).run()
    app.get_by_key("evaluate sweep start").click().run()
    assert not app.exception and not app.error
    assert [alt.split(",")[0] for alt in charts(app)] == ["Accuracy against shift", "Accuracy against blur"]
    table = app.table[0].value
    assert {"Tiny default", "Tiny other"} <= set(table.columns) and len(table) == 7 + 6


def test_a_measurement_at_work_is_shown_also_while_nothing_is_chosen(tiny_models, library, at_once, monkeypatch):
    monkeypatch.setattr(at_once, "stays", True)
    app = look(opened(), "Robustness")
    app.get_by_key("evaluate sweep start").click().run()
    app.get_by_key("evaluate sweep models").set_value([]).run()
    assert app.get("progress") and app.get_by_key("evaluate sweep start").disabled
    app.get_by_key("evaluate cancel sweep").click().run()
    assert not app.get("progress") and not app.exception


def test_every_file_can_be_taken_home(tiny_models):
    app = look(opened(), "Export")
    assert not app.error and not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels == ["Download HTML", "Download CSV", "Download JSON"]


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_card_is_shown(name):
    app = opened()
    app.get_by_key("evaluate model").set_value(name).run()
    all_parts_are_shown(app)


def test_a_new_evaluation_is_judged_as_the_model_was_made_to_follow(tiny_models, tmp_path):
    path = tiny_models / "another" / "card.json"
    card = json.loads(path.read_text())
    card["training"]["configuration"] = {"labels": "given", "votes_share": 0.5}
    path.write_text(json.dumps(card))
    votes = np.eye(10, dtype=np.int8)[np.arange(20) % 7] * 10
    x = np.random.default_rng(0).integers(0, 256, (20, 48, 48)).astype(np.uint8)
    np.savez(tmp_path / "voted.npz", x=x, y=np.arange(20) % 7, classes=np.array(SEVEN), ferplus=votes)
    store.import_set(tmp_path / "voted.npz")
    app = opened()
    app.get_by_key("evaluate source").set_value("New evaluation").run()
    for model, judge in ((shipped.DEFAULT, "given"), ("another", "votes")):
        app.get_by_key("evaluate new model").set_value(model).run()
        assert app.get_by_key(f"evaluate new judge voted {model}").value == judge


def test_the_page_train_leads_to_its_run(tiny_models, two_runs):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["evaluate source"], app.session_state["evaluate run"] = "Finished run", "second"
    app.run()
    assert not app.exception and app.get_by_key("evaluate run").value == "second"
