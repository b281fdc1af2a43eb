"""What each part of a recipe is worth, as a card tells it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.charts.ablation import ablation
from engine.evaluation.words import percent_with_interval
from pages.views.common.figures import show_figure
from pages.views.common.text import escape_markdown, small_print


def show_ablation(found: Mapping[str, Any], key: str) -> None:
    """Show the accuracy with all parts and without each, as a chart and as a table."""
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(ablation(found["parts"]), f"{key} ablation")
    with right:
        whole = {
            "recipe": "whole",
            "accuracy": percent_with_interval(found["accuracy"], found["accuracy_interval"]),
            "change in points": "",
            "McNemar p": "",
        }
        rows = [
            {
                "recipe": escape_markdown(f"without {part['name']}"),
                "accuracy": percent_with_interval(part["accuracy"], None),
                "change in points": _change(part),
                "McNemar p": _chance(part["mcnemar_mid"]),
            }
            for part in found["parts"]
        ]
        st.table([whole, *rows], hide_index=True, alt="Accuracy with all parts and without each")
    small_print(
        f"Each was trained anew with {found['epochs']} epochs and seed {found['seed']}; more epochs may give other "
        f"figures and other differences. Judged by {escape_markdown(found['judged_by'])} on the same {found['n']:,} "
        f"validation pictures of {escape_markdown(found['data'])} ({escape_markdown(found['division'])}). The "
        "intervals say what other pictures would change, not what another seed would. McNemar p: how probable so "
        "large a difference is where the part is worth nothing. A network that goes without the votes learns the "
        "set's own labels."
    )
    st.code(found["command"], language="bash", wrap_lines=True)


def _change(part: Mapping[str, Any]) -> str:
    low, high = part["interval"]
    return f"{100 * part['difference']:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def _chance(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
