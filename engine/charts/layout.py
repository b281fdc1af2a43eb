"""What all figures share: title, margins, legend, no zooming by accident, and a description for screen readers."""

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.charts import palette
from engine.words import in_percent

PERCENT: dict[str, Any] = {"range": [0, 102], "tick0": 0, "dtick": 25, "ticksuffix": " %"}
"""An axis of shares in percent, with room for a mark at its upper end."""

ABOVE = 1.0
"""Where a legend stands that lies between title and axes; below the axes it lies at a negative height."""


def finish(
    figure: go.Figure,
    title: str,
    alt: str,
    height: int,
    zoom: bool = False,
    below: str = "",
    legend: float | None = None,
) -> go.Figure:
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
    zoom
        Whether dragging across zooms along x (a double click goes back); without it nothing moves.
    below
        A second line under the title, smaller, such as the units; ``<br>`` breaks it.
    legend
        Where the legend stands, in one row: `ABOVE` the axes, or below them at a negative share of their height.
    """
    lines = title.count("<br>") + 1 + (below.count("<br>") + 1 if below else 0)
    figure.update_layout(
        title={
            "text": title,
            "x": 0,
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "pad": {"t": 8},
            "subtitle": {"text": below or None, "font": {"size": 12, "color": palette.INK}},
        },
        height=height,
        font={"color": palette.INK},
        margin={"l": 8, "r": 24, "t": 22 + 22 * lines + (30 if legend == ABOVE else 0), "b": 8},
        meta={"alt": alt, "zoom": zoom},
        # A finger that scrolls the page must not drag the figure.
        dragmode="zoom" if zoom else False,
    )
    if legend is not None:
        anchor = "bottom" if legend == ABOVE else "top"
        figure.update_layout(legend={"orientation": "h", "x": 0, "y": legend, "yanchor": anchor, "title": None})
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(fixedrange=True, automargin=True, tickfont={"color": palette.INK}, title_font={"color": palette.INK})
    if zoom:
        figure.update_xaxes(fixedrange=False)
    return figure


def intervals(values: Sequence[float], ends: Iterable[Sequence[float]], **style: object) -> dict[str, object]:
    """Return whiskers from the lower to the upper end of each value's interval, as Plotly takes error bars."""
    low, high = zip(*ends, strict=True)
    return {
        "type": "data",
        "symmetric": False,
        "array": [end - value for end, value in zip(high, values, strict=True)],
        "arrayminus": [value - end for end, value in zip(low, values, strict=True)],
    } | style


def reference_line(
    figure: go.Figure, x: Sequence[float], y: Sequence[Any], name: str | None = None, dash: str = "dash"
) -> None:
    """Draw a gray line that series are held against; without a name it has no place in the legend."""
    line = {"color": palette.GRAY, "dash": dash, "width": 2}
    figure.add_scatter(x=x, y=y, name=name, mode="lines", line=line, hoverinfo="skip", showlegend=name is not None)


def note(figure: go.Figure, text: str, x: object, y: object, **placing: object) -> None:
    """Write words into a figure at a place, without an arrow."""
    figure.add_annotation(text=text, x=x, y=y, showarrow=False, **placing)


def alt_text(figure: go.Figure) -> str:
    """Return the description that `finish` gave to a figure."""
    return figure.layout.meta["alt"]


def zooms(figure: go.Figure) -> bool:
    """Tell whether `finish` let a figure be zoomed, so that a double click has to bring it back."""
    return figure.layout.meta["zoom"]


def percent(share: float, decimals: int = 0) -> str:
    """Return a share of 0..1 in percent, never rounded up to certain or down to impossible: ``"> 99 %"``."""
    step = 10.0**-decimals
    if 1 - step / 200 <= share < 1:
        return f"> {100 - step:.{decimals}f} %"
    if 0 < share < step / 200:
        return f"< {step:.{decimals}f} %"
    return in_percent(share, decimals)
