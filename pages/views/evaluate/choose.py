"""Which evaluation the page is about: of a shipped model, of a finished run, or a new one."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine import settings
from engine.evaluation.evaluated import Evaluated, of_card, of_run
from engine.models import card as cards
from engine.training import runs
from engine.training.runs import Run
from pages.views.common.choose import choose_model
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print
from pages.views.evaluate.fresh import fresh


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
    finished = finished_runs()
    if not finished:
        st.info("No run has finished yet. Train one on the page Train, or with python -m engine train.")
        return None
    run = st.selectbox("Run", finished, format_func=run_name, key="evaluate run")
    return evaluated_run(run)


_SOURCES = {"Shipped model": _shipped, "Finished run": _run, "New evaluation": fresh}


def finished_runs() -> list[Run]:
    """Return the runs whose answers can be evaluated, the newest first."""
    return [run for run in runs.list_all() if run.predictions_path.is_file()]


def evaluated_run(run: Run) -> Evaluated:
    """Return a run's figures, computed once while the page is open and its answers stay the same."""
    kept = page_state("Evaluate", "runs")
    stamp = (run.folder, run.predictions_path.stat().st_mtime_ns)
    if stamp not in kept:
        with st.spinner("Computing the figures"):
            kept[stamp] = of_run(run.folder)
    return kept[stamp]


def is_run_of(run: Run, evaluated: Evaluated) -> bool:
    """Tell whether figures that `evaluated_run` returned are this run's."""
    return any(
        folder == run.folder and each is evaluated for (folder, _), each in page_state("Evaluate", "runs").items()
    )


def run_name(run: Run) -> str:
    """Return what a run is called where one is chosen."""
    return f"{run.id}: {run.title}"
