"""Parts of a page below each other, opened by their headings: those that are closed cost nothing."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from pages.views.common.guard import card_boundary
from pages.views.common.text import escape_markdown

_SCROLL = """<script>
// {number}: each time is another script. What was opened is drawn a moment later, and the menu covers the top.
setTimeout(() => {{
  const part = document.querySelector('[class*="st-key-{name}"]')
  if (!part) return
  part.style.scrollMarginTop = "4.5rem"
  part.scrollIntoView()
}}, 400)
</script>"""


def show_folded(
    key: str,
    parts: Mapping[str, Callable[..., None]],
    *shown: Any,
    at_first: Collection[str] = (),
    contents: bool = False,
) -> None:
    """Show parts of a page below each other, to be opened by their headings.

    Parameters
    ----------
    key
        Of the headings, together with what they say.
    parts
        What draws each part, by its heading.
    shown
        Given to each.
    at_first
        The headings of those that are open at first.
    contents
        Whether a list of the headings stands above; choosing one opens that part and goes there.
    """
    if contents:
        _list_contents(key, list(parts))
    for number, (heading, show) in enumerate(parts.items()):
        with st.container(key=_place(key, number) if contents else None):
            opened = heading in at_first
            fold = st.expander(f"**{heading}**", expanded=opened, on_change="rerun", key=f"{key} {heading}")
            if fold.open:
                with fold, card_boundary():
                    show(*shown)
    if (going := st.session_state.pop(f"{key} going", None)) is not None:
        turn = st.session_state[f"{key} turns"] = st.session_state.get(f"{key} turns", 0) + 1
        st.html(_SCROLL.format(number=turn, name=_place(key, going).replace(" ", "-")), unsafe_allow_javascript=True)


def _place(key: str, number: int) -> str:
    return f"{key} part {number}"


def _list_contents(key: str, headings: list[str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for number, heading in enumerate(headings):
            label = escape_markdown(heading)
            st.button(label, type="tertiary", key=f"{key} to {number}", on_click=_go, args=(key, number, heading))


def _go(key: str, number: int, heading: str) -> None:
    st.session_state[f"{key} {heading}"] = True
    st.session_state[f"{key} going"] = number
