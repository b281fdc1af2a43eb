"""Figures and curves: what sums an evaluation up, what a probability is worth, and all of it as files."""

import re

import streamlit as st

from engine.charts.bars import SCORE_NAMES, SCORES_IN_WORDS, class_bars
from engine.charts.curves import learning_curves, precision_recall_curves, roc_curves
from engine.evaluation.drawing import reliability_of, risk_coverage_of
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.export import as_csv, as_json
from engine.evaluation.report import as_html
from engine.evaluation.words import POOLED, headline_rows, percent_with_interval, versions
from engine.words import in_percent
from pages.views.common.downloads import download_button
from pages.views.common.figures import show_figure, show_left_out
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print

_SURENESS = "“Calibration”, above, tells what calibration error, coverage and the area under risk are."
_OLDER = "This card was written before these curves were kept. Write it again with python -m engine card."
_SCALING = "Scaling makes all probabilities bolder or more careful, and leaves the answers as they are."
_EPOCHS = (
    "An epoch is one pass over all training pictures. The model does not learn from the validation pictures: where it "
    "gets better on the others alone, it learns them by heart."
)


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
    rows = [
        {"expression": escape_markdown(label)}
        | {name: percent_with_interval(scores[key], scores.get(f"{key}_interval")) for key, name in SCORE_NAMES.items()}
        | {"pictures": f"{scores['support']:,}"}
        for label, scores in figures["per_class"].items()
    ]
    right.table(rows, hide_index=True, alt="Precision, recall and F1 of each expression with 95 % intervals")
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


def show_threshold_curves(evaluated: Evaluated) -> None:
    """Show ROC and precision-recall of each expression against the rest, and the areas under them."""
    curves = evaluated.figures.get("curves")
    if curves is None:
        st.info(_OLDER)
        return
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(roc_curves(curves["roc"]), "evaluate roc")
    with right:
        show_figure(precision_recall_curves(curves["precision_recall"]), "evaluate pr")
    rows = [
        {
            "expression": escape_markdown(label),
            "area under ROC": _three_decimals(curves["roc"][label]["auc"]),
            "average precision": _three_decimals(found["average_precision"]),
            "by guessing": _three_decimals(found["share"]),
        }
        for label, found in curves["precision_recall"].items()
    ]
    st.table(rows, hide_index=True, alt="Area under each curve")
    small_print("Each expression against all others. Guessing has an area of 0.5 under the ROC curve.")


def show_calibration(evaluated: Evaluated) -> None:
    """Show whether a probability means what it says, and what saying "undecided" is worth."""
    figures = evaluated.figures
    if "curves" not in figures:
        st.info(_OLDER)
        return
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(reliability_of(figures), "evaluate reliability")
        calibration = figures["calibration"]
        how = (
            f"The temperature {calibration['temperature']:.2f}, fitted on validation pictures, is part of the weights; "
            "“before” takes it out again."
            if calibration["temperature"] is not None
            else "The answers come unscaled. “After” shows what scaling is worth: each half of the pictures gets the "
            "temperature that fits the other half."
        )
        small_print(f"{_SCALING} {how} ECE, the calibration error: the mean distance to the diagonal over 15 bins.")
    with right:
        show_figure(risk_coverage_of(figures), "evaluate risk")
        chosen = figures["selective"]
        said = (
            f"Of all pictures {in_percent(figures['accuracy'])} are answered right, of the surest 80 % (80 % coverage) "
        )
        said += (
            f"{in_percent(chosen['accuracy_at_80'])}. Area under the curve, better small: {in_percent(chosen['aurc'])}."
        )
        if chosen["accuracy_decided"] is not None:
            said += (
                f" Above its thresholds {in_percent(chosen['coverage'])} are decided, and "
                f" {in_percent(chosen['accuracy_decided'])} of these are right."
            )
        small_print(said)


def show_learning(evaluated: Evaluated) -> None:
    """Show how the training went, where the card tells."""
    history = evaluated.card.get("training", {}).get("history") or {}
    if not (history.get("accuracy") and history.get("val_accuracy")):
        st.info("There is no history of epochs: this was not trained in epochs, or its card does not tell.")
        return
    for column, measure in zip(st.columns(2, gap="large"), ("accuracy", "loss"), strict=True):
        if history.get(f"val_{measure}"):
            with column:
                curves = learning_curves(history[measure], history[f"val_{measure}"], measure)
                show_figure(curves, f"evaluate learning {measure}")
    small_print(_EPOCHS)


def _three_decimals(value: float | None) -> str:
    return "no picture" if value is None else f"{value:.3f}"
