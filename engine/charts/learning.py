"""How a training goes, or went."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed, percent

MEASURES = ("accuracy", "loss")


def learning_curves(training: Sequence[float], validation: Sequence[float], measure: str = "accuracy") -> go.Figure:
    """Draw a measure after each epoch, on training pictures (dashed) and on validation pictures (solid).

    Parameters
    ----------
    training, validation
        One value an epoch, at least one: shares in 0..1 of an accuracy, cross-entropies in nats of a loss.
    measure
        One of `MEASURES`.
    """
    accuracy = measure == "accuracy"
    epochs = list(range(1, len(validation) + 1))
    figure = go.Figure()
    for name, values, colour, dash, symbol in (
        ("validation", validation, palette.BLUE, "solid", "circle"),
        ("training", training, palette.VERMILLION, "dash", "square"),
    ):
        figure.add_scatter(
            x=epochs,
            y=[100 * value if accuracy else value for value in values],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 5},
            hovertemplate=f"{name}, epoch %{{x}}: %{{y:{'.1f} %' if accuracy else '.3f}'}<extra></extra>",
        )
    # A few epochs would otherwise be marked with halves.
    figure.update_xaxes(title="epoch", rangemode="tozero", tickformat=",d", nticks=min(10, len(epochs) + 1))
    if accuracy:
        figure.update_yaxes(title="accuracy", ticksuffix=" %", rangemode="tozero")
    else:
        figure.update_yaxes(title="cross-entropy (nats)", rangemode="tozero")
    figure.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None})
    framed(figure, f"{measure.capitalize()} while training", _alt(training, validation, measure), 340)
    return figure.update_layout(margin_t=74)


def _alt(training: Sequence[float], validation: Sequence[float], measure: str) -> str:
    pick, said = (max, percent) if measure == "accuracy" else (min, "{:.3f}".format)
    best = pick(range(len(validation)), key=validation.__getitem__)
    return (
        f"{measure.capitalize()} over {len(validation)} epochs: validation from {said(validation[0])} to "
        f"{said(validation[-1])}, best {said(validation[best])} after epoch {best + 1}; training from "
        f"{said(training[0])} to {said(training[-1])}."
    )
