"""Long work on a page, alike for an import, a training, an evaluation and the analysis of a recording."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.tasks import Status
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown

_ENDED = {"finished": "check_circle", "cancelled": "cancel", "stopped": "pause_circle"}


def watch(find: Callable[[], Any], show: Callable[[Any], None], alive: bool, every_s: float = 0.5) -> None:
    """Show work again and again while it is at work, and draw the whole page anew when it has ended.

    Parameters
    ----------
    find
        Returns the work, whose ``status`` tells how far it is; None where it is gone.
    show
        Shows it.
    alive
        Whether it is at work now.
    every_s
        Seconds from one look to the next.
    """

    def view(was_alive: bool) -> None:
        with error_boundary():
            found = find()
            if found is None or (was_alive and not found.status.alive):
                st.rerun()
            show(found)

    st.fragment(view, run_every=every_s if alive else None)(alive)


def show_task(
    status: Status,
    title: str,
    cancel: Callable[[], object],
    key: str,
    *,
    said: str | None = None,
    cancelling: bool = False,
) -> DeltaGenerator:
    """Show in a frame how far work is, with a way out, or how it ended.

    Parameters
    ----------
    status
        How far it is.
    title
        What it does, as anybody may have named it.
    cancel
        Asks it to stop. Called before the page is drawn, so that a page that refreshes itself loses no click.
    key
        Of the button.
    said
        How far it is, or how it ended, in other words than the status's own, as Markdown; a failure keeps its own.
    cancelling
        Whether it was asked to stop already.

    Returns
    -------
    DeltaGenerator
        The frame, for what else belongs to it.
    """
    title = f"**{escape_markdown(title)}**"
    ended = escape_markdown(f"{status.what} {status.remedy}")
    frame = st.container(border=True)
    if status.alive:
        words = "stopping" if cancelling else escape_markdown(status.sentence) if said is None else said
        bar, button = frame.columns([5, 1], vertical_alignment="center")
        bar.progress(status.share, f"{title}: {words}")
        button.button("Cancel", icon=":material/stop:", key=key, disabled=cancelling, on_click=cancel, width="stretch")
    elif status.state in _ENDED and (said is not None or status.state != "stopped"):
        frame.markdown(f":material/{_ENDED[status.state]}: {title}: {said or ended or 'done.'}")
    else:
        lost = "Its process ended without a word. What was there before is unchanged; start it again."
        frame.error(f"{title}: {ended if status.what else lost}", icon=":material/error:")
    return frame
