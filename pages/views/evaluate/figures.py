"""What sums an evaluation up, how each expression does, and all of it as files."""

import re

import streamlit as st

from engine.charts.bars import SCORE_NAMES, SCORES_IN_WORDS, class_bars
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.export import as_csv, as_json
from engine.evaluation.report import as_html
from engine.evaluation.words import POOLED, headline_rows, percent_with_interval, versions
from pages.views.common.downloads import download_button
from pages.views.common.figures import show_figure, show_left_out
from pages.views.common.page_state import page_state
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
            "Bars of", list(SCORE_NAMES), format_func=SCORE_NAMES.get, default="f1", required=True, key="evaluate score"
        )
        show_figure(class_bars(figures["per_class"], score), "evaluate bars")
    with right:
        st.table(
            [
                {"expression": escape_markdown(label)}
                | {
                    name: percent_with_interval(scores[key], scores.get(f"{key}_interval"))
                    for key, name in SCORE_NAMES.items()
                }
                | {"pictures": f"{scores['support']:,}"}
                for label, scores in figures["per_class"].items()
            ],
            hide_index=True,
            alt="Precision, recall and F1 of each expression with 95 % intervals",
        )
    small_print(SCORES_IN_WORDS)
    show_left_out(figures.get("left_out"))


def show_export(evaluated: Evaluated) -> None:
    """Offer figures as CSV and JSON, and one report that opens without a network."""
    st.markdown(
        "The report holds the figures with their intervals, every chart, the limits and what the model may not be used "
        "for, in one HTML file that opens without a network and prints well. No picture is in any of the files."
    )
    robustness = page_state("Evaluate", "robustness").get("measured") or evaluated.card.get("robustness")
    name = re.sub(r"[^\w]+", "-", f"{evaluated.title} {evaluated.about}").strip("-").lower()[:80]
    with st.container(horizontal=True):
        for kind, write in (
            ("HTML", lambda: as_html(evaluated, robustness)),
            ("CSV", lambda: as_csv(evaluated)),
            ("JSON", lambda: as_json(evaluated)),
        ):
            download_button(f"Download {kind}", write, f"{name}.{kind.lower()}", f"evaluate {kind}")
