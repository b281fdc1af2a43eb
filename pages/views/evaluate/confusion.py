"""Which expression is taken for which, down to the pictures behind one cell."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from engine.charts.confusion import confusion_heatmap, confusions
from engine.charts.frame import alt_text, percent
from engine.evaluation.evaluated import Evaluated
from pages.views.common.figures import QUIET
from pages.views.common.text import escape_markdown
from pages.views.evaluate.pictures import show_pictures

_CHART, _TRUE, _ANSWERED = "evaluate confusion", "evaluate true", "evaluate answered"


def show_confusion(evaluated: Evaluated) -> None:
    """Show the confusion matrix; a click on a cell, or two choices below, show that cell's pictures."""
    figures = evaluated.figures
    labels, counts = tuple(figures["labels"]), np.array(figures["confusion"])
    left, right = st.columns([3, 2], gap="large")
    with right:
        _mistakes(counts, labels)
        st.markdown("**Pictures of one cell**: click on it (on a touch screen tap it twice), or choose here.")
        row, column = _worst(counts)
        true = st.selectbox("True expression", labels, key=_TRUE, index=row, persist_state="page")
        answered = st.selectbox("Answered", labels, key=_ANSWERED, index=column, persist_state="page")
    row, column = labels.index(true), labels.index(answered)
    with left:
        # A figure with another frame is a new chart to Streamlit: each click finds one where nothing is selected yet.
        figure = confusion_heatmap(counts, labels, (row, column))
        st.plotly_chart(
            figure,
            config=QUIET,
            key=_CHART,
            alt=alt_text(figure),
            on_select=lambda: _take_over(labels),
            selection_mode="points",
        )
    st.subheader(
        f"{escape_markdown(true)} answered as {escape_markdown(answered)}: {counts[row, column]:,}", anchor=False
    )
    show_pictures(evaluated, row, column)


def _take_over(labels: Sequence[str]) -> None:
    """Choose the cell that was clicked."""
    points = st.session_state[_CHART]["selection"]["points"]
    if points and points[0].get("customdata"):
        row, column = points[0]["customdata"][:2]
        st.session_state[_TRUE], st.session_state[_ANSWERED] = labels[int(row)], labels[int(column)]


def _worst(counts: np.ndarray) -> tuple[int, int]:
    """Return row and column of the most frequent mistake: what one wants to see first."""
    mistakes = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(int(mistakes.argmax()), counts.shape)
    return int(row), int(column)


def _mistakes(counts: np.ndarray, labels: Sequence[str]) -> None:
    lines = [
        f"- {escape_markdown(true)} taken for {escape_markdown(answered)}: {count:,} times, {percent(share)}"
        for true, answered, count, share in confusions(counts, labels, 5)
    ]
    if lines:
        st.markdown("\n".join(["Most frequent mistakes, as a share of the true expression:", "", *lines]))
