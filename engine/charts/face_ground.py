"""A gray face to draw on, and where on it something is, in words."""

import numpy as np
import plotly.graph_objects as go


def face_ground(face: np.ndarray) -> go.Figure:
    """Return a figure with a gray picture as its ground; x and y count its pixels, y downwards.

    Parameters
    ----------
    face
        (height, width) uint8.
    """
    figure = go.Figure(
        go.Heatmap(z=face, zmin=0, zmax=255, colorscale="Gray", showscale=False, hoverinfo="skip", zsmooth="best")
    )
    height, width = face.shape
    figure.update_xaxes(visible=False, constrain="domain", range=[-0.5, width - 0.5])
    figure.update_yaxes(visible=False, constrain="domain", range=[height - 0.5, -0.5], scaleanchor="x", scaleratio=1)
    return figure


def strongest_place(values: np.ndarray) -> str:
    """Say where the largest value of a map (height, width) is: ``"upper left"``, ``"centre"``, ``"lower centre"``."""
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    height = ("upper", "middle", "lower")[min(3 * int(row) // values.shape[0], 2)]
    side = ("left", "centre", "right")[min(3 * int(column) // values.shape[1], 2)]
    return "centre" if (height, side) == ("middle", "centre") else f"{height} {side}"
