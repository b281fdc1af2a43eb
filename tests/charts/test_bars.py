import pytest

from engine.charts import palette
from engine.charts.bars import ablation, class_balance, class_scores, probability_bars
from engine.charts.layout import alt_text


def test_the_most_probable_comes_first_and_stands_out():
    figure = probability_bars({"sad": 0.2, "happy": 0.7, "fear": 0.1}, {"happy": 0.52})
    (bars,) = figure.data
    assert list(bars.y) == ["happy", "sad", "fear"]
    assert list(bars.x) == pytest.approx([70, 20, 10])
    assert list(bars.text) == ["70 %", "20 %", "10 %"]
    assert list(bars.marker.color) == [palette.BLUE, palette.GRAY, palette.GRAY]
    assert figure.layout.yaxis.autorange == "reversed"


def test_the_threshold_is_drawn_and_named():
    figure = probability_bars({"sad": 0.2, "happy": 0.8}, {"sad": 0.7, "happy": 0.52})
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 52
    assert [note.text for note in figure.layout.annotations] == ["happy is decided from 52 %"]


def test_the_description_holds_every_number():
    alt = alt_text(probability_bars({"sad": 0.001, "happy": 0.999}, {"sad": 0.6, "happy": 0.5}))
    assert "happy > 99 %, sad < 1 %" in alt and "from 50 %" in alt


def test_an_expression_that_is_never_decided_has_no_line():
    figure = probability_bars({"sad": 0.2, "happy": 0.8}, {"sad": 0.7, "happy": 1.01})
    assert not figure.layout.shapes and "happy is never decided" in alt_text(figure).lower()


def test_it_grows_with_the_labels():
    two, seven = (
        probability_bars({str(at): 1 / n for at in range(n)}, {str(at): 0.5 for at in range(n)}) for n in (2, 7)
    )
    assert seven.layout.height > two.layout.height


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


def test_bars_are_stacked_by_split_and_totals_are_said():
    figure = class_balance({"train": {"happy": 30, "sad": 10}, "test": {"happy": 1200, "sad": 0}})
    assert [bar.name for bar in figure.data] == ["train", "test"]
    assert list(figure.data[0].y) == ["happy", "sad"] and list(figure.data[1].x) == [1200, 0]
    assert [note.text for note in figure.layout.annotations] == ["1,230", "10"]
    assert figure.layout.showlegend and figure.layout.barmode == "stack"
    said = alt_text(figure)
    assert "happy 1,230, sad 10." in said and "train 40, test 1,200" in said


def test_splits_differ_by_more_than_colour():
    figure = class_balance({str(number): {"happy": 1} for number in range(4)})
    assert len({bar.marker.pattern.shape for bar in figure.data}) == 4


def test_without_splits_there_is_no_legend():
    figure = class_balance({"": {"happy": 0}})
    assert not figure.layout.showlegend and "split" not in alt_text(figure)


PARTS = [
    {
        "name": "LSTM",
        "balanced_accuracy": {"difference": -0.005, "interval": [-0.012, 0.002]},
        "accuracy": {"difference": -0.025, "interval": [-0.03, -0.02]},
    },
    {
        "name": "mirror image",
        "balanced_accuracy": {"difference": -0.02, "interval": [-0.03, -0.01]},
        "accuracy": {"difference": 0.001, "interval": [-0.001, 0.003]},
    },
]


def test_the_greatest_loss_comes_first_with_its_whiskers():
    figure = ablation(PARTS)
    marks, accuracy = figure.data
    assert list(figure.layout.yaxis.ticktext) == ["mirror image", "LSTM"] and marks.y[0] < 0.5 < marks.y[1]
    assert list(marks.x) == pytest.approx([-2, -0.5]) and list(accuracy.x) == pytest.approx([0.1, -2.5])
    assert list(marks.error_x.array) == pytest.approx([1, 0.7])
    assert list(marks.error_x.arrayminus) == pytest.approx([1, 0.7])


def test_it_says_the_same_in_words():
    alt = alt_text(ablation(PARTS))
    assert "Mean recall without mirror image -2.0 points (-3.0 to -1.0); LSTM -0.5 points (-1.2 to +0.2)." in alt
    assert "Accuracy without mirror image +0.1 points (-0.1 to +0.3); LSTM -2.5 points" in alt
