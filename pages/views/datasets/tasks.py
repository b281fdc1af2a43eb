"""Imports, checks and measurements that are going on, each in a process of its own."""

from pathlib import Path

import streamlit as st

from engine.tasks import task
from pages.views.common.guard import error_boundary
from pages.views.common.task import show_task
from pages.views.datasets.library import CHOSEN

_EVERY_S = 1.0
_ALIVE = "datasets tasks alive"


def start_task(arguments: list[str], title: str, topic: str, folder: Path | None = None) -> None:
    """Start a command of the engine on a data set, and draw the page anew.

    Parameters
    ----------
    arguments
        Of ``python -m engine``.
    title, topic
        What it does, and on which set.
    folder
        From `engine.tasks.task.new_folder`, where files were put for it; a new one for None.

    Raises
    ------
    DataError
        Where it cannot be started.
    """
    task.start(folder or task.new_folder(), arguments, title, topic)
    st.rerun()


def show_tasks() -> None:
    """Show what is going on, live, and what has ended, until it is closed."""
    known = task.list_all()
    if any(each.alive for each in known):
        _live()
    else:
        for each in known:
            _show(each)


def busy(name: str) -> bool:
    """Tell whether something is going on with a set."""
    return any(each.alive and each.topic == name for each in task.list_all())


def anything_going_on() -> bool:
    """Tell whether a task is at work."""
    return any(each.alive for each in task.list_all())


@st.fragment(run_every=_EVERY_S)
def _live() -> None:
    with error_boundary():
        known = task.list_all()
        before = st.session_state.get(_ALIVE, set())
        alive = {each.id for each in known if each.alive}
        st.session_state[_ALIVE] = alive
        for each in known:
            _show(each)
        if ended := before - alive:
            for each in known:
                if each.id in ended and each.state == "finished":
                    st.session_state[CHOSEN] = each.topic
            st.rerun()


def _show(each: task.Task) -> None:
    frame = show_task(each.status, each.title, each.cancel, f"cancel {each.id}", cancelling=each.cancelling)
    if not each.alive and frame.button("Close", key=f"close {each.id}"):
        task.remove(each.folder)
        st.rerun()
