"""One training: how far it is while it runs, and what came of it."""

import json
from pathlib import Path

import streamlit as st

from engine.charts.learning import MEASURES, learning_curves
from engine.models import shipped
from engine.training import runs
from engine.training.request import CROSS_VALIDATIONS
from engine.training.runs import Run
from engine.training.status import RESUMABLE
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.train.words import outcome, progress, standing

_PAGES = Path(__file__).resolve().parents[3] / "pages"
_LOOK_S = 1.0


def show_run(run: Run) -> None:
    """Show a run, live while it is at work."""
    st.fragment(_view, run_every=_LOOK_S if run.active else None)(run.id, run.active)


def _view(name: str, was_active: bool) -> None:
    with error_boundary():
        run = runs.find(name)
        if was_active and not run.active:
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
    if run.state == "failed":
        st.error(f"{escape_markdown(run.status.what)} {escape_markdown(run.status.remedy)}", icon=":material/error:")
    else:
        st.markdown(f"{icon} **{words}**")
    if run.active and run.status.epochs:
        share, said = progress(run.status)
        st.progress(share, said)
    for line in outcome(run):
        st.markdown(line)


def _buttons(run: Run) -> None:
    with st.container(horizontal=True):
        if run.active and st.button("Cancel", icon=":material/stop:", key=f"cancel {run.id}"):
            runs.cancel(run)
            st.toast("It ends after the present batch; what was learnt is kept.")
        if run.state in RESUMABLE and st.button("Resume", type="primary", icon=":material/resume:", key=f"go {run.id}"):
            runs.resume(run)
            st.rerun()
        if run.has_model and st.button("Try it on Photo", icon=":material/photo_camera:", key=f"try {run.id}"):
            st.session_state["photo model"] = shipped.RUN + run.id
            st.switch_page(_PAGES / "photo.py")
        if not run.active:
            with st.popover("Remove", icon=":material/delete:"):
                st.markdown("Its weights, figures and log will be gone.")
                if st.button("Remove for good", type="primary", key=f"remove {run.id}"):
                    runs.remove(run)
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
