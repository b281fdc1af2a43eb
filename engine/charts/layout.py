"""What all figures share: title, margins, legend, no zooming by accident, and a description for screen readers."""

from collections.abc import Iterable, Sequence
from html import escape
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

    What others may have named, in series, categories, marks on axes and words at marks, is shown letter by letter:
    in text that a figure puts together itself, such as a title or a hover's template, it goes through `as_text`.

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
    _show_names_as_text(figure)
    if legend is not None:
        anchor = "bottom" if legend == ABOVE else "top"
        figure.update_layout(legend={"orientation": "h", "x": 0, "y": legend, "yanchor": anchor, "title": None})
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(fixedrange=True, automargin=True, tickfont={"color": palette.INK}, title_font={"color": palette.INK})
    if zoom:
        figure.update_xaxes(fixedrange=False)
    return figure


def as_text(name: str) -> str:
    """Return a name as Plotly shows it letter by letter: it takes ``<b>`` for a tag and ``%{x}`` for a value."""
    return escape(name, quote=False).replace("%{", "&#37;{")


def _show_names_as_text(figure: go.Figure) -> None:
    for trace in figure.data:
        for field in ("name", "text", "x", "y"):
            if field in trace and (names := _names(trace[field])) is not None:
                trace[field] = names
                if field in ("x", "y") and not isinstance(names, str):
                    # Else classes named 1 and 2 would stand at these numbers, and one named 2024-01 at that date.
                    axis = trace[f"{field}axis"] or field
                    figure.layout[f"{field}axis{axis[1:]}"].type = "category"
    for axes in (figure.for_each_xaxis, figure.for_each_yaxis):
        axes(_name_marks_as_text)
    for said in figure.layout.annotations:
        for field in ("x", "y"):
            if isinstance(said[field], str):
                said[field] = as_text(said[field])


def _name_marks_as_text(axis: Any) -> None:
    for field in ("ticktext", "categoryarray"):
        if (names := _names(axis[field])) is not None:
            axis[field] = names


def _names(values: Any) -> Any:
    """Return one name or several as text; None where there is none."""
    if isinstance(values, str):
        return as_text(values)
    several = isinstance(values, (list, tuple)) and any(isinstance(each, str) for each in values)
    return [as_text(each) if isinstance(each, str) else each for each in values] if several else None


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
