"""The cards of weights for recordings and for dark pictures, on the Models page."""

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import settings
from engine.datasets.flow_set import FlowSet
from engine.evaluation.subject_figures import figures
from engine.images.lowlight import METHODS
from engine.models import card as cards
from engine.models import shipped
from engine.studies.low_light import measure
from pages.views.models import clip_card, enhancement_card

PAGE = Path(__file__).parents[2] / "pages" / "models.py"
SHIPPED_CLIP_MODELS = sorted(
    path.parent for path in settings.WEIGHTS_FOLDER.glob("*/card.json") if cards.kind(path.parent) == cards.CLIP
)


PARTS = (
    "All models side by side",
    "What it takes and answers",
    "How often it is right on people it has never seen",
    "When it says “undecided” about a recording",
    "Limits and use in recordings",
    "How it was made",
    "What it takes and gives",
    "What it wins back in the dark",
    "Limits in the dark",
    "How the enhancement was trained",
)


def opened():
    """The page with every part of these cards open."""
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    for part in PARTS:
        app.session_state[f"models fold {part}"] = True
    app.run()
    assert not app.exception
    return app


def headings(app):
    return [heading.value for heading in app.header] + [fold.label.strip("*") for fold in app.expander]


def table(app, column):
    return next(table.value for table in app.table if column in table.value.columns)


def cells(app):
    return [str(cell).replace("\\", "") for table in app.table for cell in table.value.to_numpy().ravel()]


def said(app):
    return " ".join(text.value for text in (*app.markdown, *app.info)).replace("\\", "")


def write(folder, card):
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(b"weights")
    card["files"] = {"model.onnx": hashlib.sha256(b"weights").hexdigest()}
    (folder / "card.json").write_text(json.dumps(card))


def change(folder, **entries):
    card = json.loads((folder / "card.json").read_text()) | entries
    (folder / "card.json").write_text(json.dumps({name: each for name, each in card.items() if each is not None}))


@cache
def benchmark(seeds=2, oracle=True):
    """What `micro benchmark` tells of 60 clips of 6 subjects, mostly answered rightly."""
    random = np.random.default_rng(0)
    y = np.tile(np.arange(3), 20)
    subject = np.repeat([f"{'ab'[at % 2]}/{at}" for at in range(6)], 10)
    dataset = np.where(np.char.startswith(subject, "a"), "casme2", "other")
    clips = FlowSet(
        np.zeros((60, 28, 28, 3), np.uint8), y, ("negative", "positive", "surprise"), dataset.astype(str), subject
    )
    runs = []
    for seed in range(seeds):
        shares = random.dirichlet(np.ones(3), 60) + 0.5 * np.eye(3)[y]
        best = random.dirichlet(np.ones(3), 60) + 0.7 * np.eye(3)[y]
        runs.append(
            {"seed": seed, "probabilities": shares, "best_epoch": best if oracle else None, "chosen": {"(1, 2)": 6}}
        )
    found = figures(clips, "neuromer", runs)
    return {key: found[key] for key in ("whole", "datasets", "oracle", "seeds", "clips", "subjects", "confusion")}


def written_clip_card(**entries):
    return {
        "name": "flow",
        "kind": cards.CLIP,
        "title": "Tiny flow reader",
        "labels": ["negative", "positive", "surprise"],
        "input": "flow map",
        "output": "a probability for each label",
        "parameters": 1234,
        "data": {"name": "noise", "clips": 60, "subjects": 6},
        "training": {
            "command": "python -m engine micro train --data noise.npz",
            "chosen": {"C": 0.001, "epochs": 15, "share_of_the_network": 0.5},
            "seed": 0,
            "versions": {"keras": "3"},
        },
        "threshold": {
            "value": 0.45,
            "coverage": 0.8,
            "accuracy_decided": 0.7,
            "accuracy_all": 0.6,
            "chosen": "lowest that leaves 80 % decided",
        },
        "calibration": {"temperature": 1.5, "ece_before": 0.2, "ece_after": 0.05, "data": "left-out subjects"},
        "evaluations": [{"data": "noise, one subject left out", **benchmark()}],
        "intended_use": list(cards.INTENDED_USE),
        "forbidden_use": list(cards.FORBIDDEN_USE),
        "limits": ["Three classes of motion only."],
    } | entries


class MeanReader:
    """Right about pictures whose mean is above 60."""

    name, labels, card = "mean reader", ("happy", "sad"), {}

    def probabilities(self, crops):
        sure = (crops.mean(axis=(1, 2)) > 60).astype(np.float32)
        return np.stack([0.4 + 0.2 * sure, 0.6 - 0.2 * sure], axis=1)


@cache
def darkened():
    """What `lowlight measure` tells of twelve bright pictures."""
    crops = np.random.default_rng(0).integers(80, 160, (12, 48, 48)).astype(np.uint8)
    about = {"data": "noise", "split": "Test", "judged_by": "given labels"}
    return [
        measure(MeanReader(), crops, np.array(["happy"] * 12), None, kind, ("gamma", "clahe")) | about
        for kind in ("dark", "dim")
    ]


def enhancer_card(**entries):
    return {
        "name": "bright",
        "kind": cards.ENHANCEMENT,
        "title": "Tiny enhancement",
        "architecture": {"name": "one", "title": "One curve", "source": "nowhere"},
        "parameters": 12,
        "input": "gray face",
        "output": "the same face, brighter",
        "data": {"name": "noise", "fingerprint": "0123456789abcdef" * 4, "division": "all", "training_pictures": 100},
        "training": {
            "command": "python -m engine lowlight train --data noise",
            "configuration": {"steps": 2},
            "versions": {"keras": "3"},
            "history": {"loss": [1.0]},
        },
        "evaluations": darkened(),
        "limits": ["It brings no light that was not there."],
    } | entries


@pytest.fixture
def all_kinds(tiny_models):
    write(tiny_models / "flow", written_clip_card())
    write(tiny_models / "bright", enhancer_card())
    return tiny_models


def test_without_such_weights_there_is_no_such_section(tiny_models):
    assert not {clip_card.HEADING, enhancement_card.HEADING} & set(headings(opened()))


def test_both_kinds_have_a_section_and_are_not_offered_for_photos(all_kinds):
    app = opened()
    assert not app.error
    assert {clip_card.HEADING, enhancement_card.HEADING} <= set(headings(app))
    assert app.selectbox[0].options == ["Tiny default", "Tiny other"]
    assert list(table(app, "model")["model"]) == ["Tiny default", "Tiny other"]


def test_uf1_and_uar_stand_with_intervals_for_all_clips_each_set_and_the_oracle(all_kinds):
    app, told = opened(), written_clip_card()["evaluations"][0]
    rows = table(app, "UF1")
    assert list(rows["measured on"].str.replace("\\", "")) == ["all clips", "CASME II", "other", clip_card.ORACLE]
    whole = told["whole"]
    low, high = whole["uf1_interval"]
    assert rows["UF1"][0] == f"{whole['uf1']:.3f} ({low:.3f} to {high:.3f})"
    assert rows["UAR"][3].startswith(f"{told['oracle']['whole']['uar']:.3f} (")
    assert rows["UF1"].str.fullmatch(r"[01]\.\d{3} \([01]\.\d{3} to [01]\.\d{3}\)").all()
    assert list(rows["clips"]) == ["60", "30", "30", "60"]
    assert clip_card.WHY_NOT_HONEST in said(app)
    assert "60 clips of 6 people" in said(app) and "Means of 2 seeds" in said(app)


def test_what_the_clip_model_is_for_is_said_whole(all_kinds):
    app = opened()
    for words in ("Three classes of motion only.", "negative, positive, surprise", "45.0 %", "off by 5.0 points"):
        assert words in said(app) or any(words in told for told in cells(app))
    assert said(app).count("Lie detection") == 2, "once for photos, once for recordings"
    assert "python -m engine micro train --data noise.npz" in [code.value for code in app.code]
    charts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert sum(alt.startswith("Confusion matrix. Recognised: negative") for alt in charts) == 1


def test_each_expression_counts_its_clips_once_however_many_seeds(all_kinds):
    rows = next(table.value for table in opened().table if {"clips", "recall"} <= set(table.value.columns))
    assert list(rows["expression"]) == ["negative", "positive", "surprise"] and list(rows["clips"]) == ["20"] * 3
    right = np.array(written_clip_card()["evaluations"][0]["confusion"])[0, 0] / 40
    assert rows["recall"][0] == f"{100 * right:.1f} %"


def test_one_seed_without_an_oracle_is_said_so(all_kinds):
    change(all_kinds / "flow", evaluations=[{"data": "noise", **benchmark(1, oracle=False)}])
    app = opened()
    assert not app.error and len(table(app, "UF1")) == 3
    assert "Trained with one seed" in said(app) and "not the honest figure" not in said(app)


def test_of_several_models_for_recordings_one_is_chosen_and_a_damaged_one_said(all_kinds):
    write(all_kinds / "neuromer-flow", written_clip_card(title="Tiny first"))
    write(all_kinds / "broken", written_clip_card())
    change(all_kinds / "broken", title=None)
    app = opened()
    box = app.selectbox(key="models clip")
    assert box.options == ["Tiny first", "broken (damaged)", "Tiny flow reader"] and not app.error
    app = box.set_value("broken").run()
    assert ["does not tell its title" in box.value for box in app.error] == [True] and len(app.selectbox) == 3


def test_what_darkness_costs_and_what_is_won_back_stands_in_tables(all_kinds):
    app, told = opened(), enhancer_card()["evaluations"]
    rows = table(app, "costs")
    assert list(rows["darkness"]) == ["Dark picture", "Gray values divided"]
    assert list(rows["costs"]) == [f"{100 * each['cost']:.1f} points" for each in told]
    assert told[0]["cost"] > 0.2
    won = told[1]["methods"]["gamma"]["won_back"]
    assert rows["Gamma wins back"][1].startswith(f"{100 * won:.1f} % (")
    strengths = table(app, "enhancement")
    assert list(strengths["enhancement"]) == [METHODS[name] for name in ("none", "gamma", "clahe")]
    assert strengths.shape == (3, 6) and strengths["as they are"][0] == "100.0 % (100.0 to 100.0)"
    box = next(box for box in app.selectbox if box.label == "Darker and darker")
    app = box.set_value(box.options[1]).run()
    assert not app.error and any("times darker" in column for column in table(app, "enhancement").columns)
    assert "It brings no light that was not there." in said(app)
    assert "python -m engine lowlight train --data noise" in [code.value for code in app.code]


def test_an_enhancement_without_figures_says_how_to_get_them(all_kinds):
    change(all_kinds / "bright", evaluations=None)
    app = opened()
    assert not app.error and "has not been written" in said(app)
    assert any(code.value.startswith("python -m engine study low-light") for code in app.code)


@pytest.mark.parametrize("name", ["flow", "bright"])
def test_weights_that_are_not_the_cards_are_named_above_it(all_kinds, name):
    (all_kinds / name / "model.onnx").write_bytes(b"other")
    app = opened()
    assert len(app.error) == 1 and "SHA" in app.error[0].value and name in app.error[0].value
    assert set(PARTS) <= set(headings(app))


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("flow", "evaluations"),
        ("flow", "calibration"),
        ("flow", "limits"),
        ("bright", "limits"),
        ("bright", "training"),
    ],
)
def test_a_card_of_a_kind_that_lacks_a_part_shows_the_rest(all_kinds, name, entry):
    change(all_kinds / name, **{entry: None})
    app = opened()
    assert app.error and all("lacks" in box.value for box in app.error)
    assert set(PARTS) <= set(headings(app))


@pytest.mark.parametrize("confusion", [[[1, 2], [3, 4]], "none"])
def test_a_damaged_confusion_matrix_is_a_sentence(all_kinds, confusion):
    evaluation = written_clip_card()["evaluations"][0] | {"confusion": confusion}
    change(all_kinds / "flow", evaluations=[evaluation])
    assert ["lacks" in box.value for box in opened().error] == [True]


@pytest.mark.parametrize("name", ["flow", "bright"])
def test_a_card_that_lacks_its_title_is_a_sentence_and_the_others_are_shown(all_kinds, name):
    change(all_kinds / name, title=None)
    app = opened()
    assert len(app.error) == 1 and "does not tell its title" in app.error[0].value
    assert clip_card.HEADING in headings(app) and enhancement_card.HEADING in headings(app)


def test_a_damaged_card_of_a_photo_model_hides_no_other_kind(all_kinds):
    (all_kinds / shipped.DEFAULT / "card.json").write_text("{")
    app = opened()
    assert len(app.error) == 1 and {clip_card.HEADING, enhancement_card.HEADING} <= set(headings(app))


@pytest.mark.parametrize("folder", SHIPPED_CLIP_MODELS, ids=lambda folder: folder.name)
def test_the_shipped_clip_models_figures_are_named(folder):
    app, card = opened(), cards.read(folder)
    if len(SHIPPED_CLIP_MODELS) > 1:
        assert app.selectbox(key="models clip").value == "neuromer-flow", "what names events stands first"
        app.selectbox(key="models clip").set_value(folder.name).run()
    assert not app.exception and not app.error
    assert all(line.replace("\\", "") in said(app) for line in card["limits"])
    told = card["evaluations"][0]
    rows = table(app, "UF1")
    for score in ("uf1", "uar"):
        assert rows[score.upper()][0].startswith(f"{told['whole'][score]:.3f} (")
    assert len(rows) == 1 + len(told["datasets"]) + (told["oracle"] is not None)
    assert card["training"]["command"] in [code.value for code in app.code]
