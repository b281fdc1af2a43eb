"""Which expressions a model takes for which."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import finish, note, percent


def confusion_heatmap(confusion: np.ndarray, labels: Sequence[str], chosen: tuple[int, int] | None = None) -> go.Figure:
    """Draw a confusion matrix: each cell with its count and its share of the row, darker for a larger share.

    Over each cell lies an invisible mark that can be clicked, its ``customdata`` the cell's row, column and count.

    Parameters
    ----------
    confusion
        (k, k) counts, rows true, columns answered.
    labels
        The k expressions.
    chosen
        Row and column of a cell to frame, None for none.
    """
    counts = np.asarray(confusion, dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=100 * shares,
            x=list(labels),
            y=list(labels),
            hoverinfo="skip",
            zmin=0,
            zmax=100,
            colorscale=[(0, palette.WHITE), (1, palette.BLUE)],
            xgap=2,
            ygap=2,
            # The shares stand in the cells; on a phone a scale would take a quarter of the width.
            showscale=False,
        )
    )
    cells = list(np.ndindex(counts.shape))
    figure.add_scatter(
        x=[labels[column] for _, column in cells],
        y=[labels[row] for row, _ in cells],
        customdata=[[row, column, counts[row, column], 100 * shares[row, column]] for row, column in cells],
        mode="markers",
        marker={"symbol": "square", "size": 44, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
        hovertemplate="%{y} answered as %{x}: %{customdata[2]:,.0f}, %{customdata[3]:.1f} % of the row<extra></extra>",
    )
    for row, true in enumerate(labels):
        for column, answered in enumerate(labels):
            share = float(shares[row, column])
            said = f"{counts[row, column]:.0f}<br><span style='font-size:0.8em'>{percent(share)}</span>"
            ink = palette.readable_on(palette.mixed(share, palette.BLUE))
            note(figure, said, answered, true, font={"color": ink, "size": 12})
    if chosen is not None:
        row, column = chosen
        figure.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"color": palette.VERMILLION, "width": 3},
        )
    # The nearest cell answers, however wide the cells are.
    figure.update_layout(hoverdistance=-1)
    # Marks would have the axes reach beyond the cells.
    ends = [-0.5, len(labels) - 0.5]
    figure.update_xaxes(title="answered", side="bottom", range=ends, showgrid=False, ticks="")
    figure.update_yaxes(title="true", range=ends[::-1], showgrid=False, ticks="")
    return finish(figure, "Which expression is taken for which?", _in_words(shares, labels), 120 + 52 * len(labels))


def confusions(confusion: np.ndarray, labels: Sequence[str], most: int = 3) -> list[tuple[str, str, int, float]]:
    """Return the most frequent mistakes, by share of the true expression's pictures.

    Parameters
    ----------
    confusion
        (k, k) counts, rows true.
    labels
        The k expressions.
    most
        How many at most.

    Returns
    -------
    list
        True expression, answered expression, count, share of the true expression's pictures (0..1).
    """
    counts = np.array(confusion, dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    order = np.argsort(-shares, axis=None, kind="stable")[:most]
    cells = [tuple(map(int, np.unravel_index(at, shares.shape))) for at in order]
    return [
        (labels[row], labels[column], int(counts[row, column]), float(shares[row, column]))
        for row, column in cells
        if shares[row, column] > 0
    ]


def _in_words(shares: np.ndarray, labels: Sequence[str]) -> str:
    right = ", ".join(f"{label} {percent(float(shares[at, at]))}" for at, label in enumerate(labels))
    wrong = "; ".join(
        f"{true} taken for {answered} in {percent(share)}"
        for true, answered, _, share in confusions(shares * 1e6, labels)
    )
    return f"Confusion matrix. Recognised: {right}." + (f" Most frequent mistakes: {wrong}." if wrong else "")
