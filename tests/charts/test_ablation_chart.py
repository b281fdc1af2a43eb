import pytest

from engine.charts.ablation import ablation
from engine.charts.frame import alt_text

PARTS = [
    {"name": "LSTM", "difference": -0.005, "interval": [-0.012, 0.002]},
    {"name": "mirror image", "difference": -0.02, "interval": [-0.03, -0.01]},
]


def test_the_greatest_loss_comes_first_with_its_whiskers():
    (marks,) = ablation(PARTS).data
    assert list(marks.y) == ["mirror image", "LSTM"] and list(marks.x) == pytest.approx([-2, -0.5])
    assert list(marks.error_x.array) == pytest.approx([1, 0.7])
    assert list(marks.error_x.arrayminus) == pytest.approx([1, 0.7])


def test_it_says_the_same_in_words():
    assert "mirror image -2.0 points (-3.0 to -1.0); LSTM -0.5 points (-1.2 to +0.2)" in alt_text(ablation(PARTS))
