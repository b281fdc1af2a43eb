"""All trainings, found again by whoever looks; and one of them: how far it is, and what came of it."""

import json
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st

from engine.charts.curves import MEASURES, learning_curves
from engine.charts.layout import percent
from engine.kept import read_json
from engine.models import shipped
from engine.tasks import task
from engine.tasks.status import in_words
from engine.training import runs
from engine.training.request import CROSS_VALIDATIONS
from engine.training.runs import RESUMABLE, Run
from engine.words import counted, in_percent
from pages.views.common.figures import show_figure
from pages.views.common.guard import show_error
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.task import show_task, watch
from pages.views.common.text import duration, escape_markdown, small_print, versions_in_words

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
_DAMAGED = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError)


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
                "held out": _held_out_accuracy(run),
                "validation, best": _best(run),
                "done": _epochs_done(run),
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


def show_damaged() -> None:
    """Name the runs that cannot be read, each with a way to remove it."""
    for folder, error in runs.damaged():
        show_error(error)
        if st.button(
            f"Remove {escape_markdown(folder.name)}", icon=":material/delete:", key=f"remove damaged {folder.name}"
        ):
            task.remove(folder)
            st.rerun()


def choose_run(known: Sequence[Run]) -> Run:
    """Let the user choose a run; the one at work first, else the newest."""
    by_id = {run.id: run for run in known}
    first = next((run.id for run in known if run.state == "running"), known[0].id)
    if st.session_state.get("train run") not in by_id:
        st.session_state["train run"] = first
    chosen = st.selectbox("Training", list(by_id), format_func=lambda name: run_label(by_id[name]), key="train run")
    return by_id[chosen]


def run_label(run: Run) -> str:
    """Return when a training began, and what is trained on what."""
    return f"{_when(run)}: {run.title}"


def _when(run: Run) -> str:
    return str(run.about.get("created", ""))[:16].replace("T", " ")


def _best(run: Run) -> str:
    shares = run.history().get("val_accuracy")
    return in_percent(max(shares)) if shares else ""


def show_run(run: Run) -> None:
    """Show a run, live while it is at work."""
    watch(partial(runs.find, run.id), _view, run.alive, _RUN_EVERY_S)


def _view(run: Run) -> None:
    _standing(run)
    _buttons(run)
    _curves(run)
    with st.expander("Log", expanded=run.state == "failed"):
        st.code(run.log() or "Nothing yet.", language=None, height=300)
    with st.expander("Settings"):
        _asked(run)


def _standing(run: Run) -> None:
    cancel, said = partial(_cancel, run), _state_in_words(run)
    with show_task(run.status, run.title, cancel, f"cancel {run.id}", said=said, cancelling=run.cancelling):
        for line in _outcome(run):
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
        if run.predictions_path.is_file() and st.button(
            "Evaluate this run", icon=":material/analytics:", key=f"evaluate {run.id}"
        ):
            st.session_state["evaluate source"], st.session_state["evaluate run"] = "Finished run", run.id
            st.switch_page(PAGES_FOLDER / "evaluate.py")
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
    if not history and (run.folder / "history.json").exists():
        small_print("Its history.json is damaged: no curves. Resumed or trained again, it is written anew.")
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


def _state_in_words(run: Run) -> str:
    """Return where a run stands, in a sentence."""
    if run.state == "running":
        return _progress_in_words(run)
    status, known = run.status, _epochs_done(run)
    after = f"after {known}" if known else f"before its first {_unit(run)} was done"
    sentences = {
        "starting": "It starts.",
        "waiting": "It waits for its turn: another training is at work.",
        "finished": f"It has finished{f' after {known}' if known else ''}, {duration(status.worked)} in all.",
        "cancelled": f"It was cancelled {after}. It can be resumed.",
        "stopped": f"It stopped {after}: its process is gone. It can be resumed.",
    }
    return sentences.get(run.state, run.state)


def _epochs_done(run: Run) -> str:
    """Return how many epochs or folds are done; empty for none, and where a learner knows of neither."""
    counts = run.request.is_network or run.request.split in CROSS_VALIDATIONS
    return counted(run.done, _unit(run)) if counts and run.done else ""


def _progress_in_words(run: Run) -> str:
    """Return the epoch and the time left in words, or what else is being done."""
    status = run.status
    if status.words != "training" or not run.request.is_network:
        return escape_markdown(status.sentence)
    epoch = min(int(status.done) + 1, int(status.total))
    within = status.done - epoch + 1
    said = f"epoch {epoch} of {status.total:.0f}, {in_percent(within, 0)} of it"
    if status.seconds_left is not None:
        at_most = "at most " if run.request.configuration.patience else ""
        said += f", {at_most}{in_words(status.seconds_left)} left"
    return said


def _held_out_accuracy(run: Run) -> str:
    """Return how often a run was right on the pictures held out, in percent; empty while nobody knows."""
    with suppress(*_DAMAGED):
        return ", ".join(in_percent(each["accuracy"]) for each in _card(run)["evaluations"])
    return ""


def _outcome(run: Run) -> list[str]:
    """Return what a run reached on the pictures held out, in sentences of Markdown; none while nothing is known."""
    with suppress(*_DAMAGED):
        card = _card(run)
        figures = card["evaluations"][0]
        low, high = figures["accuracy_interval"]
        lines = [
            f"Right on **{in_percent(figures['accuracy'])}** of {figures['n']:,} pictures of "
            f"{escape_markdown(figures['data'])} (95 % interval {100 * low:.1f} to {in_percent(high)}), macro F1 "
            f"**{in_percent(figures['macro_f1'])}**."
        ]
        if (free := figures.get("leak_free")) and free["n"] < figures["n"]:
            lines.append(
                f"Without the {figures['n'] - free['n']:,} that have a copy among the training pictures: "
                f"**{in_percent(free['accuracy'])}**."
            )
        if calibration := card.get("calibration"):
            lines.append(
                f"Its certainty is off by {percent(calibration['ece_after'])} on average (before scaling "
                f"{percent(calibration['ece_before'])}), on validation pictures."
            )
        return lines
    if (run.folder / "card.json").exists():
        return ["Its card.json is damaged: the page Evaluate computes its figures from the answers that it kept."]
    return []


def _card(run: Run) -> dict[str, Any]:
    return read_json(run.folder / "card.json")


def _unit(run: Run) -> str:
    return "fold" if run.request.split in CROSS_VALIDATIONS else "epoch"
