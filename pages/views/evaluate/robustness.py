"""What worse pictures do to one or several models."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.charts.curves import robustness_curves
from engine.evaluation.degradations import DEGRADATIONS
from engine.evaluation.evaluated import Evaluated
from engine.evaluation.robustness import sweep_named
from engine.models import shipped
from engine.words import in_percent
from pages.views.common.choose import model_title
from pages.views.common.figures import show_figure
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print
from pages.views.evaluate.choose import choose_pictures
from pages.views.evaluate.tasks import ask, show_asked

_MEASURED, _KEPT = "measured", "robustness"


def show_robustness(evaluated: Evaluated) -> None:
    """Show the sweeps in the card, and measure new ones on an imported set."""
    kept = page_state("Evaluate", _KEPT)
    st.markdown(
        "How often is a model still right when the pictures get worse: darker, blurred, turned, partly covered?"
    )
    found = kept.get(_MEASURED) or evaluated.card.get("robustness")
    with st.expander("Measure on an imported data set", expanded=found is None):
        _measure(kept)
    if found is None:
        return
    st.markdown(
        f"{found['n']:,} pictures of {escape_markdown(found.get('about', 'the evaluated set'))}, made worse step by "
        "step, the same ones for every model."
    )
    names = list(found["sweeps"])
    columns = st.columns(min(2, len(names)), gap="large")
    for at, name in enumerate(names):
        with columns[at % len(columns)]:
            show_figure(robustness_curves(found["sweeps"][name], found["models"]), f"evaluate sweep {name}")
    st.table(_rows(found), hide_index=True, alt="Accuracy at every strength")
    small_print("Whiskers: 95 % interval. Strengths and the sensor's numbers are our choice.")


def _measure(kept: dict[Any, Any]) -> None:
    models = st.multiselect(
        "Models",
        shipped.names() + shipped.names_of_runs(),
        default=shipped.names()[:1],
        format_func=model_title,
        key="evaluate sweep models",
    )
    chosen = choose_pictures("evaluate sweep", (models or shipped.names())[0])
    if chosen is None:
        return
    data, _, split, judge = chosen
    sweeps = st.pills(
        "Make pictures worse by",
        list(DEGRADATIONS),
        format_func=lambda key: DEGRADATIONS[key].title,
        selection_mode="multi",
        default=list(DEGRADATIONS)[:1],
        key="evaluate sweeps",
    )
    most = st.number_input("Pictures at most, drawn at random", 50, 50_000, 500, 50, key="evaluate sweep most")
    at_work = show_asked("sweep", kept)
    nothing = at_work or not models or not sweeps
    if st.button("Measure", type="primary", disabled=nothing, key="evaluate sweep start"):
        asked = {"models": models, "data": data, "split": split, "names": sweeps, "judge": judge, "most": int(most)}
        ask("sweep", f"Worse pictures of {data}", _MEASURED, sweep_named, **asked)


def _rows(found: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"worse by": f"{each['title']}, {each['unit']}", "strength": f"{strength:g}" if strength else "as is"}
        | {
            escape_markdown(found["models"][name]): in_percent(series["accuracy"][at])
            for name, series in each["models"].items()
        }
        for each in found["sweeps"].values()
        for at, strength in enumerate(each["strengths"])
    ]
