"""What the page's address says: which person, which session."""

import streamlit as st

PERSON, SESSION = "person", "session"


def go_to(person: str | None, session: str | None) -> None:
    """Make the page about a person and a session, None for none; also what a button calls."""
    for name, value in ((PERSON, person), (SESSION, session)):
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value
