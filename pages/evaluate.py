"""Evaluate: how often a model is right, where it fails, and whether its doubt can be trusted."""

import streamlit as st

from pages.views.common.guard import page, section
from pages.views.common.shared import tell_shared
from pages.views.evaluate.choose import choose_evaluated
from pages.views.evaluate.comparison import show_comparison
from pages.views.evaluate.confusion import show_confusion
from pages.views.evaluate.figures import (
    show_calibration,
    show_export,
    show_figures,
    show_learning,
    show_threshold_curves,
)
from pages.views.evaluate.robustness import show_robustness

PARTS = {
    "Figures": show_figures,
    "Confusion": show_confusion,
    "ROC and precision-recall": show_threshold_curves,
    "Calibration": show_calibration,
    "Learning": show_learning,
    "Comparison": show_comparison,
    "Robustness": show_robustness,
    "Export": show_export,
}

with page("Evaluate", "How often is a model right, where does it fail, and can its doubt be trusted?"):
    tell_shared("the runs and data sets that can be chosen here")
    evaluated = choose_evaluated()
    if evaluated is not None:
        # Only the part that is looked at is computed.
        chosen = st.segmented_control("Look at", list(PARTS), default="Figures", required=True, key="evaluate look")
        with section(chosen):
            PARTS[chosen](evaluated)
