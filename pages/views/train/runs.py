"""All trainings, found again by whoever looks."""

from collections.abc import Sequence

import streamlit as st

from engine.training import runs
from engine.training.runs import Run
from pages.views.common.text import escape_markdown, small_print
from pages.views.train.words import done, held_out

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
_LOOK_S = 2.0


def show_runs(known: Sequence[Run]) -> None:
    """Show the newest runs in a table, live while one is at work, or say that there is none."""
    if not known:
        st.markdown("None yet. What you start shows here, and stays until you remove it.")
        return
    st.fragment(_table, run_every=_LOOK_S if any(run.alive for run in known) else None)()


def _table() -> None:
    known = runs.list_all()
    st.table(
        [
            {
                "started": escape_markdown(_when(run)),
                "model": escape_markdown(run.request.configuration.title),
                "state": STATES.get(run.state, run.state),
                "held out": held_out(run),
                "validation, best": _best(run),
                "done": done(run),
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
