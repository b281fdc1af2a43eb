"""The pictures behind one cell of a confusion matrix."""

import numpy as np
import streamlit as st

from engine.charts.frame import percent
from engine.datasets import FaceSet, store
from engine.errors import ImageError
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.predictions import Predictions
from pages.views.common.figures import show_thumbnail
from pages.views.common.text import escape_markdown

_AT_ONCE, _WIDTH = 24, 96


def show_pictures(evaluated: Evaluated, true: int, answered: int) -> None:
    """Show what was answered most surely first, some pictures at a time; a sentence where there is nothing to show.

    Parameters
    ----------
    evaluated
        What the page is about.
    true, answered
        The cell's row and column.
    """
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
    for name in store.names():
        if predictions.fingerprint and store.about(name).get("fingerprint") == predictions.fingerprint:
            return store.load(name)
    return None
