"""What mattered for an answer, laid over the face that the model saw."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.face_ground import face_ground, strongest_place
from engine.charts.frame import framed


def importance_overlay(crop: np.ndarray, importance: np.ndarray, label: str, done: str = "covering") -> go.Figure:
    """Lay a map of what mattered over a face crop, scaled to its own strongest part.

    Blue: covering it lowers the probability, so that it speaks for the expression. Vermillion: covering it raises the
    probability. A line goes round the strongest half of what speaks for it, so that the map can be read without colour.

    Parameters
    ----------
    crop
        (height, width) uint8, gray.
    importance
        (height, width) float, the fall of the probability where a pixel is covered, -1..1.
    label
        The expression that it is about.
    done
        What was done to each part, as in ``"covering"`` it.
    """
    shares = _of_strongest(importance)
    figure = face_ground(crop)
    figure.add_heatmap(
        z=100 * shares,
        zmin=-100,
        zmax=100,
        zsmooth="best",
        colorscale=[
            (0.0, palette.rgba(palette.VERMILLION, 0.8)),
            (0.5, palette.rgba(palette.WHITE, 0.0)),
            (1.0, palette.rgba(palette.BLUE, 0.8)),
        ],
        colorbar={"thickness": 12, "len": 0.9, "tickvals": [-100, 0, 100], "ticktext": ["against", "neither", "for"]},
        hovertemplate="%{z:+.0f} % of the strongest part<extra></extra>",
    )
    if shares.max() > 0:
        half = 100 * shares.max() / 2
        figure.add_contour(
            z=100 * shares,
            contours={"start": half, "end": half, "size": 1, "coloring": "none"},
            line={"color": palette.WHITE, "width": 2},
            showscale=False,
            hoverinfo="skip",
        )
    return framed(figure, f"What speaks for “{label}”", importance_in_words(importance, label, done), 340)


def importance_in_words(importance: np.ndarray, label: str, done: str = "covering") -> str:
    """Say which part of the crop matters most and by how much, for those who cannot or will not read the map."""
    strongest = float(np.max(importance))
    if strongest <= 0:
        return f"No part of the picture speaks for “{label}”: {done} any of it does not lower its probability."
    first = f"The {strongest_place(importance)} of the picture speaks most for “{label}”"
    if strongest < 0.01:
        return f"{first}; but {done} it alone hardly changes the answer, since other parts say the same."
    return f"{first}: {done} it lowers the probability by {100 * strongest:.0f} percentage points."


def _of_strongest(importance: np.ndarray) -> np.ndarray:
    values = np.asarray(importance, dtype=float)
    return values / max(float(np.abs(values).max()), 1e-9)
