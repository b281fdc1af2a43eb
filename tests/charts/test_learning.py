import pytest

from engine.charts.layout import alt_text
from engine.charts.learning import learning_curves


def test_curves_differ_in_dash_and_start_at_epoch_one():
    figure = learning_curves([0.2, 0.5, 0.9], [0.3, 0.6, 0.5])
    validation, training = figure.data
    assert (validation.name, training.name) == ("validation", "training")
    assert validation.line.dash != training.line.dash
    assert list(validation.x) == [1, 2, 3] and list(training.y) == pytest.approx([20, 50, 90])
    assert figure.layout.yaxis.rangemode == "tozero"
    assert "best 60 % after epoch 2" in alt_text(figure)
