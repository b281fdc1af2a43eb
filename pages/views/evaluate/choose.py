"""Which evaluation the page is about: of a shipped model, of a finished run, or a new one."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine import settings
from engine.datasets import FaceSet, store
from engine.evaluation.evaluated import Evaluated, evaluate_named, of_card, of_run
from engine.evaluation.protocols import JUDGES, judge_of
from engine.models import card as cards
from engine.models import shipped
from engine.training import runs
from engine.training.runs import Run
from pages.views.common.choose import choose_model, model_title
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print
from pages.views.evaluate.tasks import ask, show_asked

_EVERYTHING = "all pictures"


def choose_evaluated() -> Evaluated | None:
    """Let the reader choose an evaluation; None while there is none."""
    sources = {"Shipped model": _shipped, "Finished run": _run, "New evaluation": _new_evaluation}
    source = st.segmented_control(
        "Evaluation of", list(sources), default="Shipped model", required=True, key="evaluate source"
    )
    return sources[source]()


def _shipped() -> Evaluated | None:
    left, right = st.columns(2)
    with left:
        name = choose_model("evaluate model")
    card: Mapping[str, Any] = cards.read(settings.WEIGHTS_FOLDER / name)
    found = of_card(card)
    if not found:
        st.info("This model has not been evaluated yet.")
        return None
    at = right.selectbox(
        "Pictures", range(len(found)), format_func=lambda at: found[at].about, key=f"evaluate of {name}"
    )
    small_print("Real figures from the model's card; no data set is needed to see them.")
    return found[at]


def _run() -> Evaluated | None:
    finished = finished_runs()
    if not finished:
        st.info("No run has finished yet. Train one on the page Train, or with python -m engine train.")
        return None
    by_id = {run.id: run for run in finished}
    if st.session_state.get("evaluate run") not in by_id:
        st.session_state["evaluate run"] = finished[0].id
    chosen = st.selectbox("Run", list(by_id), format_func=lambda name: run_name(by_id[name]), key="evaluate run")
    return evaluated_run(by_id[chosen])


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


def _new_evaluation() -> Evaluated | None:
    """Let the reader choose model and pictures, and evaluate when asked; the result stays while the page is open."""
    model = choose_model("evaluate new model", runs=True)
    chosen = choose_pictures("evaluate new", model)
    if chosen is None:
        return None
    name, _, split, judge = chosen
    kept = page_state("Evaluate", "fresh")
    key = (model, name, split, judge)
    at_work = show_asked("fresh", kept)
    if key not in kept and st.button(
        "Evaluate", type="primary", icon=":material/play_arrow:", disabled=at_work, key="evaluate start"
    ):
        title = f"{model_title(model)} on {name}"
        ask("fresh", title, key, evaluate_named, model=model, data=name, split=split, judge=judge)
    return kept.get(key)


def choose_pictures(key: str, model: str) -> tuple[str, FaceSet, str | None, str] | None:
    """Let the reader choose an imported set, a part of it and whose labels count; None where no set is imported.

    Those that the model was made to follow count unless others are chosen.
    """
    names = store.names()
    if not names:
        st.info("No data set is imported yet. Import one on the page Datasets, or with python -m engine import.")
        return None
    left, middle, right = st.columns(3)
    name = left.selectbox("Data set", names, key=f"{key} set")
    faces = store.load(name)
    parts = [_EVERYTHING] if faces.split is None else [*sorted(set(faces.split.tolist())), _EVERYTHING]
    part = middle.selectbox("Part", parts, index=_held_out(parts), key=f"{key} part {name}")
    judges = list(JUDGES) if faces.votes is not None else ["given"]
    made_for = judges.index(judge_of(shipped.load(model), faces))
    judge = right.selectbox(
        "Judged by", judges, index=made_for, format_func=JUDGES.get, key=f"{key} judge {name} {model}"
    )
    return name, faces, None if part == _EVERYTHING else part, judge


def _held_out(parts: list[str]) -> int:
    """Suggest a part that was not trained on, and not the last test pictures, which one reads only once."""
    there = (part for part in ("PublicTest", "validation", "val", "valid", "test") if part in parts)
    return parts.index(next(there, parts[0]))
