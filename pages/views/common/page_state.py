"""What a page keeps between its runs: in this session's memory only, and only while that page is open."""

from typing import Any

import streamlit as st

_PREFIX = "held by "


def held(page: str, kind: str) -> dict[Any, Any]:
    """Return a page's dictionary of a kind, empty at first."""
    return st.session_state.setdefault(f"{_PREFIX}{page}: {kind}", {})


def keep_only(page: str) -> None:
    """Drop what every other page holds; what can be closed is closed."""
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith(_PREFIX) and not key.startswith(f"{_PREFIX}{page}: "):
            for each in st.session_state.pop(key).values():
                if callable(close := getattr(each, "close", None)):
                    close()
