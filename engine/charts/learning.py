"""How a training goes, or went."""

from collections.abc import Sequence

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import ABOVE, PERCENT, finish, percent, reference_line

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
    alt = _alt(training, validation, measure)
    return finish(figure, f"{measure.capitalize()} while training", alt, 340, legend=ABOVE)


def accuracy_so_far(points: Sequence[tuple[int, float]], total: int, chance: float) -> go.Figure:
    """Draw the accuracy on held-out pictures against how many pictures have been learnt from.

    Parameters
    ----------
    points
        Pictures learnt from, and accuracy in 0..1.
    total
        How many will be learnt from.
    chance
        What guessing would give, 0..1.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[learnt for learnt, _ in points],
        y=[100 * share for _, share in points],
        name="held-out pictures",
        mode="lines+markers",
        line={"color": palette.BLUE, "width": 2},
        marker={"size": 6},
        hovertemplate="after %{x:,} pictures: %{y:.1f} %<extra></extra>",
    )
    reference_line(figure, [0, total], [100 * chance] * 2, f"guessing, {percent(chance)}")
    figure.update_xaxes(title="pictures learnt from", range=[0, total], tickformat=",d", nticks=6)
    figure.update_yaxes(PERCENT, title="accuracy")
    last = f" After {points[-1][0]:,} pictures it is {percent(points[-1][1])}." if points else " Nothing is known yet."
    alt = f"Accuracy on held-out pictures while learning; guessing gives {percent(chance)}.{last}"
    return finish(figure, "Accuracy on held-out pictures so far", alt, 340, legend=ABOVE)


def _alt(training: Sequence[float], validation: Sequence[float], measure: str) -> str:
    pick, said = (max, percent) if measure == "accuracy" else (min, "{:.3f}".format)
    best = pick(range(len(validation)), key=validation.__getitem__)
    return (
        f"{measure.capitalize()} over {len(validation)} epochs: validation from {said(validation[0])} to "
        f"{said(validation[-1])}, best {said(validation[best])} after epoch {best + 1}; training from "
        f"{said(training[0])} to {said(training[-1])}."
    )
