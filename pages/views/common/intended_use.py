"""What NeuroMER is for and what it must not be used for: told on every page, accepted once before the first use."""

from contextlib import suppress

import streamlit as st

from engine.records import intended_use
from pages.views.common.owner import current_owner, is_personal
from pages.views.common.text import small_print

INTENDED_USE = (
    "NeuroMER names the expression shown, never what a person feels. "
    "Not for diagnosis, lie detection, hiring, or watching pupils or staff."
)
IN_WORDS = """
- **What it does.** NeuroMER names the expression that a face shows. It cannot know what a person feels, thinks or
  intends, and it is often wrong: each answer says how sure it is.
- **What it is for.** Learning, research, training one's own eye, and looking through pictures and recordings of people
  who agreed to it.
- **What it is not for.** Watching people at work or in class, which the European Union prohibits (AI Act, article 5);
  diagnosis, lie detection, hiring, or any decision about a person that nobody else has looked at.
"""
"""What is accepted; another text is asked about anew."""
_ACCEPTED = "intended use accepted"


def ask_once() -> None:
    """Show what NeuroMER is for until it is accepted, and nothing of the page below it until then.

    It is stored where the same person comes back: on one's own machine, and where people log in. Elsewhere it holds
    for the visit.
    """
    if st.session_state.get(_ACCEPTED):
        return
    if is_personal() and intended_use.accepted(current_owner(), IN_WORDS):
        st.session_state[_ACCEPTED] = True
        return
    st.header("Before you begin", anchor=False)
    st.markdown(IN_WORDS)
    st.button("I understand", type="primary", key=_ACCEPTED + " button", on_click=_accept)
    small_print("You are asked once. Nothing but the time is noted, on this machine.")
    st.stop()


def _accept() -> None:
    st.session_state[_ACCEPTED] = True
    if is_personal():
        with suppress(OSError):  # a folder that cannot be written to: it holds for this visit
            intended_use.accept(current_owner(), IN_WORDS)
