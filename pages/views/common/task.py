"""Long work on a page, alike for an import, a training, an evaluation and the analysis of a recording."""

from collections.abc import Callable

import streamlit as st

from engine.tasks import Status
from pages.views.common.text import escape_markdown


def show_task(
    status: Status,
    title: str,
    cancel: Callable[[], object],
    key: str,
    *,
    said: str | None = None,
    cancelling: bool = False,
) -> None:
    """Show how far work is, with a way out, or how it ended.

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
        How far it is in other words than the status's own, as Markdown.
    cancelling
        Whether it was asked to stop already.
    """
    title = f"**{escape_markdown(title)}**"
    ended = escape_markdown(f"{status.what} {status.remedy}")
    if status.alive:
        words = "stopping" if cancelling else escape_markdown(status.sentence) if said is None else said
        bar, button = st.columns([5, 1], vertical_alignment="center")
        bar.progress(status.share, f"{title}: {words}")
        button.button("Cancel", icon=":material/stop:", key=key, disabled=cancelling, on_click=cancel)
    elif status.state == "finished":
        st.markdown(f":material/check_circle: {title}: done.")
    elif status.state == "cancelled":
        st.markdown(f":material/cancel: {title}: {ended}")
    else:
        lost = "Its process ended without a word. What was there before is unchanged; start it again."
        st.error(f"{title}: {ended if status.what else lost}", icon=":material/error:")
