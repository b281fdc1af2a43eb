"""How a training went."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent


def learning_curves(training: Sequence[float], validation: Sequence[float]) -> go.Figure:
    """Draw the accuracy after each epoch, on training pictures (dashed) and on validation pictures (solid).

    Parameters
    ----------
    training, validation
        One share an epoch, 0..1.
    """
    epochs = list(range(1, len(validation) + 1))
    figure = go.Figure()
    for name, shares, colour, dash, symbol in (
        ("validation", validation, palette.BLUE, "solid", "circle"),
        ("training", training, palette.VERMILLION, "dash", "square"),
    ):
        figure.add_scatter(
            x=epochs,
            y=[100 * share for share in shares],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 5},
            hovertemplate=f"{name}, epoch %{{x}}: %{{y:.1f}} %<extra></extra>",
        )
    figure.update_xaxes(title="epoch", rangemode="tozero")
    figure.update_yaxes(title="accuracy", ticksuffix=" %")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None})
    best = max(range(len(validation)), key=validation.__getitem__)
    alt = (
        f"Accuracy over {len(epochs)} epochs: validation from {percent(validation[0])} to {percent(validation[-1])}, "
        f"best {percent(validation[best])} after epoch {best + 1}; training from {percent(training[0])} to "
        f"{percent(training[-1])}."
    )
    framed(figure, "Accuracy while training", alt, 340)
    return figure.update_layout(margin_t=74)
