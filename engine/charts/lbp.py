"""Local binary patterns to look at: the plane of codes and their histogram."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import finish

LBP_IN_WORDS = (
    "Local binary patterns: the code of a pixel, 0 to 255, tells which of its eight neighbours are brighter, so that "
    "the scene's light hardly counts. The networks see these planes beside, or instead of, the gray picture."
)


def lbp_plane(codes: np.ndarray) -> go.Figure:
    """Draw the codes as gray: what is left of a face when only the order of neighbouring pixels counts.

    Parameters
    ----------
    codes
        (height, width) uint8.
    """
    figure = go.Figure(
        go.Heatmap(
            z=codes,
            zmin=0,
            zmax=255,
            colorscale="Gray",
            colorbar={"title": {"text": "code", "side": "top"}, "thickness": 12, "len": 0.9, "tickvals": [0, 128, 255]},
            hovertemplate="code %{z}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, constrain="domain", autorange="reversed", scaleanchor="x", scaleratio=1)
    height, width = codes.shape
    alt = f"The face's local binary patterns as a gray picture, {width} by {height} codes from 0 to 255."
    return finish(figure, "Local binary patterns", alt, 340)


def lbp_histogram(shares: np.ndarray) -> go.Figure:
    """Draw how often each code occurs.

    Parameters
    ----------
    shares
        (256,) normalised histogram, summing to 1.
    """
    percents = 100 * np.asarray(shares, dtype=float)
    figure = go.Figure(
        go.Bar(
            x=np.arange(len(percents)),
            y=percents,
            marker={"color": palette.BLUE, "line": {"width": 0}},
            hovertemplate="code %{x}: %{y:.2f} % of the pixels<extra></extra>",
        )
    )
    figure.update_layout(bargap=0)
    figure.update_xaxes(title="code", range=[-0.5, len(percents) - 0.5], tickvals=[0, 64, 128, 192, 255])
    figure.update_yaxes(title="share of pixels", ticksuffix=" %", rangemode="tozero")
    top = [int(code) for code in np.argsort(-percents, kind="stable")[:3]]
    most = ", ".join(f"{code} ({percents[code]:.1f} %)" for code in top)
    alt = f"Histogram of the {len(percents)} codes; the most frequent are {most}."
    return finish(figure, "How often each code occurs", alt, 340)
