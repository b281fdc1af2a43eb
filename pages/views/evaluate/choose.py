"""Which evaluation the page is about."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine import settings
from engine.evaluation.evaluated import Evaluated, of_card
from engine.models import card as cards
from pages.views.common.choose import choose_model
from pages.views.common.text import small_print
from pages.views.evaluate.fresh import fresh
from pages.views.evaluate.runs import evaluated_run, finished_runs, run_name


def choose_evaluated() -> Evaluated | None:
    """Let the reader choose an evaluation; None while there is none."""
    source = st.segmented_control(
        "Evaluation of", list(_SOURCES), default="Shipped model", required=True, key="evaluate source"
    )
    return _SOURCES[source]()


def _shipped() -> Evaluated | None:
    left, right = st.columns(2)
    with left:
        name = choose_model("evaluate model")
    card: Mapping[str, Any] = cards.read(settings.WEIGHTS_FOLDER / name)
    found = of_card(card)
    if not found:
        st.info("This model has not been evaluated yet.")
        return None
    with right:
        at = st.selectbox(
            "Pictures", range(len(found)), format_func=lambda at: found[at].about, key=f"evaluate of {name}"
        )
    small_print("Real figures from the model's card; no data set is needed to see them.")
    return found[at]


def _run() -> Evaluated | None:
    runs = finished_runs()
    if not runs:
        st.info("No run has finished yet. Train one on the page Train, or with python -m engine train.")
        return None
    run = st.selectbox("Run", runs, format_func=run_name, key="evaluate run")
    return evaluated_run(run)


_SOURCES = {"Shipped model": _shipped, "Finished run": _run, "New evaluation": fresh}
