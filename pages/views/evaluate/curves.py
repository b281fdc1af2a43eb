"""Curves: over all thresholds, of what a probability is worth, and of the training."""

import streamlit as st

from engine.charts.evaluation_curves import precision_recall_curves, roc_curves
from engine.charts.learning import learning_curves
from engine.evaluation.drawing import reliability_of, risk_coverage_of
from engine.evaluation.evaluated import Evaluated
from pages.views.common.figures import show_figure
from pages.views.common.text import escape_markdown, small_print

_OLDER = "This card was written before these curves were kept. Write it again with python -m engine card."
_SCALING = "Scaling makes all probabilities bolder or more careful, and leaves the answers as they are."
_EPOCHS = (
    "An epoch is one pass over all training pictures. The model does not learn from the validation pictures: where it "
    "gets better on the others alone, it learns them by heart."
)


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
            f"Of all pictures {100 * figures['accuracy']:.1f} % are answered right, of the surest 80 % (80 % coverage) "
        )
        said += (
            f"{100 * chosen['accuracy_at_80']:.1f} %. Area under the curve, better small: {100 * chosen['aurc']:.1f} %."
        )
        if chosen["accuracy_decided"] is not None:
            said += (
                f" “Undecided” begins below {100 * chosen['threshold']:.1f} %: {100 * chosen['coverage']:.1f} % are "
                f"decided, and {100 * chosen['accuracy_decided']:.1f} % of these are right."
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
