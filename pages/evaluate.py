"""Evaluate: how often a model is right, where it fails, and whether its doubt can be trusted."""

import streamlit as st

from pages.parts.card_view import part
from pages.parts.evaluation_choose import choose_evaluated
from pages.parts.evaluation_comparison import show_comparison
from pages.parts.evaluation_confusion import show_confusion
from pages.parts.evaluation_curves import show_doubt, show_learning, show_threshold_curves
from pages.parts.evaluation_export import show_export
from pages.parts.evaluation_figures import show_figures
from pages.parts.evaluation_robustness import show_robustness
from pages.parts.guard import page

PARTS = {
    "Figures": show_figures,
    "Confusion": show_confusion,
    "ROC and precision-recall": show_threshold_curves,
    "Calibration": show_doubt,
    "Learning": show_learning,
    "Comparison": show_comparison,
    "Robustness": show_robustness,
    "Export": show_export,
}

with page("Evaluate", "How often is a model right, where does it fail, and can its doubt be trusted?"):
    evaluated = choose_evaluated()
    if evaluated is not None:
        # Only the part that is looked at is computed.
        chosen = st.segmented_control("Look at", list(PARTS), default="Figures", required=True, key="evaluate look")
        with part(chosen):
            PARTS[chosen](evaluated)
