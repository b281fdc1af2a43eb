"""How many pictures of each expression a set has."""

from collections.abc import Mapping

import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.frame import framed

_PATTERNS = ("", "/", "x", ".")
_BEYOND = palette.GRAY


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
                "color": palette.QUALITATIVE[at] if at < len(palette.QUALITATIVE) else _BEYOND,
                "pattern": {"shape": _PATTERNS[at % len(_PATTERNS)], "solidity": 0.25},
                "line": {"width": 0},
            },
            hovertemplate="%{y}, " + (split or "all") + ": %{x:,} pictures<extra></extra>",
        )
    for label in labels:
        figure.add_annotation(
            x=totals[label],
            y=label,
            text=f"{totals[label]:,}",
            showarrow=False,
            xanchor="left",
            xshift=4,
            font={"color": palette.INK},
        )
    figure.update_layout(
        barmode="stack",
        bargap=0.3,
        showlegend=len(counts) > 1,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None, "traceorder": "normal"},
    )
    figure.update_xaxes(title="pictures", rangemode="tozero", range=[0, 1.16 * max([1, *totals.values()])])
    figure.update_yaxes(autorange="reversed", title=None)
    alt = "Pictures of each expression: " + ", ".join(f"{label} {count:,}" for label, count in totals.items())
    parts = ", ".join(f"{split} {sum(numbers.values()):,}" for split, numbers in counts.items() if split)
    alt = f"{alt}." + (f" By split: {parts}." if parts else "")
    framed(figure, "Pictures of each expression", alt, 140 + 34 * len(labels))
    return figure.update_layout(margin_t=74 if len(counts) > 1 else 44)
