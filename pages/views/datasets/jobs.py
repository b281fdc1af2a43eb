"""Imports, checks and measurements that are going on, each in a process of its own."""

from pathlib import Path

import streamlit as st

from engine import jobs
from engine.errors import DataError
from engine.tasks.status import in_words
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown
from pages.views.datasets.library import CHOSEN

_EVERY_S = 1.0
_ALIVE = "datasets jobs alive"


def begin(arguments: list[str], title: str, about: str, folder: Path | None = None) -> None:
    """Start a command of the engine on a data set, and draw the page anew.

    Parameters
    ----------
    arguments
        Of ``python -m engine``.
    title, about
        What it does, and on which set.
    folder
        From `engine.jobs.new_folder`, where files were put for it; a new one for None.

    Raises
    ------
    DataError
        Where it cannot be started.
    """
    try:
        jobs.start(folder or jobs.new_folder(), arguments, title, about)
    except OSError as error:
        raise DataError(
            f"The work cannot be started ({error.strerror or error}).", "Make room on the disk and try again."
        ) from error
    st.rerun()


def show_jobs() -> None:
    """Show what is going on, live, and what has ended, until it is closed."""
    if any(job.alive for job in jobs.list_all()):
        _live()
    else:
        for job in jobs.list_all():
            _over(job)


def busy(name: str) -> bool:
    """Tell whether something is going on with a set."""
    return any(job.alive and job.about == name for job in jobs.list_all())


@st.fragment(run_every=_EVERY_S)
def _live() -> None:
    with error_boundary():
        now = jobs.list_all()
        before = st.session_state.get(_ALIVE, set())
        alive = {job.folder.name for job in now if job.alive}
        st.session_state[_ALIVE] = alive
        for job in now:
            _going_on(job) if job.alive else _over(job)
    if ended := before - alive:
        for job in now:
            if job.folder.name in ended and job.state == "finished":
                st.session_state[CHOSEN] = job.about
        st.rerun()


def _going_on(job: jobs.Job) -> None:
    counted = f", {job.done:,} of {job.total:,}" if job.total else ""
    left = "" if job.seconds_left is None else f", {in_words(job.seconds_left)} left"
    stopping = (job.folder / "cancel").exists()
    words = "stopping" if stopping else f"{escape_markdown(job.words) or 'starting'}{counted}{left}"
    with st.container(border=True):
        bar, button = st.columns([5, 1], vertical_alignment="center")
        with bar:
            share = min(1.0, job.done / job.total) if job.total else 0.0
            st.progress(share, f"**{escape_markdown(job.title)}**: {words}")
        with button:
            if st.button("Cancel", key=f"cancel {job.folder.name}", disabled=stopping):
                jobs.cancel(job)
                st.rerun(scope="fragment")


def _over(job: jobs.Job) -> None:
    title = escape_markdown(job.title)
    said = f"{escape_markdown(job.what)} {escape_markdown(job.remedy)}".strip()
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="center")
        with words:
            if job.state == "finished":
                st.markdown(f":material/check_circle: **{title}**: done.")
            elif job.state == "cancelled":
                st.markdown(f":material/cancel: **{title}**: {said}")
            else:
                ended = said or "Its process ended without a word. What was there before is unchanged; start it again."
                st.markdown(f":material/error: **{title}**: {ended}")
        with button:
            if st.button("Close", key=f"close {job.folder.name}"):
                jobs.forget(job.folder)
                st.rerun()
