import pytest

from engine.charts.class_scores import class_scores
from engine.charts.frame import alt_text

PER_CLASS = {
    "sad": {"precision": 0.5, "recall": 0.4, "f1": 0.444, "support": 10},
    "happy": {"precision": 0.9, "recall": 0.8, "f1": 0.847, "support": 30},
}


def test_three_scores_differ_in_shape_and_colour():
    marks = [trace for trace in class_scores(PER_CLASS).data if trace.mode == "markers"]
    assert [trace.name for trace in marks] == ["precision", "recall", "F1"]
    assert len({trace.marker.symbol for trace in marks}) == len({trace.marker.color for trace in marks}) == 3


def test_the_best_comes_first_with_its_numbers():
    figure = class_scores(PER_CLASS)
    precision = next(trace for trace in figure.data if trace.name == "precision")
    assert list(precision.y) == ["happy", "sad"] and list(precision.x) == pytest.approx([90, 50])
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert list(lines[0].x) == pytest.approx([80, 90]), "the line joins the lowest and the highest score"
    assert "happy 85 %, 90 %, 80 %; sad 44 %, 50 %, 40 %" in alt_text(figure)
