"""Figures and small pictures on a page."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from engine.charts.confusion import confusions
from engine.charts.face_maps import LBP_IN_WORDS, lbp_histogram, lbp_plane
from engine.charts.layout import alt_text, percent, zooms
from engine.charts.picture import data_url
from pages.views.common.text import escape_markdown, small_print

QUIET = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "doubleClick": False}
ZOOMABLE = QUIET | {"doubleClick": "reset"}


def show_figure(figure: go.Figure, key: str) -> None:
    """Show a figure in the page's theme, with its description for screen readers."""
    st.plotly_chart(figure, config=ZOOMABLE if zooms(figure) else QUIET, key=key, alt=alt_text(figure))


def show_lbp(codes: np.ndarray, histogram: np.ndarray, key: str) -> None:
    """Show local binary patterns: (height, width) uint8 codes beside their histogram."""
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(lbp_plane(codes), f"{key} plane")
    with right:
        show_figure(lbp_histogram(histogram), f"{key} histogram")
    small_print(LBP_IN_WORDS)


def show_mistakes(confusion: Sequence[Sequence[int]] | np.ndarray, labels: Sequence[str], most: int = 3) -> None:
    """List which expressions are most often taken for which."""
    lines = [
        f"- {escape_markdown(true)} taken for {escape_markdown(answered)}: {count:,} times, {percent(share)}"
        for true, answered, count, share in confusions(confusion, labels, most)
    ]
    if lines:
        st.markdown("\n".join(["Most frequent mistakes, as a share of the true expression:", "", *lines]))


def show_left_out(pictures: Mapping[str, int] | None) -> None:
    """Say how many pictures of which labels an evaluation left out, where there are any."""
    if pictures:
        labels = ", ".join(f"{name} {count:,}" for name, count in pictures.items())
        small_print(f"Left out, since the model has no such answer: {escape_markdown(labels)}.")


def show_thumbnail(picture: np.ndarray, side: int, words: str, alt: str, *, moving: bool = False) -> None:
    """Show a picture with a word or two below it; to be put into a horizontal container.

    Parameters
    ----------
    picture
        (height, width) gray or (height, width, 3) RGB, uint8.
    side
        Its width on the page, in pixels.
    words
        What stands below, as its author wrote it; nothing where it is empty.
    alt
        What a screen reader says instead of the picture.
    moving
        Whether another one takes its place many times a second.
    """
    with st.container(width=side, gap="xxsmall"):
        shown = enlarge(picture, side)
        st.image(data_url(shown) if moving else shown, width=side, alt=alt)
        if words:
            small_print(escape_markdown(words), width=side, text_alignment="center")


def enlarge(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a small picture with its longer side at least ``side`` pixels, each pixel a square."""
    factor = max(1, -(-side // max(picture.shape[:2])))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)
