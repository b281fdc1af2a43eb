import pytest

from engine.charts import palette
from engine.charts.frame import alt_text
from engine.charts.probabilities import probability_bars


def test_the_most_probable_comes_first_and_stands_out():
    figure = probability_bars({"sad": 0.2, "happy": 0.7, "fear": 0.1}, 0.52)
    (bars,) = figure.data
    assert list(bars.y) == ["happy", "sad", "fear"]
    assert list(bars.x) == pytest.approx([70, 20, 10])
    assert list(bars.text) == ["70 %", "20 %", "10 %"]
    assert list(bars.marker.color) == [palette.BLUE, palette.GRAY, palette.GRAY]
    assert figure.layout.yaxis.autorange == "reversed"


def test_the_threshold_is_drawn_and_named():
    figure = probability_bars({"sad": 0.2, "happy": 0.8}, 0.52)
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 52
    assert [note.text for note in figure.layout.annotations] == ["decided from 52 %"]


def test_the_description_holds_every_number():
    alt = alt_text(probability_bars({"sad": 0.001, "happy": 0.999}, 0.5))
    assert "happy > 99 %, sad < 1 %" in alt and "from 50 %" in alt


def test_it_grows_with_the_labels():
    two, seven = (probability_bars({str(at): 1 / n for at in range(n)}, 0.5) for n in (2, 7))
    assert seven.layout.height > two.layout.height
