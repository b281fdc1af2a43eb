"""How a training goes, and how well a model does: over thresholds, over probabilities said, over worse pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import ABOVE, PERCENT, as_text, finish, intervals, percent, reference_line
from engine.words import in_percent

MEASURES = ("accuracy", "loss")

_HEIGHT = 440
_BELOW = -0.22
_SCALING = {
    "before": ("before scaling", palette.VERMILLION, "square", "dash"),
    "after": ("after scaling", palette.BLUE, "circle", "solid"),
}


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
    title, suffix = ("accuracy", " %") if accuracy else ("cross-entropy (nats)", None)
    figure.update_yaxes(title=title, ticksuffix=suffix, rangemode="tozero")
    alt = _alt(training, validation, measure)
    return finish(figure, f"{measure.capitalize()} while training", alt, 340, legend=ABOVE)


def compared_curves(curves: Mapping[str, Sequence[float]], measure: str = "accuracy") -> go.Figure:
    """Draw a measure after each epoch on the validation pictures of several trainings.

    Parameters
    ----------
    curves
        By the training's name, one value an epoch, as `learning_curves` takes them.
    measure
        One of `MEASURES`.
    """
    accuracy = measure == "accuracy"
    pick, said = (max, percent) if accuracy else (min, "{:.3f}".format)
    figure = go.Figure()
    for index, (name, values) in enumerate(curves.items()):
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=[100 * value if accuracy else value for value in values],
            name=name,
            mode="lines+markers",
            line=palette.line_style(index),
            marker=palette.marker_style(index, 6),
            hovertemplate=f"{as_text(name)}, epoch %{{x}}: %{{y:{'.1f} %' if accuracy else '.3f}'}<extra></extra>",
        )
    longest = max(map(len, curves.values()))
    figure.update_xaxes(title="epoch", rangemode="tozero", tickformat=",d", nticks=min(10, longest + 1))
    title, suffix = ("accuracy", " %") if accuracy else ("cross-entropy (nats)", None)
    figure.update_yaxes(title=title, ticksuffix=suffix, rangemode="tozero")
    best = "; ".join(f"{name}: best {said(pick(values))} of {len(values)} epochs" for name, values in curves.items())
    alt = f"{measure.capitalize()} on validation pictures. {best}."
    return finish(figure, f"{measure.capitalize()} on validation pictures", alt, 360 + 22 * len(curves), legend=_BELOW)


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


def roc_curves(curves: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """Draw a receiver operating characteristic an expression against the rest, and the diagonal of guessing.

    Parameters
    ----------
    curves
        A mapping an expression with ``auc`` (0..1, or None for an expression without a curve),
        ``false_positive_rate`` and ``true_positive_rate``, lists of 0..1.
    """
    drawn = {label: curve for label, curve in curves.items() if curve["auc"] is not None}
    figure = _one_against_rest(
        drawn, "false_positive_rate", "true_positive_rate", "false alarms %{x:.1f} %, found %{y:.1f} %"
    )
    reference_line(figure, [0, 100], [0, 100], dash="longdash")
    figure.update_xaxes(title="false alarms, of the others")
    figure.update_yaxes(title="found, of the expression")
    areas = ", ".join(f"{label} {curve['auc']:.3f}" for label, curve in drawn.items())
    alt = f"ROC curves. Area under each: {areas}."
    return finish(figure, "ROC, each against the rest", alt, _HEIGHT + 8 * len(drawn), legend=_BELOW)


def precision_recall_curves(curves: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """Draw precision against recall for each expression against the rest.

    Parameters
    ----------
    curves
        A mapping an expression with ``average_precision`` (0..1, or None for an expression without a curve),
        ``recall`` and ``precision``, lists of 0..1.
    """
    drawn = {label: curve for label, curve in curves.items() if curve["average_precision"] is not None}
    figure = _one_against_rest(drawn, "recall", "precision", "recall %{x:.1f} %, precision %{y:.1f} %")
    figure.update_xaxes(title="recall")
    figure.update_yaxes(title="precision")
    averages = ", ".join(f"{label} {curve['average_precision']:.3f}" for label, curve in drawn.items())
    alt = f"Precision-recall curves. Average precision of each: {averages}."
    height = _HEIGHT + 8 * len(drawn)
    return finish(figure, "Precision and recall, each against the rest", alt, height, legend=_BELOW)


def reliability_diagram(curves: Mapping[str, Mapping[str, Sequence[float]]], errors: Mapping[str, float]) -> go.Figure:
    """Draw the share that was right against the probability said, before and after temperature scaling.

    Parameters
    ----------
    curves
        ``before`` and ``after``, each with ``confidence``, ``accuracy`` and ``share`` of the bins, lists of 0..1.
    errors
        The expected calibration error of each, 0..1.
    """
    figure = go.Figure()
    reference_line(figure, [0, 100], [0, 100], "as said", "longdash")
    for key, (name, colour, symbol, dash) in _SCALING.items():
        bins = curves[key]
        figure.add_scatter(
            x=[100 * value for value in bins["confidence"]],
            y=[100 * value for value in bins["accuracy"]],
            customdata=[100 * value for value in bins["share"]],
            name=f"{name}, ECE {in_percent(errors[key])}",
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 8},
            hovertemplate=f"{name}: said %{{x:.0f}} %, right %{{y:.0f}} %, %{{customdata:.1f}} % of the answers"
            "<extra></extra>",
        )
    figure.update_xaxes(PERCENT, title="probability that it said", showgrid=True)
    figure.update_yaxes(PERCENT, title="share that was right")
    said = "; ".join(
        f"said {percent(said)}, right {percent(right)}"
        for said, right in zip(curves["after"]["confidence"], curves["after"]["accuracy"], strict=True)
    )
    alt = (
        f"Reliability diagram. Expected calibration error {in_percent(errors['before'])} before and "
        f"{in_percent(errors['after'])} after temperature scaling. {said}."
    )
    return finish(figure, "Does a probability mean what it says?", alt, _HEIGHT, legend=_BELOW)


def risk_coverage_curve(curve: Mapping[str, Sequence[float]], decided: tuple[float, float] | None = None) -> go.Figure:
    """Draw what silence when unsure is worth: how often answers are wrong against how many are given, surest first.

    Parameters
    ----------
    curve
        ``coverage``, ``risk`` and ``threshold``, lists of 0..1.
    decided
        Coverage and accuracy of what a model decides by its thresholds, 0..1 each; None where it has none.
    """
    figure = go.Figure(
        go.Scatter(
            x=[100 * value for value in curve["coverage"]],
            y=[100 * value for value in curve["risk"]],
            customdata=[100 * value for value in curve["threshold"]],
            mode="lines",
            line={"color": palette.BLUE, "width": 2},
            hovertemplate="answers %{x:.0f} %, wrong %{y:.1f} % of these, from a probability of %{customdata:.0f} %"
            "<extra></extra>",
            showlegend=False,
        )
    )
    alt = f"Risk-coverage curve: all answered, {percent(curve['risk'][-1])} wrong"
    if decided is not None:
        coverage, accuracy = decided
        figure.add_scatter(
            x=[100 * coverage],
            y=[100 * (1 - accuracy)],
            mode="markers+text",
            marker={"color": palette.VERMILLION, "symbol": "diamond", "size": 12},
            text="decided",
            textposition="top left",
            textfont={"color": palette.INK},
            hovertemplate="decided: %{x:.1f} %, wrong %{y:.1f} % of these<extra></extra>",
            showlegend=False,
        )
        alt += f"; the {percent(coverage)} decided answered, {percent(1 - accuracy)} wrong"
    figure.update_xaxes(PERCENT, title="share answered, the surest first")
    figure.update_yaxes(title="wrong, of the answered", rangemode="tozero", ticksuffix=" %")
    return finish(figure, "What is it worth to say “undecided”?", f"{alt}.", _HEIGHT)


def robustness_curves(sweep: Mapping[str, Any], titles: Mapping[str, str]) -> go.Figure:
    """Draw the accuracy of several models against the strength of one degradation.

    Parameters
    ----------
    sweep
        ``title``, ``unit``, ``strengths`` and ``models``: a mapping a model's name with ``accuracy`` (0..1, one a
        strength) and ``interval`` (pairs).
    titles
        The models' names for people.
    """
    figure, told = go.Figure(), []
    strengths = [f"{strength:g}" if strength else "as is" for strength in sweep["strengths"]]
    for index, (name, series) in enumerate(sweep["models"].items()):
        values = [100 * value for value in series["accuracy"]]
        ends = [(100 * low, 100 * high) for low, high in series["interval"]]
        figure.add_scatter(
            x=strengths,
            y=values,
            name=titles[name],
            mode="lines+markers",
            line=palette.line_style(index),
            marker=palette.marker_style(index),
            error_y=intervals(values, ends, thickness=1, width=3),
            hovertemplate="%{x}: %{y:.1f} %<extra>%{fullData.name}</extra>",
        )
        told.append(f"{titles[name]} from {percent(series['accuracy'][0])} to {percent(series['accuracy'][-1])}")
    # Named steps at even distances: strengths double as often as they grow by steps.
    figure.update_xaxes(title=sweep["unit"], type="category", showgrid=False)
    figure.update_yaxes(PERCENT, title="accuracy")
    alt = f"Accuracy against {sweep['title'].lower()}, {sweep['unit']}: {'; '.join(told)}."
    return finish(figure, sweep["title"], alt, 360 + 14 * len(titles), legend=-0.28)


def _one_against_rest(curves: Mapping[str, Mapping[str, Sequence[float]]], x: str, y: str, said: str) -> go.Figure:
    figure = go.Figure()
    for index, (label, curve) in enumerate(curves.items()):
        figure.add_scatter(
            x=[100 * value for value in curve[x]],
            y=[100 * value for value in curve[y]],
            name=label,
            mode="lines",
            line=palette.line_style(index),
            hovertemplate=f"{as_text(label)}: {said}<extra></extra>",
        )
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(PERCENT | {"range": [-1, 101]}, showgrid=True)
    return figure
