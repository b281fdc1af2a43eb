"""What sums an evaluation up, and how each expression does."""

import streamlit as st

from engine.charts.class_bars import NAMES, class_bars
from engine.charts.class_scores import IN_WORDS
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.words import POOLED, headline_rows, percent_with_interval, versions
from pages.views.common.figures import show_figure
from pages.views.common.text import escape_markdown, small_print

_SURENESS = "“Calibration”, above, tells what calibration error, coverage and the area under risk are."


def show_figures(evaluated: Evaluated) -> None:
    """Show the headline figures with their intervals, and bars and a table of the expressions."""
    figures = evaluated.figures
    columns = {
        f"{pictures} ({each['n']:,})": {name: percent_with_interval(*shares) for name, *shares in headline_rows(each)}
        for pictures, each in versions(figures).items()
    }
    rows = [
        {"figure": name} | {heading: column.get(name, "") for heading, column in columns.items()}
        for name in dict.fromkeys(name for column in columns.values() for name in column)
    ]
    st.table(rows, hide_index=True, alt="Figures of the whole evaluation with 95 % intervals")
    units = figures.get("units")
    drawn = "pictures" if units in (None, figures["n"]) else f"{units:,} persons or groups of copies, drawn whole"
    small_print(f"In brackets the 95 % interval, by bootstrap over {drawn}. {POOLED} {_SURENESS}")
    left, right = st.columns([2, 3], gap="large")
    with left:
        score = st.segmented_control(
            "Bars of", list(NAMES), format_func=NAMES.get, default="f1", required=True, key="evaluate score"
        )
        show_figure(class_bars(figures["per_class"], score), "evaluate bars")
    with right:
        st.table(
            [
                {"expression": escape_markdown(label)}
                | {
                    name: percent_with_interval(scores[key], scores.get(f"{key}_interval"))
                    for key, name in NAMES.items()
                }
                | {"pictures": f"{scores['support']:,}"}
                for label, scores in figures["per_class"].items()
            ],
            hide_index=True,
            alt="Precision, recall and F1 of each expression with 95 % intervals",
        )
    small_print(IN_WORDS)
    if left_out := figures.get("left_out"):
        reasons = ", ".join(f"{name} {count:,}" for name, count in left_out.items())
        small_print(f"Left out, since the model has no such answer: {escape_markdown(reasons)}.")
