"""Which expression is taken for which, down to the pictures behind one cell."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import streamlit as st

from engine.charts.confusion import confusion_heatmap
from engine.charts.layout import alt_text, percent
from engine.datasets import FaceSet, store
from engine.errors import DataError, ImageError
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.predictions import Predictions
from pages.views.common.figures import QUIET, show_mistakes, show_thumbnail
from pages.views.common.text import escape_markdown

_CHART, _TRUE, _ANSWERED = "evaluate confusion", "evaluate true", "evaluate answered"
_AT_ONCE, _WIDTH = 24, 96


def show_confusion(evaluated: Evaluated) -> None:
    """Show the confusion matrix; a click on a cell, or two choices below, show that cell's pictures."""
    figures = evaluated.figures
    labels, counts = tuple(figures["labels"]), np.array(figures["confusion"])
    left, right = st.columns([3, 2], gap="large")
    with right:
        show_mistakes(counts, labels, 5)
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
    _pictures(evaluated, row, column)


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


def _pictures(evaluated: Evaluated, true: int, answered: int) -> None:
    """Show a cell's pictures, what was answered most surely first; a sentence where there is nothing to show."""
    predictions = evaluated.predictions
    if predictions is None:
        st.info(
            "A card keeps counts, not pictures. To see them, import the data set, and choose “New evaluation” above."
        )
        return
    inside = np.flatnonzero((predictions.true == true) & (predictions.answered == answered))
    if not len(inside):
        st.markdown("No picture is in this cell.")
        return
    faces = _source(predictions)
    if faces is None:
        st.info(
            "The pictures are not in the library: no imported set has the fingerprint of "
            f"{escape_markdown(predictions.data)}. Import it on the page Datasets to see them here."
        )
        return
    sure = predictions.probabilities[inside, answered]
    inside = inside[np.argsort(-sure, kind="stable")]
    first = 0
    if len(inside) > _AT_ONCE:
        pages = -(-len(inside) // _AT_ONCE)
        first = _AT_ONCE * (st.pagination(pages, key=f"evaluate part {true} {answered} {pages}") - 1)
    st.markdown("The surest answer first, with its probability.")
    _gallery(faces, predictions, inside[first : first + _AT_ONCE], answered)


def _gallery(faces: FaceSet, predictions: Predictions, places: np.ndarray, answered: int) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        for place in places:
            row, sure = int(predictions.rows[place]), percent(float(predictions.probabilities[place, answered]))
            true = predictions.labels[predictions.true[place]]
            alt = f"Picture {row}: {true}, answered {predictions.labels[answered]} with {sure}"
            try:
                show_thumbnail(np.asarray(faces.pictures[row]), _WIDTH, sure, alt)
            except ImageError as error:
                st.markdown(escape_markdown(error.what), width=_WIDTH)


def _source(predictions: Predictions) -> FaceSet | None:
    """Return the imported set that the predictions are about, whatever it is called here."""
    wanted = predictions.fingerprint
    for name in store.names() if wanted else ():
        with suppress(DataError):  # another set is damaged
            if wanted in (store.fingerprint(name), store.fingerprint_as_changed(name)):
                return store.load(name)
    return None
