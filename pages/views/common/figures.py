"""Figures on a page."""

import plotly.graph_objects as go
import streamlit as st

from engine.charts.frame import alt_text, zooms

QUIET = {"displayModeBar": False, "displaylogo": False, "scrollZoom": False, "doubleClick": False}
ZOOMABLE = QUIET | {"doubleClick": "reset"}


def show_figure(figure: go.Figure, key: str) -> None:
    """Show a figure in the page's theme, with its description for screen readers."""
    st.plotly_chart(figure, config=ZOOMABLE if zooms(figure) else QUIET, key=key, alt=alt_text(figure))
