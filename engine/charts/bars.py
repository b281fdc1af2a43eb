"""Bars, and marks in rows like bars: a value of each expression, output or kind of work, by name."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.layout import ABOVE, PERCENT, as_text, finish, intervals, note, percent, reference_line

SCORE_NAMES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
SCORES_IN_WORDS = (
    "Precision: of the pictures answered with an expression, the share labelled so. Recall: of the pictures labelled "
    "with an expression, the share answered so. F1: their harmonic mean, high only where both are."
)
MOST_OUTPUTS = 12
"""Bars of `spike_counts`; of more outputs those that fired most are drawn."""

_SYMBOLS = {"precision": "circle", "recall": "square", "f1": "diamond"}
# Key, name, colour, symbol, rows below the name.
_ABLATION_SCORES = (
    ("balanced_accuracy", "mean recall", palette.BLUE, "circle", -0.15),
    ("accuracy", "accuracy", palette.VERMILLION, "diamond", 0.15),
)
_PATTERNS = ("", "/", "x", ".")


def probability_bars(probabilities: Mapping[str, float], thresholds: Mapping[str, float]) -> go.Figure:
    """Draw a bar an expression, the most probable on top, and where that one begins to count as decided.

    Parameters
    ----------
    probabilities
        A probability an expression, 0..1.
    thresholds
        The lowest probability at which each expression counts as decided; above 1 for never.
    """
    ordered = dict(sorted(probabilities.items(), key=lambda pair: pair[1], reverse=True))
    words = [percent(value) for value in ordered.values()]
    figure = _bars(
        list(ordered),
        [100 * value for value in ordered.values()],
        "%{y}: %{x:.1f} %",
        [palette.BLUE] + [palette.GRAY] * (len(ordered) - 1),
        words,
    )
    answer, threshold = next(iter(ordered)), thresholds[next(iter(ordered))]
    said = f"{answer} is decided from {percent(threshold)}" if threshold <= 1 else f"{answer} is never decided"
    if threshold <= 1:
        figure.add_vline(x=100 * threshold, line={"dash": "dash", "width": 1.5, "color": palette.VERMILLION})
    note(figure, as_text(said), 100 * min(threshold, 1), 1, yref="paper", yanchor="bottom")
    figure.update_xaxes(PERCENT | {"range": [0, 112]}, title="probability", showgrid=True)
    figure.update_layout(bargap=0.3)
    alt = f"Probabilities: {', '.join(f'{label} {word}' for label, word in zip(ordered, words, strict=True))}. "
    alt += f"{said[0].upper()}{said[1:]}."
    finish(figure, "How probable is each expression?", alt, 130 + 28 * len(ordered))
    return figure.update_layout(margin_t=66)


def class_bars(per_class: Mapping[str, Mapping[str, Any]], score: str) -> go.Figure:
    """Draw a bar an expression, with whiskers over its 95 % interval where it has one.

    Parameters
    ----------
    per_class
        A mapping an expression with the score in 0..1 and, if known, ``SCORE_interval``, a pair.
    score
        ``"precision"``, ``"recall"`` or ``"f1"``.
    """
    values = [100 * scores[score] for scores in per_class.values()]
    ends = [[100 * end for end in scores.get(f"{score}_interval") or ()] for scores in per_class.values()]
    figure = _bars(list(per_class), values, "%{y}: %{x:.1f} %")
    if all(ends):
        figure.update_traces(error_x=intervals(values, ends, color=palette.GRAY, thickness=2, width=5))
    figure.update_xaxes(PERCENT, title=None, showgrid=True)
    figure.update_layout(bargap=0.35)
    said = ", ".join(f"{label} {percent(scores[score])}" for label, scores in per_class.items())
    name = SCORE_NAMES[score]
    return finish(figure, f"{name} by expression", f"{name}: {said}.", 100 + 36 * len(per_class))


def class_scores(per_class: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Draw precision, recall and F1 of every expression as three marks on one line, best F1 on top.

    Parameters
    ----------
    per_class
        A mapping an expression with ``precision``, ``recall`` and ``f1`` in 0..1, and ``support``, a count.
    """
    ordered = sorted(per_class, key=lambda label: per_class[label]["f1"], reverse=True)
    figure = go.Figure()
    for label in ordered:
        values = [100 * per_class[label][score] for score in SCORE_NAMES]
        reference_line(figure, [min(values), max(values)], [label, label], dash="solid")
    for (score, name), colour in zip(SCORE_NAMES.items(), palette.QUALITATIVE, strict=False):
        name = name if score == "f1" else name.lower()
        figure.add_scatter(
            x=[100 * per_class[label][score] for label in ordered],
            y=ordered,
            mode="markers",
            name=name,
            marker={"symbol": _SYMBOLS[score], "color": colour, "size": 11},
            hovertemplate=f"%{{y}}: {name} %{{x:.1f}} %<extra></extra>",
        )
    figure.update_xaxes(PERCENT | {"range": [-2, 102]}, title=None, showgrid=True)
    figure.update_yaxes(autorange="reversed", title=None, categoryorder="array", categoryarray=ordered)
    said = "; ".join(
        f"{label} {', '.join(percent(per_class[label][score]) for score in ('f1', 'precision', 'recall'))}"
        for label in ordered
    )
    alt = f"F1, precision and recall of each expression: {said}."
    return finish(figure, "Precision, recall and F1 by expression", alt, 130 + 34 * len(ordered), legend=ABOVE)


def class_balance(counts: Mapping[str, Mapping[str, int]]) -> go.Figure:
    """Draw the pictures of each expression as bars, divided by split.

    Parameters
    ----------
    counts
        For each split, ``""`` where there are none, the number of pictures of each expression; the expressions in the
        order to show, the same in every split.
    """
    labels = list(next(iter(counts.values())))
    totals = {label: sum(split[label] for split in counts.values()) for label in labels}
    figure = go.Figure()
    for at, (split, numbers) in enumerate(counts.items()):
        figure.add_bar(
            y=labels,
            x=[numbers[label] for label in labels],
            name=split or "without split",
            orientation="h",
            marker={
                "color": palette.QUALITATIVE[at] if at < len(palette.QUALITATIVE) else palette.GRAY,
                "pattern": {"shape": _PATTERNS[at % len(_PATTERNS)], "solidity": 0.25},
                "line": {"width": 0},
            },
            hovertemplate="%{y}, " + (as_text(split) or "all") + ": %{x:,} pictures<extra></extra>",
        )
    for label in labels:
        ink = {"color": palette.INK}
        note(figure, f"{totals[label]:,}", totals[label], label, xanchor="left", xshift=4, font=ink)
    several = len(counts) > 1
    figure.update_layout(barmode="stack", bargap=0.3, showlegend=several, legend_traceorder="normal")
    figure.update_xaxes(title="pictures", rangemode="tozero", range=[0, 1.16 * max([1, *totals.values()])])
    figure.update_yaxes(autorange="reversed", title=None)
    alt = "Pictures of each expression: " + ", ".join(f"{label} {count:,}" for label, count in totals.items())
    parts = ", ".join(f"{split} {sum(numbers.values()):,}" for split, numbers in counts.items() if split)
    alt = f"{alt}." + (f" By split: {parts}." if parts else "")
    legend = ABOVE if several else None
    return finish(figure, "Pictures of each expression", alt, 140 + 34 * len(labels), legend=legend)


def ablation(parts: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Draw by how many points mean recall and accuracy change without each part, the greatest loss of recall on top.

    Parameters
    ----------
    parts
        Each with ``name``, and ``balanced_accuracy`` and ``accuracy`` with ``difference`` (without less with, -1..1)
        and its ``interval``, as `engine.studies.ablation.ablate` returns them.
    """
    ordered = sorted(parts, key=lambda part: part["balanced_accuracy"]["difference"])
    names = [part["name"] for part in ordered]
    figure, said = go.Figure(), []
    for key, name, colour, symbol, row in _ABLATION_SCORES:
        values = [100 * part[key]["difference"] for part in ordered]
        ends = [[100 * end for end in part[key]["interval"]] for part in ordered]
        figure.add_scatter(
            name=name,
            x=values,
            y=[number + row for number in range(len(names))],
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 10},
            error_x=intervals(values, ends, color=colour, thickness=2, width=5),
            customdata=[as_text(name) for name in names],
            hovertemplate=f"without %{{customdata}}: {name} %{{x:+.1f}} points<extra></extra>",
        )
        changes = (
            f"{part} {value:+.1f} points ({low:+.1f} to {high:+.1f})"
            for part, value, (low, high) in zip(names, values, ends, strict=True)
        )
        said.append(f"{name.capitalize()} without {'; '.join(changes)}.")
    figure.add_vline(x=0, line={"color": palette.GRAY, "width": 1})
    figure.update_xaxes(title="change in points, 95 % interval", showgrid=True, zeroline=False, tickformat="d")
    figure.update_yaxes(title=None, autorange="reversed", tickvals=list(range(len(names))), ticktext=names)
    return finish(figure, "Mean recall and accuracy without each part", " ".join(said), 150 + 44 * len(names))


def spike_counts(counts: NDArray, names: Sequence[str], decision: str | None) -> go.Figure:
    """Draw how often each output fired, the chosen one blue; of many outputs only those that fired most.

    Parameters
    ----------
    counts
        (outputs,).
    names
        What they are called.
    decision
        The output that is the answer; None where none is.
    """
    shown = np.argsort(-np.asarray(counts), kind="stable")[:MOST_OUTPUTS]
    if len(names) <= MOST_OUTPUTS:
        shown = np.sort(shown)
    told = {names[at]: int(counts[at]) for at in shown}
    figure = _bars(
        list(told),
        list(told.values()),
        "%{y}: %{x:,} spikes",
        [palette.BLUE if name == decision else palette.GRAY for name in told],
        [f"{count:,}" for count in told.values()],
    )
    figure.update_xaxes(title="spikes", rangemode="tozero", range=[0, max(1.15 * float(np.max(counts)), 1)], nticks=6)
    title = "Spikes of each output" if len(told) == len(names) else f"Spikes of the {len(told)} busiest outputs"
    alt = f"Spikes of each output: {', '.join(f'{name} {count:,}' for name, count in told.items())}."
    return finish(figure, title, alt, 130 + 30 * len(told))


def energy_bars(microjoules: Mapping[str, float]) -> go.Figure:
    """Draw what answers cost in arithmetic on an axis of powers of ten, since the energies lie that far apart.

    Parameters
    ----------
    microjoules
        Of each kind of work, 0 or above; nothing is drawn for 0.
    """
    names, values = list(microjoules), list(microjoules.values())
    words = [f"{value:,.3g} µJ" if value < 1000 else f"{value:,.0f} µJ" for value in values]
    figure = _bars(names, [value if value > 0 else None for value in values], "%{y}: %{x:.3g} µJ", text=words)
    figure.update_traces(textposition="auto", insidetextanchor="end", cliponaxis=None)
    above = [math.floor(math.log10(value)) for value in values if value > 0] or [0]
    figure.update_xaxes(
        title="energy (µJ), powers of ten",
        type="log",
        tickformat="~g",
        dtick=2,
        tickangle=0,
        range=[min(above), max(above) + 1.5],
    )
    alt = f"Energy of the arithmetic: {'; '.join(f'{name} {value:.3g} µJ' for name, value in microjoules.items())}."
    return finish(figure, "Energy of the arithmetic for one picture", alt, 130 + 46 * len(names))


def _bars(
    names: Sequence[str],
    values: Sequence[float | None],
    hover: str,
    colour: str | Sequence[str] = palette.BLUE,
    text: Sequence[str] | None = None,
) -> go.Figure:
    """Return a bar a name, the first on top, with words at its end."""
    figure = go.Figure(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            text=text,
            textposition=None if text is None else "outside",
            cliponaxis=False,
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"{hover}<extra></extra>",
        )
    )
    return figure.update_yaxes(autorange="reversed", title=None)
