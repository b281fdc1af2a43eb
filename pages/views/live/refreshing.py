"""A page that draws itself anew twice a second: buttons that lose no click, and what a screen reader says by itself."""

import time
from collections.abc import Callable

import streamlit as st

from engine.errors import UserError
from pages.views.common.guard import show_error, unexpected_error
from pages.views.common.page_state import page_state

_APART_S = 2.0
"""Expressions change faster than anybody can speak."""
_HIDDEN = "div { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }"
# The region stays what it is while its words change; put in anew with its words, most readers would not say them.
_SCRIPT = """
export default function ({ parentElement, data }) {
  const region = parentElement.querySelector("[role=status]")
  if (region.textContent !== data.text) region.textContent = data.text
}
"""
_region = st.components.v2.component(
    "announced", html='<div role="status" aria-live="polite"></div>', css=_HIDDEN, js=_SCRIPT
)


def action_callback(place: str, action: Callable[[], None]) -> Callable[[], None]:
    """Return an action as what a button calls; what it meets is said by `show_action_error` for the same place."""

    def do() -> None:
        refused = page_state("Live", "refused")
        refused.pop(place, None)
        try:
            action()
        except UserError as error:
            refused[place] = error
        except Exception:
            refused[place] = unexpected_error()

    return do


def show_action_error(place: str) -> None:
    """Say what the latest action of a place has met, until there is another one."""
    if (error := page_state("Live", "refused").get(place)) is not None:
        show_error(error)


def announce(text: str) -> None:
    """Say a text aloud: as long as it stays the same nothing is said again, and not too often when it changes."""
    known = page_state("Live", "announced")
    now = time.monotonic()
    if "text" not in known or (text != known["text"] and now - known["at"] >= _APART_S):
        known.update(text=text, at=now)
    _region(data={"text": known["text"]}, key="live announced", height="content")
