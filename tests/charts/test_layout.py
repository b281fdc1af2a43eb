import plotly.graph_objects as go
import pytest

from engine.charts.layout import alt_text, finish, percent, zooms


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.004, "< 1 %"), (0.006, "1 %"), (0.5, "50 %"), (0.994, "99 %"), (0.996, "> 99 %"), (1, "100 %")],
)
def test_percent_never_claims_certainty(share, words):
    assert percent(share) == words


def test_a_frame_titles_describes_and_holds_still():
    figure = finish(go.Figure(go.Bar(x=[1], y=[2])), "Title", "What it shows.", 200)
    assert figure.layout.title.text == "Title" and figure.layout.height == 200
    assert alt_text(figure) == "What it shows."
    assert figure.layout.dragmode is False
    assert figure.layout.xaxis.fixedrange and figure.layout.yaxis.fixedrange


def test_a_frame_may_let_time_be_zoomed_and_say_its_units_below():
    figure = finish(go.Figure(go.Bar(x=[1], y=[2])), "Title", "What it shows.", 200, zoom=True, below="in percent")
    assert figure.layout.dragmode == "zoom" and zooms(figure)
    assert figure.layout.xaxis.fixedrange is False and figure.layout.yaxis.fixedrange
    assert figure.layout.title.subtitle.text == "in percent"
    still = finish(go.Figure(go.Bar(x=[1], y=[2])), "Title", "What it shows.", 200)
    assert not zooms(still) and still.layout.margin.t < figure.layout.margin.t
