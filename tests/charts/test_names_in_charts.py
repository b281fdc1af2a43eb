"""Whatever classes, parts of a set and models are called, every chart shows their names letter by letter."""

import html

import numpy as np
import pytest

from engine.charts import bars, curves, spiking_activity, spiking_weights
from engine.charts.confusion import confusion_heatmap
from engine.charts.layout import alt_text, as_text
from engine.spiking.raster import Raster

TAG, LINK = "<b>happy</b>", '<a href="https://example.org">sad</a>'
VALUE, ENTITY = "%{value}", "a &amp; b"
NAMES = (TAG, LINK, VALUE, ENTITY)
SCORES = {name: {"f1": 0.5, "precision": 0.4, "recall": 0.6, "support": 9} for name in NAMES}
CHANGE = {"difference": 0.1, "interval": (0, 0.2)}
CURVE = {"auc": 0.7, "false_positive_rate": [0, 1], "true_positive_rate": [0, 1]}
PRECISION = {"average_precision": 0.7, "recall": [0, 1], "precision": [1, 0.5]}
SWEEP = {
    "title": "Blur",
    "unit": "pixels",
    "strengths": [0, 1],
    "models": {name: {"accuracy": [0.9, 0.5], "interval": [(0.8, 1.0), (0.4, 0.6)]} for name in NAMES},
}
INPUTS, OUTPUTS = Raster.of([0, 4], [1, 3], 10, 4), Raster.of([5, 6], [1, 0], 10, 4)
PER_STEP = np.linspace(0, 1, 40).reshape(10, 4)
FIGURES = {
    "probabilities": lambda: bars.probability_bars(dict.fromkeys(NAMES, 0.25), dict.fromkeys(NAMES, 0.5)),
    "class bars": lambda: bars.class_bars(SCORES, "f1"),
    "class scores": lambda: bars.class_scores(SCORES),
    "class balance": lambda: bars.class_balance({name: dict.fromkeys(NAMES, 3) for name in NAMES}),
    "ablation": lambda: bars.ablation(
        [{"name": each} | dict.fromkeys(("accuracy", "balanced_accuracy"), CHANGE) for each in NAMES]
    ),
    "spike counts": lambda: bars.spike_counts(np.arange(4), NAMES, TAG),
    "confusion": lambda: confusion_heatmap(np.eye(4) + 1, NAMES, (0, 1)),
    "ROC": lambda: curves.roc_curves(dict.fromkeys(NAMES, CURVE)),
    "precision and recall": lambda: curves.precision_recall_curves(dict.fromkeys(NAMES, PRECISION)),
    "robustness": lambda: curves.robustness_curves(SWEEP, {name: name for name in NAMES}),
    "raster": lambda: spiking_activity.spike_raster(INPUTS, OUTPUTS, NAMES, 1.0, None),
    "potentials": lambda: spiking_activity.membrane_potentials(
        np.arange(10), PER_STEP - 70, PER_STEP - 50, -70.0, OUTPUTS, NAMES, 1.0
    ),
    "weights": lambda: spiking_weights.weight_mosaic(np.ones((4, 3, 3)), NAMES, 2, "Weights"),
    "weights over time": lambda: spiking_weights.weight_history(
        np.arange(10), np.linspace(0, 1, 160).reshape(10, 4, 4), NAMES, (0, 1)
    ),
}


def texts(part):
    """All texts of a figure, however deep, but for what a screen reader is told, which is text anyhow."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, each in part.items():
            if name not in ("meta", "template", "legendgroup"):
                yield from texts(each)
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from texts(each)


@pytest.mark.parametrize("chart", FIGURES)
def test_names_are_shown_letter_by_letter(chart):
    figure = FIGURES[chart]()
    said = list(texts(figure.to_dict()))
    for name in NAMES:
        assert not [each for each in said if name in each and name != as_text(name)]
    assert [each for each in said if as_text(TAG) in each], "the name is there"
    assert as_text(TAG) not in alt_text(figure), "a screen reader is told the name itself"


@pytest.mark.parametrize("name", [*NAMES, "plain", "1 < 2 %", "50 %", "é"])
def test_a_name_reads_as_it_was_written(name):
    assert html.unescape(as_text(name)) == name
    assert "<" not in as_text(name) and "%{" not in as_text(name)


def test_classes_that_are_called_like_numbers_or_dates_stand_in_their_order():
    names = ("10", "2", "2024-01-31")
    figure = confusion_heatmap(np.eye(3), names)
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "category"
    assert bars.class_bars(dict.fromkeys(names, SCORES[TAG]), "f1").layout.yaxis.type == "category"
