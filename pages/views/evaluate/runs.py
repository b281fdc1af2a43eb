"""Training runs that have kept their answers."""

import streamlit as st

from engine.evaluation.evaluated import Evaluated, of_run
from engine.training import runs
from engine.training.runs import Run
from pages.views.common.page_state import page_state


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


def is_of(run: Run, evaluated: Evaluated) -> bool:
    """Tell whether figures that `evaluated_run` returned are this run's."""
    return any(
        folder == run.folder and each is evaluated for (folder, _), each in page_state("Evaluate", "runs").items()
    )


def run_name(run: Run) -> str:
    """Return what a run is called where one is chosen."""
    return f"{run.id}: {run.title}"
