"""One training: how far it is while it runs, and what came of it."""

import json
from functools import partial
from pathlib import Path

import streamlit as st

from engine.charts.learning import MEASURES, learning_curves
from engine.models import shipped
from engine.tasks import task
from engine.training import runs
from engine.training.request import CROSS_VALIDATIONS
from engine.training.runs import RESUMABLE, Run
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.task import show_task
from pages.views.common.text import escape_markdown, small_print
from pages.views.train.words import outcome, progress, standing

_PAGES = Path(__file__).resolve().parents[3] / "pages"
_LOOK_S = 1.0


def show_run(run: Run) -> None:
    """Show a run, live while it is at work."""
    st.fragment(_view, run_every=_LOOK_S if run.alive else None)(run.id, run.alive)


def _view(name: str, was_alive: bool) -> None:
    with error_boundary():
        run = runs.find(name)
        if was_alive and not run.alive:
            st.rerun()
        _standing(run)
        _buttons(run)
        _curves(run)
        with st.expander("Log", expanded=run.state == "failed"):
            st.code(run.log() or "Nothing yet.", language=None, height=300)
        with st.expander("What was asked"):
            _asked(run)


def _standing(run: Run) -> None:
    icon, words = standing(run)
    if run.alive or run.state == "failed":
        words = progress(run) if run.state == "running" else words
        show_task(
            run.status, run.title, partial(_cancel, run), f"cancel {run.id}", said=words, cancelling=run.cancelling
        )
    else:
        st.markdown(f"{icon} **{words}**")
    for line in outcome(run):
        st.markdown(line)


def _cancel(run: Run) -> None:
    run.cancel()
    st.toast("It ends after the present batch; what was learnt is kept.")


def _buttons(run: Run) -> None:
    with st.container(horizontal=True):
        if run.state in RESUMABLE and st.button("Resume", type="primary", icon=":material/resume:", key=f"go {run.id}"):
            runs.start(run)
            st.rerun()
        if run.has_model and st.button("Try it on Photo", icon=":material/photo_camera:", key=f"try {run.id}"):
            st.session_state["photo model"] = shipped.RUN + run.id
            st.switch_page(_PAGES / "photo.py")
        if not run.alive:
            with st.popover("Remove", icon=":material/delete:"):
                st.markdown("Its weights, figures and log will be gone.")
                if st.button("Remove for good", type="primary", key=f"remove {run.id}"):
                    task.remove(run.folder)
                    st.rerun()
    if run.state == "finished" and not run.request.leaves_a_model:
        why = (
            "A cross-validation trains once a fold"
            if run.request.split in CROSS_VALIDATIONS
            else "A learner has no network"
        )
        small_print(f"{why}: it gives figures for the page Evaluate, and no model for the page Photo.")


def _curves(run: Run) -> None:
    history = run.history()
    if not history.get("val_loss"):
        return
    for column, measure in zip(st.columns(2, gap="large"), MEASURES, strict=True):
        with column:
            show_figure(
                learning_curves(history[measure], history[f"val_{measure}"], measure), f"run {run.id} {measure}"
            )


def _asked(run: Run) -> None:
    st.markdown("The same again, on the command line:")
    st.code(run.about["command"], language="bash", wrap_lines=True)
    st.table(
        {
            "Fingerprint of the data": f"`{run.about.get('data_fingerprint', 'not read yet')[:16]}`",
            "Folder": escape_markdown(str(run.folder)),
            "Made with": escape_markdown(
                ", ".join(f"{name} {version}" for name, version in run.about["versions"].items())
            ),
        },
        border="horizontal",
        alt="Data, folder and versions",
    )
    st.markdown("Every choice of the training:")
    st.json(json.dumps(run.about["request"]["configuration"]), expanded=False)
