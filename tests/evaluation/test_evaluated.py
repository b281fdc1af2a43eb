import csv
import io
import json
import re

import numpy as np
import pytest

from engine.errors import DataError, ModelError
from engine.evaluation.evaluated import Evaluated, of_card, of_run, run_folder
from engine.evaluation.export import as_csv, as_json, robustness_csv
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.evaluation.report import as_html
from engine.models import card as cards

LABELS = ("angry", "happy")
SWEEP = {
    "n": 60,
    "seed": 0,
    "models": {"m": "A <model>"},
    "sweeps": {
        "blur": {
            "title": "Blur",
            "unit": "pixels",
            "strengths": [0, 1],
            "models": {"m": {"accuracy": [0.8, 0.5], "interval": [[0.7, 0.9], [0.4, 0.6]]}},
        }
    },
}


@pytest.fixture
def record():
    random = np.random.default_rng(0)
    true = random.integers(0, 2, 60)
    sure = random.uniform(0.5, 1, 60)
    answered = np.where(random.random(60) < 0.8, true, 1 - true)
    shares = np.stack([np.where(answered == 0, sure, 1 - sure), np.where(answered == 1, sure, 1 - sure)], axis=1)
    leaked = np.arange(60) < 10
    return Predictions(LABELS, true, shares.astype("f4"), np.arange(60), None, leaked, "set", "f" * 64, "test")


@pytest.fixture
def evaluated(record):
    card = {"title": "A <model>", "limits": ["It <b>fails</b> at night."], "training": {"versions": {"keras": "3"}}}
    return Evaluated("A <model>", "set, test", figures(record, dict.fromkeys(record.labels, 0.6)), card, record)


def run_of(record, folder, card=None):
    folder.mkdir(parents=True)
    record.save(folder / "predictions.npz")
    if card is not None:
        (folder / "card.json").write_text(json.dumps(card))
    return folder


def test_a_run_has_the_figures_of_its_answers(record, own_data_folder):
    labels = list(record.labels)
    card = {"title": "Mine", "labels": labels, "threshold": {"value": 0.6}, "calibration": {"temperature": 1.3}}
    folder = run_of(record, own_data_folder / "runs" / "abc", card)
    found = of_run(folder)
    assert (found.title, found.about) == ("Mine", "set, test")
    assert found.figures == figures(found.predictions, dict.fromkeys(labels, 0.6), 1.3)
    assert run_folder("abc") == run_folder(str(folder)) == folder


@pytest.mark.parametrize("card", [None, {}, [], {"title": "Mine", "threshold": None}])
def test_the_answers_alone_are_enough(record, tmp_path, card):
    found = of_run(run_of(record, tmp_path / "run", card))
    assert found.figures["n"] == 60 and found.figures["selective"]["thresholds"] is None


def test_what_is_no_finished_run_is_said(record, tmp_path):
    with pytest.raises(DataError, match="no run 'nothing'"):
        run_folder("nothing")
    with pytest.raises(DataError, match="has no predictions"):
        of_run(tmp_path)
    (tmp_path / "predictions.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(DataError, match="cannot be read"):
        of_run(tmp_path)


def test_evaluations_of_a_card_are_not_computed_again():
    card = {"name": "m", "title": "M", "evaluations": [{"data": "set", "judged_by": "given labels", "accuracy": 0.5}]}
    (found,) = of_card(card)
    assert found.about == "set, given labels" and found.figures["accuracy"] == 0.5 and found.predictions is None
    for broken in ({"name": "m", "title": "M"}, {"name": "m", "title": "M", "evaluations": [{"data": "set"}]}):
        with pytest.raises(ModelError, match="lacks its evaluations"):
            of_card(broken)


def test_csv_holds_every_figure_with_its_interval(evaluated):
    rows = list(csv.DictReader(io.StringIO(as_csv(evaluated).decode("utf-8-sig"))))
    whole = {row["figure"]: row for row in rows if row["pictures"] == "all pictures" and not row["expression"]}
    assert float(whole["accuracy"]["value"]) == evaluated.figures["accuracy"]
    assert [float(whole["accuracy"][end]) for end in ("low", "high")] == evaluated.figures["accuracy_interval"]
    assert float(whole["ece"]["value"]) == evaluated.figures["calibration"]["ece"]
    cells = {(row["expression"], row["figure"]): row for row in rows if row["pictures"] == "all pictures"}
    assert float(cells["happy", "f1"]["value"]) == evaluated.figures["per_class"]["happy"]["f1"]
    assert int(cells["angry", "answered happy"]["count"]) == evaluated.figures["confusion"][0][1]
    assert {row["pictures"] for row in rows} == {"all pictures", "without copies of training pictures"}


def test_no_text_becomes_a_formula_in_a_spreadsheet(evaluated):
    spoilt = Evaluated("=HYPERLINK(1)", "@set", evaluated.figures)
    row = next(csv.DictReader(io.StringIO(as_csv(spoilt).decode("utf-8-sig"))))
    assert row["model"] == "'=HYPERLINK(1)" and row["about"] == "'@set"


def test_json_comes_back_whole(evaluated):
    found = json.loads(as_json(evaluated))
    assert found["figures"] == evaluated.figures and found["fingerprint"] == "f" * 64


def test_a_sweep_as_csv():
    rows = list(csv.DictReader(io.StringIO(robustness_csv(SWEEP).decode("utf-8-sig"))))
    assert [(row["strength"], row["accuracy"], row["low"]) for row in rows] == [
        ("0", "0.8", "0.7"),
        ("1", "0.5", "0.4"),
    ]


def test_the_report_is_whole_and_asks_for_nothing_outside(evaluated):
    html = as_html(evaluated, SWEEP)
    assert html.count("<script") == 1 + html.count('class="plotly-graph-div"')
    own = re.sub(r"<script>.*?</script>", "", html, count=1, flags=re.DOTALL)
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", own), "nothing is loaded"
    assert "f" * 64 in html and "Blur" in html
    markup = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "A &lt;model&gt;" in markup and "<model>" not in markup
    assert "It &lt;b&gt;fails&lt;/b&gt; at night." in html
    for line in cards.FORBIDDEN_USE:
        assert line.split(":")[0] in html
    assert f"{100 * evaluated.figures['accuracy']:.1f} %" in html
    assert "without copies of training pictures" in html
    assert len(re.findall(r'<figure role="img" aria-label="[^"]{20,}', html)) == 9


def test_a_report_of_older_figures_has_the_charts_that_they_allow(evaluated):
    older = {
        key: value for key, value in evaluated.figures.items() if key not in ("curves", "calibration", "selective")
    }
    history = {"accuracy": [0.1, 0.5], "val_accuracy": [0.2, 0.4]}
    html = as_html(Evaluated("M", "set", older, {"training": {"history": history}}))
    assert html.count('<figure role="img"') == 5
