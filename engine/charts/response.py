"""Where a network responds or attends, laid over the face that it saw."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.face_ground import face_ground, strongest_place
from engine.charts.frame import framed


def response_overlay(face: np.ndarray, response: np.ndarray, title: str) -> go.Figure:
    """Lay a map of how strongly a network responds over a face, scaled to its own strongest part.

    A line goes round what is at least half as strong as the strongest, so that the map can be read without colour.
    It says where the network looks, not whether that speaks for or against an expression; for that see
    `engine.charts.importance.importance_overlay`.

    Parameters
    ----------
    face
        (height, width) uint8, gray.
    response
        (rows, columns) float, 0 or more; any size, stretched over the face.
    title
        One line, such as ``"Where LEARNet responds"``.
    """
    values = np.maximum(np.nan_to_num(np.asarray(response, dtype=float)), 0)
    most = float(values.max())
    shares = 100 * values / most if most > 0 else values
    x, y = (_centres(count, side) for count, side in zip(values.shape[::-1], face.shape[::-1], strict=True))
    figure = face_ground(face)
    figure.add_heatmap(
        x=x,
        y=y,
        z=shares,
        zmin=0,
        zmax=100,
        zsmooth="best",
        colorscale=[(0, palette.rgba(palette.VERMILLION, 0)), (1, palette.rgba(palette.VERMILLION, 0.75))],
        colorbar={"thickness": 12, "len": 0.9, "ticksuffix": " %", "nticks": 3},
        hovertemplate="%{z:.0f} % of the strongest<extra></extra>",
    )
    if most > 0:
        figure.add_contour(
            x=x,
            y=y,
            z=shares,
            contours={"start": 50, "end": 50, "size": 1, "coloring": "none"},
            line={"color": palette.WHITE, "width": 2},
            showscale=False,
            hoverinfo="skip",
        )
    return framed(figure, title, response_in_words(values, title), 340)


def response_in_words(response: np.ndarray, title: str) -> str:
    """Say where a map is strongest and how much of the face it covers."""
    values = np.asarray(response, dtype=float)
    most = float(values.max())
    if most <= 0:
        return f"{title}: nowhere."
    half = float(np.mean(values >= most / 2))
    return (
        f"{title}: strongest in the {strongest_place(values)} of the picture; at least half as strong in "
        f"{100 * half:.0f} % of it."
    )


def _centres(count: int, side: int) -> np.ndarray:
    """Return where the centres of ``count`` equal parts lie on a side of so many pixels."""
    return (np.arange(count) + 0.5) * side / count - 0.5
