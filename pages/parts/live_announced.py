"""Changes of state as text that a screen reader says by itself."""

from html import escape

import streamlit as st


def announce(text: str) -> None:
    """Say a text once: as long as it stays the same nothing is said again."""
    hidden = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
    st.html(f'<div role="status" aria-live="polite" style="{hidden}">{escape(text)}</div>')
