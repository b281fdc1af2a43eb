from engine.charts.class_balance import class_balance
from engine.charts.frame import alt_text


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
