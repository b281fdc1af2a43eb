from datetime import date

import pytest

from engine.charts.layout import alt_text
from engine.charts.practice import right_by_week
from engine.practice.scores import Score


def test_each_week_has_its_share_and_interval():
    figure = right_by_week({date(2026, 3, 2): Score(7, 14), date(2026, 3, 9): Score(12, 14)}, "all faces")
    (line,) = figure.data
    assert list(line.y) == pytest.approx([50, 1200 / 14])
    low, high = Score(7, 14).interval
    assert line.error_y.array[0] == pytest.approx(100 * high - 50)
    assert line.error_y.arrayminus[0] == pytest.approx(50 - 100 * low)
    assert "week of 2026-03-02 50 %; week of 2026-03-09 86 %" in alt_text(figure)
