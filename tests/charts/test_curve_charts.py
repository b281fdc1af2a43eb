import numpy as np
import pytest

from engine.charts.bars import class_bars
from engine.charts.curves import (
    compared_curves,
    learning_curves,
    precision_recall_curves,
    reliability_diagram,
    risk_coverage_curve,
    robustness_curves,
    roc_curves,
)
from engine.charts.layout import alt_text
from engine.charts.palette import line_style, marker_style


def test_bars_carry_their_intervals():
    scores = {"happy": {"f1": 0.8, "f1_interval": [0.7, 0.85]}, "sad": {"f1": 0.5, "f1_interval": [0.4, 0.6]}}
    (bars,) = class_bars(scores, "f1").data
    assert list(bars.x) == pytest.approx([80, 50]) and list(bars.y) == ["happy", "sad"]
    assert list(bars.error_x.array) == pytest.approx([5, 10])
    assert list(bars.error_x.arrayminus) == pytest.approx([10, 10])
    del scores["sad"]["f1_interval"]
    figure = class_bars(scores, "f1")
    assert figure.data[0].error_x.array is None and alt_text(figure) == "F1: happy 80 %, sad 50 %."


def test_an_expression_without_pictures_has_no_curve():
    roc = {
        "happy": {"auc": 0.9, "false_positive_rate": [0, 0.1, 1], "true_positive_rate": [0, 0.8, 1]},
        "sad": {"auc": None, "false_positive_rate": [], "true_positive_rate": []},
    }
    figure = roc_curves(roc)
    assert [line.name for line in figure.data if line.name] == ["happy"]
    assert list(figure.data[0].y) == pytest.approx([0, 80, 100])
    assert "happy 0.900" in alt_text(figure)
    pr = {"happy": {"average_precision": 0.75, "recall": [0, 1], "precision": [1, 0.5], "share": 0.2}}
    assert "happy 0.750" in alt_text(precision_recall_curves(pr))


def test_lines_differ_by_more_than_colour():
    styles = [(line_style(at)["color"], line_style(at)["dash"]) for at in range(12)]
    assert len(set(styles)) == 12
    assert len({marker_style(at)["symbol"] for at in range(8)}) == 8


def test_reliability_names_both_errors():
    bins = {"confidence": [0.5, 0.9], "accuracy": [0.6, 0.8], "share": [0.3, 0.7]}
    figure = reliability_diagram({"before": bins, "after": bins}, {"before": 0.2, "after": 0.021})
    assert [line.name for line in figure.data] == ["as said", "before scaling, ECE 20.0 %", "after scaling, ECE 2.1 %"]
    assert "20.0 % before and 2.1 % after" in alt_text(figure) and "said 90 %, right 80 %" in alt_text(figure)


def test_undecided_is_marked_where_it_is_known():
    curve = {"coverage": [0.5, 1], "risk": [0.1, 0.3], "threshold": [0.8, 0.2]}
    assert len(risk_coverage_curve(curve).data) == 1
    figure = risk_coverage_curve(curve, (0.75, 0.85))
    assert list(figure.data[1].x) == [75] and list(figure.data[1].y) == pytest.approx([15])
    assert "all answered, 30 % wrong" in alt_text(figure)


def test_a_sweep_has_a_line_a_model_and_begins_with_the_picture_as_it_is():
    series = {"accuracy": [0.8, 0.5], "interval": [[0.7, 0.9], [0.4, 0.6]]}
    sweep = {"title": "Blur", "unit": "pixels", "strengths": [0, 1.5], "models": {"a": series, "b": series}}
    figure = robustness_curves(sweep, {"a": "First", "b": "Second"})
    assert [line.name for line in figure.data] == ["First", "Second"]
    assert list(figure.data[0].x) == ["as is", "1.5"]
    assert np.asarray(figure.data[0].error_y.array) == pytest.approx([10, 10])
    assert "First from 80 % to 50 %" in alt_text(figure)


def test_curves_differ_in_dash_and_start_at_epoch_one():
    figure = learning_curves([0.2, 0.5, 0.9], [0.3, 0.6, 0.5])
    validation, training = figure.data
    assert (validation.name, training.name) == ("validation", "training")
    assert validation.line.dash != training.line.dash
    assert list(validation.x) == [1, 2, 3] and list(training.y) == pytest.approx([20, 50, 90])
    assert figure.layout.yaxis.rangemode == "tozero"
    assert "best 60 % after epoch 2" in alt_text(figure)


def test_curves_of_several_trainings_differ_by_more_than_colour():
    curves = {f"{number}: run": [0.1 * number, 0.2, 0.05 * number] for number in range(1, 9)}
    figure = compared_curves(curves)
    assert [trace.name for trace in figure.data] == list(curves)
    looks = [(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in figure.data]
    assert len(set(looks)) == len({look[1:] for look in looks}) == 8
    assert list(figure.data[1].y) == pytest.approx([20, 20, 10])
    assert "8: run: best 80 % of 3 epochs" in alt_text(figure)
    assert "1: run: best 0.050 of 3 epochs" in alt_text(compared_curves(curves, "loss"))
