import numpy as np
import pytest

from engine.charts.layout import alt_text
from engine.charts.lbp import lbp_histogram, lbp_plane


def test_the_plane_shows_the_codes_upright():
    codes = np.arange(12, dtype=np.uint8).reshape(3, 4)
    figure = lbp_plane(codes)
    assert np.array_equal(figure.data[0].z, codes)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 255)
    assert figure.layout.yaxis.autorange == "reversed" and figure.layout.yaxis.scaleanchor == "x"
    assert "4 by 3" in alt_text(figure)


def test_the_histogram_names_the_most_frequent_codes():
    shares = np.zeros(256)
    shares[[255, 7, 31]] = 0.5, 0.3, 0.2
    figure = lbp_histogram(shares)
    assert list(figure.data[0].x) == list(range(256))
    assert figure.data[0].y[7] == pytest.approx(30)
    assert "255 (50.0 %), 7 (30.0 %), 31 (20.0 %)" in alt_text(figure)
