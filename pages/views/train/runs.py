"""All trainings, found again by whoever looks; and one of them: how far it is, and what came of it."""

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st

from engine.charts.learning import MEASURES, learning_curves
from engine.models import shipped
from engine.tasks import task
from engine.training import runs
from engine.training.request import CROSS_VALIDATIONS
from engine.training.runs import RESUMABLE, Run
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.task import show_task
from pages.views.common.text import escape_markdown, small_print, versions_in_words
from pages.views.train.words import epochs_done, held_out_accuracy, outcome, progress_in_words, state_in_words

STATES = {
    "starting": "starting",
    "waiting": "waiting for its turn",
    "running": "training",
    "finished": "finished",
    "cancelled": "cancelled",
    "failed": "failed",
    "stopped": "stopped",
}
_SHOWN = 10
_TABLE_EVERY_S, _RUN_EVERY_S = 2.0, 1.0


def show_runs(known: Sequence[Run]) -> None:
    """Show the newest runs in a table, live while one is at work, or say that there is none."""
    if not known:
        st.markdown("None yet. What you start shows here, and stays until you remove it.")
        return
    st.fragment(_table, run_every=_TABLE_EVERY_S if any(run.alive for run in known) else None)()


def _table() -> None:
    known = runs.list_all()
    st.table(
        [
            {
                "started": escape_markdown(_when(run)),
                "model": escape_markdown(run.request.configuration.title),
                "state": STATES.get(run.state, run.state),
                "held out": held_out_accuracy(run),
                "validation, best": _best(run),
                "done": epochs_done(run),
                "data": escape_markdown(run.request.data.rpartition("/")[2]),
                "split": escape_markdown(run.request.split),
            }
            for run in known[:_SHOWN]
        ],
        hide_index=True,
        alt="The newest trainings with their accuracy on validation pictures and on those held out",
    )
    small_print("“Held out” and “validation, best” are accuracies, on the pictures of that name.")
    if len(known) > _SHOWN:
        st.markdown(f"{len(known) - _SHOWN} older ones are in the list below.")


def choose_run(known: Sequence[Run]) -> Run:
    """Let the user choose a run; the one at work first, else the newest."""
    by_id = {run.id: run for run in known}
    first = next((run.id for run in known if run.state == "running"), known[0].id)
    if st.session_state.get("train run") not in by_id:
        st.session_state["train run"] = first
    chosen = st.selectbox("Training", list(by_id), format_func=lambda name: _label(by_id[name]), key="train run")
    return by_id[chosen]


def _label(run: Run) -> str:
    return f"{_when(run)}: {run.title}"


def _when(run: Run) -> str:
    return str(run.about.get("created", ""))[:16].replace("T", " ")


def _best(run: Run) -> str:
    shares = run.history().get("val_accuracy")
    return f"{100 * max(shares):.1f} %" if shares else ""


def show_run(run: Run) -> None:
    """Show a run, live while it is at work."""
    st.fragment(_view, run_every=_RUN_EVERY_S if run.alive else None)(run.id, run.alive)


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
    icon, words = state_in_words(run)
    if run.alive or run.state == "failed":
        words = progress_in_words(run) if run.state == "running" else words
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
            st.switch_page(PAGES_FOLDER / "photo.py")
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
            "Made with": versions_in_words(run.about["versions"]),
        },
        border="horizontal",
        alt="Data, folder and versions",
    )
    st.markdown("Every choice of the training:")
    st.json(json.dumps(run.about["request"]["configuration"]), expanded=False)
