"""Changes of state as text that a screen reader says by itself."""

import time

import streamlit as st

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


def announce(text: str) -> None:
    """Say a text aloud: as long as it stays the same nothing is said again, and not too often when it changes."""
    known = page_state("Live", "announced")
    now = time.monotonic()
    if "text" not in known or (text != known["text"] and now - known["at"] >= _APART_S):
        known.update(text=text, at=now)
    _region(data={"text": known["text"]}, key="live announced", height="content")
