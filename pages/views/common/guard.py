"""The one call that every page begins with."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from engine import settings
from engine.errors import ModelError, UserError
from pages.views.common.icons import ICON, WORDMARK
from pages.views.common.intended_use import INTENDED_USE, ask_once
from pages.views.common.login import ask_to_log_in
from pages.views.common.mending import mend
from pages.views.common.navigation import enter
from pages.views.common.owner import current_owner
from pages.views.common.page_state import clear_other_pages, visitor
from pages.views.common.text import escape_markdown, small_print
from pages.views.common.uploads import uploads

_log = logging.getLogger(__name__)


@contextmanager
def page(title: str, lead: str, *, looked_at_first: bool = False) -> Iterator[None]:
    """Set a page up, say what NeuroMER is for, and end whatever goes wrong in a sentence.

    The first statement of every page is ``with page(...):`` around all the rest. Whoever may not see a page is
    stopped here, and nowhere else.

    Parameters
    ----------
    title
        Of the page and of the browser's tab.
    lead
        One sentence under the title: what the page does.
    looked_at_first
        Whether it is open to those who have not yet accepted what NeuroMER is for: nobody's pictures are given there.
    """
    st.set_page_config(
        page_title=f"{title} · NeuroMER",
        page_icon=ICON,
        layout="wide",
        menu_items={"About": f"**NeuroMER** recognises facial expressions. {INTENDED_USE}"},
    )
    enter()
    clear_other_pages(title)
    st.logo(WORDMARK, size="large", icon_image=WORDMARK)
    with st.container(gap=None):
        st.title(title, anchor=False)
        st.markdown(lead)
        small_print(f":material/info: {INTENDED_USE}")
        mend()
    if (store := uploads()) is not None:
        for refused in store.begin_run(visitor()):
            st.warning(escape_markdown(refused), icon=":material/block:")
    settings.ask_for_owner(current_owner)
    admitted = False
    with error_boundary():
        ask_to_log_in()
        if not looked_at_first:
            ask_once()
        admitted = True
    if not admitted:
        st.stop()
    with error_boundary():
        yield


@contextmanager
def error_boundary() -> Iterator[None]:
    """Turn any error inside into a sentence with a remedy, at the place where it happened."""
    try:
        yield
    except UserError as error:
        show_error(error)
    except Exception:
        show_error(unexpected_error())


@contextmanager
def section(heading: str, *, below: bool = False) -> Iterator[None]:
    """Head a part of the page, or of a part (``below``), and end in a sentence where a card lacks what it shows."""
    (st.subheader if below else st.header)(heading, anchor=False)
    with card_boundary():
        yield


@contextmanager
def card_boundary() -> Iterator[None]:
    """End a part in a sentence where a card lacks what it shows."""
    with error_boundary():
        try:
            yield
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ModelError(
                f"The card lacks something that belongs here ({error!r}).",
                "Put the shipped folder back, or train the model again with the command in the README.",
            ) from error


def show_tabs(key: str, views: Mapping[str, Callable[..., None]], *shown: Any) -> None:
    """Show one of several views of the same: those that are not looked at cost nothing."""
    for tab, show in zip(st.tabs(list(views), on_change="rerun", key=key), views.values(), strict=True):
        if tab.open:
            with tab, error_boundary():
                show(*shown)


def show_error(error: UserError) -> None:
    """Show what happened and what to do about it."""
    st.error(f"{escape_markdown(error.what)} {escape_markdown(error.remedy)}", icon=":material/error:")


def unexpected_error() -> UserError:
    """Log the error being handled, for whoever runs the server, and return what a user may read of it."""
    _log.exception("A page met an error that nobody expected")
    return UserError(
        "Something went wrong inside NeuroMER.",
        "Reload the page and try again. If it happens once more, try another picture or another model, and report what "
        "the server wrote to its console.",
    )
