"""What all figures share: title, margins, no accidental zooming, and a description for people who cannot see them."""

import plotly.graph_objects as go

from engine.charts import palette


def framed(figure: go.Figure, title: str, alt: str, height: int) -> go.Figure:
    """Give a figure its title, its description and its height, and return it.

    Parameters
    ----------
    figure
        Changed in place.
    title
        One line; ``<br>`` breaks it where the figure may be narrow.
    alt
        What a screen reader says instead of the figure.
    height
        In pixels; the width is the page's business.
    """
    lines = title.count("<br>") + 1
    figure.update_layout(
        title={
            "text": title,
            "x": 0,
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "pad": {"t": 8},
        },
        height=height,
        font={"color": palette.INK},
        margin={"l": 8, "r": 24, "t": 22 + 22 * lines, "b": 8},
        meta={"alt": alt},
        # A finger that scrolls the page must not drag the figure.
        dragmode=False,
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(fixedrange=True, automargin=True, tickfont={"color": palette.INK}, title_font={"color": palette.INK})
    return figure


def alt_text(figure: go.Figure) -> str:
    """Return the description that `framed` gave to a figure."""
    return figure.layout.meta["alt"]


def percent(share: float) -> str:
    """Return a share of 0..1 in whole percent, never rounded up to certain or down to impossible: ``"> 99 %"``."""
    if 0.995 <= share < 1:
        return "> 99 %"
    if 0 < share < 0.005:
        return "< 1 %"
    return f"{100 * share:.0f} %"
