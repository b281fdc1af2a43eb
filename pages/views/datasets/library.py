"""The imported sets: which there are, which one is looked at, and how one goes."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.datasets import FaceSet, store
from engine.datasets.checks import Checks
from engine.datasets.words import size
from engine.errors import DataError
from engine.words import counted
from pages.views.common.text import escape_markdown, small_print

CHOSEN = "datasets chosen"
"""Session state: the name of a set that is to be looked at next."""
_CHOICE = "datasets choice"


@dataclass(frozen=True)
class OpenSet:
    """An imported set and all that is known of it."""

    name: str
    faces: FaceSet
    checks: Checks | None
    about: dict[str, Any]
    version: tuple[int, int]


def choose_set() -> OpenSet | None:
    """List the imported sets and let the reader choose one; None where there is none."""
    names = store.names()
    if not names:
        return None
    wanted = st.session_state.pop(CHOSEN, None)
    if wanted in names:
        st.session_state[_CHOICE] = wanted
    elif st.session_state.get(_CHOICE) not in names:
        st.session_state.pop(_CHOICE, None)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        name = st.selectbox("Data set", names, key=_CHOICE, persist_state="session")
    with right, st.container(horizontal=True):
        if st.button("Remove …", icon=":material/delete:", key="datasets remove"):
            _confirm(name)
    opened = _opened(name, store.version(name))
    small_print(_line(opened))
    return opened


def _line(opened: OpenSet) -> str:
    about = opened.about
    facts = [f"**{counted(about['pictures'], 'picture')}**{size(about)}", f"{len(about['labels'])} classes"]
    facts += [f"{len(about['splits'])} splits"] * (len(about["splits"]) > 1)
    facts += [counted(about["subjects"], "subject")] if about["subjects"] else []
    facts += ["votes of ten people"] * about["votes"]
    facts.append("checked" if opened.checks is not None else "not checked yet")
    line = f"{', '.join(facts)}. Imported from {escape_markdown(about['source'])} on {about['imported'][:10]}."
    if about["left_out"]:
        first = about["left_out_files"][0]
        line += f" {about['left_out']:,} could not be read and are left out, such as {escape_markdown(first['file'])}."
    return line


@st.cache_resource(max_entries=3, show_spinner="Opening the data set")
def _opened(name: str, version: tuple[int, int]) -> OpenSet:
    return OpenSet(name, store.load(name), store.checks(name), store.about(name), version)


@st.dialog("Remove this data set?")
def _confirm(name: str) -> None:
    st.markdown(
        f"**{escape_markdown(name)}** and what was found about it are deleted from this machine. The file or folder "
        "that it was imported from stays, and so do models trained on it."
    )
    with st.container(horizontal=True):
        if st.button("Remove", type="primary", key="datasets remove now"):
            try:
                _opened.clear()
                store.remove(name)
            except DataError as error:
                st.error(escape_markdown(str(error)))
            else:
                st.rerun()
        if st.button("Keep", key="datasets keep"):
            st.rerun()
