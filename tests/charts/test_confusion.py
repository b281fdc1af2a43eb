import numpy as np
import pytest

from engine.charts.confusion import confusion_heatmap, confusions
from engine.charts.layout import alt_text

COUNTS = [[8, 2, 0], [5, 5, 0], [0, 0, 0]]
LABELS = ("angry", "fear", "sad")


def test_cells_hold_counts_and_shares_of_their_row():
    figure = confusion_heatmap(np.array(COUNTS), LABELS)
    cells, marks = figure.data
    assert np.asarray(cells.z) == pytest.approx(np.array([[80, 20, 0], [50, 50, 0], [0, 0, 0]]))
    assert [(mark[0], mark[1], mark[2]) for mark in marks.customdata][:4] == [
        (0, 0, 8),
        (0, 1, 2),
        (0, 2, 0),
        (1, 0, 5),
    ]
    assert (marks.y[1], marks.x[1]) == ("angry", "fear"), "a click on a mark means its cell"
    texts = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert len(texts) == 9
    assert texts["angry", "angry"].startswith("8<br>") and "80 %" in texts["angry", "angry"]
    assert figure.layout.yaxis.range == (2.5, -0.5), "the first label belongs on top"


def test_axes_say_which_is_true():
    figure = confusion_heatmap(COUNTS, LABELS)
    assert figure.layout.yaxis.title.text == "true" and figure.layout.xaxis.title.text == "answered"


def test_the_worst_mistakes_come_first():
    assert confusions(COUNTS, LABELS) == [("fear", "angry", 5, 0.5), ("angry", "fear", 2, 0.2)]
    assert confusions(COUNTS, LABELS, most=1) == [("fear", "angry", 5, 0.5)]
    assert confusions(np.eye(3), LABELS) == []


def test_the_description_names_them():
    alt = alt_text(confusion_heatmap(COUNTS, LABELS))
    assert "angry 80 %, fear 50 %, sad 0 %" in alt and "fear taken for angry in 50 %" in alt
    assert "mistakes" not in alt_text(confusion_heatmap(np.eye(3), LABELS))


def test_the_chosen_cell_is_framed():
    assert not confusion_heatmap(COUNTS, LABELS).layout.shapes
    (frame,) = confusion_heatmap(COUNTS, LABELS, (1, 0)).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, 0.5, 1.5)
