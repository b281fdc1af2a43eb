"""What is wrong with a set's pictures and labels."""

import numpy as np
import streamlit as st

from engine.charts.layout import percent
from engine.datasets import browse, store
from engine.datasets.checks import SENTENCES
from engine.datasets.words import groups_in_words
from engine.errors import ImageError
from pages.views.common.figures import show_thumbnail
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.gallery import PICTURES, open_pictures
from pages.views.datasets.library import OpenSet
from pages.views.datasets.tasks import busy, start_task

_HOW = (
    "Counted are pictures; one picture can have several problems. None is removed: you decide, after looking. Training "
    "keeps copies on one side of a split."
)
_OFFER = (
    "This set has not been checked yet. The checks look for copies (mirrored ones too), copies with different labels, "
    "small, blurred, dark or bright pictures, pictures without a face or with several, and labels that are likely "
    "wrong. They run once, in the background, and are kept."
)
_GROUPS, _OF_A_GROUP, _COPY_PX = 8, 10, 72
_VOTERS = "Most of the ten people who voted on this picture saw another expression than its label says."


def show_problems(opened: OpenSet) -> None:
    """Show the problems found with a way to their pictures, or offer to look for them."""
    found = browse.problems(opened.faces, opened.checks)
    if opened.checks is None:
        st.info(_OFFER)
    if found:
        st.table(_rows(opened, found), hide_index=True, alt="Problems found, with the number of pictures")
        small_print(f"{_own_groups(opened.name, opened.version) if opened.checks is not None else ''}{_HOW}")
        _way_to_pictures(opened, found)
    _show_groups(opened)
    label, kind = ("Check this set", "primary") if opened.checks is None else ("Check again", "secondary")
    if st.button(label, type=kind, disabled=busy(opened.name), key=f"datasets check {opened.name}"):
        start_task(["import", opened.name, "--check"], f"Checking {opened.name}", opened.name)


def _show_groups(opened: OpenSet) -> None:
    """Show each group of copies together: a row a group, with the labels and splits that its pictures have."""
    groups = browse.copy_groups(opened.faces, np.arange(len(opened.faces)))
    if not groups:
        return
    called = "Clips and copies of them" if opened.faces.subject is not None else "Groups of copies"
    fold = st.expander(f"{called} ({len(groups):,})", on_change="rerun", key=f"datasets groups {opened.name}")
    if not fold.open:
        return
    with fold:
        number = 1
        if len(groups) > _GROUPS:
            number = st.pagination(-(-len(groups) // _GROUPS), key=f"datasets groups page {opened.name}")
        for group in groups[(number - 1) * _GROUPS : number * _GROUPS]:
            _show_group(opened, group)


def _show_group(opened: OpenSet, group: np.ndarray) -> None:
    faces = opened.faces
    labels = ", ".join(sorted({str(faces.labels[row]) or "no label" for row in group}))
    splits = "" if faces.split is None else f"; in {', '.join(sorted(set(faces.split[group].astype(str).tolist())))}"
    with st.container(border=True):
        st.markdown(f"**{len(group):,} pictures**, labelled {escape_markdown(labels)}{escape_markdown(splits)}")
        with st.container(horizontal=True, gap="xsmall"):
            for row in group[:_OF_A_GROUP]:
                said = f"{row}: {faces.labels[row] or 'no label'}"
                try:
                    show_thumbnail(np.asarray(faces.pictures[int(row)]), _COPY_PX, said, f"Picture {said}")
                except ImageError as error:
                    st.markdown(escape_markdown(error.what))
        if len(group) > _OF_A_GROUP:
            small_print(f"The first {_OF_A_GROUP} of them.")


def _rows(opened: OpenSet, found: dict[str, np.ndarray]) -> list[dict[str, str]]:
    meanings = {browse.VOTERS_DISAGREE: _VOTERS}
    if opened.checks is not None:
        meanings |= SENTENCES
    return [
        {
            "problem": escape_markdown(name),
            "pictures": f"{int(mask.sum()):,}",
            "share": escape_markdown(percent(float(mask.mean()))),
            "what it means": escape_markdown(meanings.get(name, "")),
        }
        for name, mask in found.items()
    ]


def _way_to_pictures(opened: OpenSet, found: dict[str, np.ndarray]) -> None:
    there = [name for name, mask in found.items() if mask.any()]
    if not there:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Look at", there, key=f"datasets look at {opened.name}", width=320)
        st.button(
            PICTURES,
            icon=":material/grid_view:",
            on_click=open_pictures,
            args=(opened.name, chosen),
            key="datasets show",
        )


@st.cache_data(max_entries=8, show_spinner=False)
def _own_groups(name: str, version: tuple[str, int, int, int]) -> str:
    groups = store.groups_found(name)
    return "" if groups is None else f"{groups_in_words(groups)}. "
