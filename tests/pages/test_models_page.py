import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.models import shipped
from pages.views.models.card import weakest

PAGE = Path(__file__).parents[2] / "pages" / "models.py"


PARTS = (
    "All models side by side",
    "What it is",
    "How often it is right",
    "When it says “undecided”",
    "From a photo to the face",
    "What each part is worth",
    "Limits and use",
    "How it was trained",
)


def opened(parts=PARTS):
    """The page with these parts opened by their headings."""
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    for part in parts:
        app.session_state[f"models fold {part}"] = True
    app.run()
    assert not app.exception
    return app


def change(folder, **entries):
    path = folder / shipped.DEFAULT / "card.json"
    card = json.loads(path.read_text())
    for name, value in entries.items():
        if value is None:
            del card[name]
        else:
            card[name] = value
    path.write_text(json.dumps(card))


def headings(app):
    return [fold.label.strip("*") for fold in app.expander]


def test_a_card_is_shown_whole(tiny_models):
    app = opened()
    assert not app.error
    charts = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert [alt.split()[0] for alt in charts] == ["F1,", "Confusion", "Accuracy"]
    said = " ".join(text.value for text in app.markdown).replace("\\", "")
    for words in ("undecided", "Diagnosis", "Lie detection", "consenting people", "Not validated on autistic people"):
        assert words in said
    assert app.code[0].value == "python -m engine train tiny --data noise"
    assert any("another processor" in text.value for text in app.markdown), "what repeats is not promised elsewhere"


def test_at_first_only_what_it_is_and_what_for_is_open(tiny_models):
    app = opened(())
    assert not app.error and not app.get("plotly_chart")
    assert headings(app) == [
        part for part in PARTS if part not in ("From a photo to the face", "What each part is worth")
    ]
    assert "Lie detection" in " ".join(text.value for text in app.markdown)
    assert [table.proto.alt for table in app.table] == ["What the model is"]


def test_every_figure_stands_beside_its_leak_free_twin_and_its_interval(tiny_models):
    table = next(table.value for table in opened().table if "macro F1" in table.value.columns)
    assert list(table["judged by"]) == ["given labels"] * 2 + ["majority of votes"]
    assert [row.split(", ")[1] for row in table["pictures"]] == ["all", "without copies of training pictures", "all"]
    assert table["accuracy"].str.fullmatch(r"\d+\.\d % \(\d+\.\d to \d+\.\d\)").all()


def test_per_class_numbers_are_in_a_table_too(tiny_models):
    table = next(table.value for table in opened().table if "precision" in table.value.columns)
    assert list(table["expression"]) == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def test_recall_of_each_expression_stands_set_beside_set_and_the_weakest_is_named(tiny_models):
    app = opened()
    table = next(table.value for table in app.table if "noise, test, given labels" in table.value.columns)
    assert list(table["expression"]) == ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]
    shares = table[[column for column in table.columns if column != "expression"]].to_numpy().ravel()
    least = min(float(share.split(" %")[0]) for share in shares)
    said = next(text.value for text in app.markdown if "It fails most on" in text.value)
    assert f"{least:.0f} % are found" in said


def test_a_training_that_did_not_know_a_set_is_not_this_models_weakness():
    def evaluation(data, happy, **more):
        per_class = {"happy": {"recall": happy, "support": 4}, "sad": {"recall": 0.9, "support": 4}}
        confusion = {"labels": ["happy", "sad"], "confusion": [[3, 1], [0, 4]]}
        return {"data": data, "judged_by": "given labels", "per_class": per_class, **confusion, **more}

    card = {"labels": ["happy", "sad"], "evaluations": [evaluation("own", 0.7), evaluation("unseen", 0.1, epochs=4)]}
    assert "happy in own (given labels): 70 % are found, and most of the others are called sad" in weakest(card)


def test_another_model_can_be_chosen(tiny_models):
    app = opened()
    app.selectbox[0].set_value("another").run()
    table = next(table.value for table in app.table if "precision" in table.value.columns)
    assert len(table) == 6 and not app.error


def test_models_stand_side_by_side(tiny_models):
    table = next(table.value for table in opened().table if "model" in table.value.columns)
    assert list(table["model"]) == ["Tiny default", "Tiny other"]
    assert list(table["expressions"]) == ["7", "6"]


def test_accuracies_on_different_pictures_stand_together(tiny_models):
    path = tiny_models / "another" / "card.json"
    other = json.loads(path.read_text())
    other["evaluations"][0]["data"] = "other pictures"
    path.write_text(json.dumps(other))
    table = next(table.value for table in opened().table if "model" in table.value.columns)
    columns = list(table.columns)
    assert columns[0] == "model" and columns[-2:] == ["expressions", "parameters"]
    assert len(columns) == 6 and all(column.startswith("accuracy, ") for column in columns[1:-2])


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"name": "x"}', b"\xff\xfe"])
def test_a_damaged_card_is_a_sentence_and_the_others_can_be_reached(tiny_models, damage):
    (tiny_models / shipped.DEFAULT / "card.json").write_bytes(damage)
    app = opened()
    assert len(app.error) == 1 and re.search("cannot be read|does not tell its title", app.error[0].value)
    assert app.selectbox[0].options == [f"{shipped.DEFAULT} (damaged)", "Tiny other"]
    app.selectbox[0].set_value("another").run()
    assert not app.error and headings(app)


def test_a_changed_model_file_is_named_above_its_card(tiny_models):
    (tiny_models / shipped.DEFAULT / "model.onnx").write_bytes(b"other")
    app = opened()
    assert len(app.error) == 1 and "SHA" in app.error[0].value
    assert "How often it is right" in headings(app)


@pytest.mark.parametrize("entry", ["evaluations", "training", "limits", "architecture", "threshold_chosen"])
def test_a_card_that_lacks_a_part_shows_the_rest(tiny_models, entry):
    if entry == "threshold_chosen":
        change(tiny_models, threshold={"value": 0.5})
    else:
        change(tiny_models, **{entry: None})
    app = opened()
    assert app.error and all("lacks" in box.value for box in app.error)
    assert len(headings(app)) == 6


def test_a_model_without_figures_says_so(tiny_models):
    change(tiny_models, evaluations=[])
    app = opened()
    assert not app.error and "not been evaluated" in app.info[0].value


ABLATION = {
    "data": "noise",
    "division": "Training/PublicTest",
    "judged_by": "given labels",
    "n": 3500,
    "epochs": 4,
    "seed": 1,
    "command": "python -m engine ablate tiny --data noise",
    "accuracy": 0.8,
    "accuracy_interval": [0.79, 0.81],
    "balanced_accuracy": 0.7,
    "balanced_accuracy_interval": [0.68, 0.72],
    "parts": [
        {
            "name": "LSTM",
            "accuracy": {"difference": -0.005, "interval": [-0.01, 0.0]},
            "balanced_accuracy": {"difference": -0.004, "interval": [-0.01, 0.0]},
            "mcnemar_mid": 0.07,
        },
        {
            "name": "mirror image",
            "accuracy": {"difference": -0.01, "interval": [-0.015, -0.005]},
            "balanced_accuracy": {"difference": -0.02, "interval": [-0.03, -0.01]},
            "mcnemar_mid": 1e-5,
        },
    ],
}


def test_what_each_part_is_worth_stands_in_a_chart_and_in_a_table(tiny_models):
    change(tiny_models, ablation=ABLATION)
    app = opened()
    assert not app.error and "What each part is worth" in headings(app)
    table = next(table.value for table in app.table if "recipe" in table.value.columns)
    assert list(table["recipe"]) == ["whole", "without LSTM", "without mirror image"]
    assert table["mean recall"][0] == "70.0 % (68.0 to 72.0)"
    assert table["mean recall"][2] == "-2.0 points (-3.0 to -1.0)"
    assert any(
        chart.proto.alt.startswith("Mean recall without mirror image -2.0 points") for chart in app.get("plotly_chart")
    )
    assert ABLATION["command"] in [code.value for code in app.code]


def test_a_table_of_parts_that_lacks_something_is_a_sentence(tiny_models):
    change(tiny_models, ablation={"parts": []})
    assert [("lacks" in box.value) for box in opened().error] == [True]


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_card_is_shown_without_an_error(name):
    app = opened()
    app.selectbox[0].set_value(name).run()
    assert not app.exception and not app.error
    assert len(app.get("plotly_chart")) >= 3


def test_the_contents_list_opens_a_part(tiny_models):
    app = opened(())
    training = "How it was trained"
    known = headings(app)
    listed = [button for button in app.button if button.label.replace("\\", "") in known]
    assert [button.label.replace("\\", "") for button in listed] == [each for each in PARTS[1:] if each in known]
    assert not app.code
    next(button for button in listed if button.label == training).click().run()
    assert not app.exception and app.code[0].value.startswith("python -m engine train")
