"""How probable each expression is, as bars."""

from collections.abc import Mapping

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent


def probability_bars(probabilities: Mapping[str, float], threshold: float) -> go.Figure:
    """Draw a bar an expression, the most probable on top, and the threshold from which one counts as decided.

    Parameters
    ----------
    probabilities
        A probability an expression, 0..1.
    threshold
        The lowest probability that counts as decided, 0..1.
    """
    ordered = sorted(probabilities.items(), key=lambda pair: pair[1], reverse=True)
    labels = [label for label, _ in ordered]
    values = [100 * value for _, value in ordered]
    words = [percent(value) for _, value in ordered]
    figure = go.Figure(
        go.Bar(
            x=values,
            y=labels,
            orientation="h",
            text=words,
            textposition="outside",
            cliponaxis=False,
            marker={"color": [palette.BLUE] + [palette.GRAY] * (len(labels) - 1), "line": {"width": 0}},
            hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
        )
    )
    figure.add_vline(x=100 * threshold, line={"dash": "dash", "width": 1.5, "color": palette.VERMILLION})
    figure.add_annotation(
        x=100 * threshold,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=f"decided from {percent(threshold)}",
        showarrow=False,
    )
    figure.update_xaxes(range=[0, 112], tick0=0, dtick=25, ticksuffix=" %", title="probability", showgrid=True)
    figure.update_yaxes(autorange="reversed", title=None)
    figure.update_layout(bargap=0.3)
    alt = f"Probabilities: {', '.join(f'{label} {word}' for label, word in zip(labels, words, strict=True))}. "
    alt += f"An expression counts as decided from {percent(threshold)}."
    framed(figure, "How probable is each expression?", alt, 130 + 28 * len(labels))
    return figure.update_layout(margin_t=66)
