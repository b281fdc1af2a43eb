"""The imported sets: which there are, which one is looked at and what is in it, and how one goes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from engine.charts.bars import class_balance
from engine.charts.layout import percent
from engine.datasets import FaceSet, browse, store
from engine.datasets.checks import Checks
from engine.datasets.edits import NONE, Edits
from engine.datasets.words import by_class, left_out_in_words, size
from engine.errors import DataError
from engine.words import counted
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.licence import ask_for_licence

CHOSEN = "datasets chosen"
"""Session state: the name of a set that is to be looked at next."""
_CHOICE = "datasets choice"
_FACE_PX = 104


@dataclass(frozen=True)
class OpenSet:
    """An imported set and all that is known of it."""

    name: str
    faces: FaceSet
    checks: Checks | None
    about: dict[str, Any]
    version: tuple[str, int, int, int]
    edits: Edits = NONE
    trouble: DataError | None = None
    """Why its checks, or what was changed by hand, cannot be read."""


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
    name = left.selectbox("Data set", names, key=_CHOICE, persist_state="session")
    with right, st.container(horizontal=True):
        ask_for_licence(name)
        if st.button("Remove …", icon=":material/delete:", key="datasets remove"):
            _confirm(name)
    opened = _opened(name, store.version(name))
    small_print(_line(opened))
    if opened.trouble is not None:
        show_error(opened.trouble)
    return opened


def _line(opened: OpenSet) -> str:
    about = opened.about
    facts = [f"**{counted(about['pictures'], 'picture')}**{size(about)}", f"{len(about['labels'])} classes"]
    facts += [f"{len(about['splits'])} splits"] * (len(about["splits"]) > 1)
    facts += [counted(about["subjects"], "subject")] if about["subjects"] else []
    facts += ["votes of ten people"] * about["votes"]
    facts.append("checked" if opened.checks is not None else "not checked yet")
    line = f"{', '.join(facts)}. Imported from {escape_markdown(about['source'])} on {about['imported'][:10]}."
    told = left_out_in_words(about) + list(about.get("notes", ()))
    return " ".join([line, *(f"{escape_markdown(each[:1].upper() + each[1:]).rstrip('.')}." for each in told)])


@st.cache_resource(max_entries=3, show_spinner="Opening the data set")
def _opened(name: str, version: tuple[str, int, int, int]) -> OpenSet:
    about = store.about(name)
    try:
        return OpenSet(name, store.load(name), store.checks(name), about, version, store.edits(name))
    except DataError as error:
        return OpenSet(name, store.load_as_it_came(name), None, about, version, trouble=error)


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


def show_overview(opened: OpenSet) -> None:
    """Show the class balance per split as a chart and a table, and each class's mean face."""
    counts = _split_counts(opened)
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(class_balance(counts), f"datasets balance {opened.name}")
    with right:
        st.table(_rows(counts), hide_index=True, alt="Pictures of each expression in each split")
        small_print(_imbalance(opened))
    st.markdown("**Mean face of each expression**")
    with st.container(horizontal=True, gap="xsmall"):
        for label, (face, count) in _means(opened.name, opened.version, opened).items():
            show_thumbnail(face, _FACE_PX, label, f"Mean of {counted(count, 'picture')} labelled {label}")
    small_print(
        f"The mean of up to {browse.AT_MOST} pictures of each expression, as the networks see them. Where faces are "
        "well aligned it looks like a face; what all pictures of an expression share stays visible."
    )


def _split_counts(opened: OpenSet) -> dict[str, dict[str, int]]:
    """Return for each split, ``""`` without any, how many pictures each expression has."""
    faces = opened.faces
    labels = [label for label, _ in by_class(opened.about["labels"])]
    splits = list(opened.about["splits"]) or [""]
    counts = {}
    for split in splits:
        mine = faces.labels if faces.split is None else faces.labels[faces.split == split]
        counts[split] = {label or "no label": int((mine == label).sum()) for label in labels}
    return counts


@st.cache_data(max_entries=4, show_spinner="Averaging faces")
def _means(name: str, version: tuple[str, int, int, int], _opened: OpenSet) -> dict[str, tuple[np.ndarray, int]]:
    found = browse.mean_faces(_opened.faces)
    return {label: found[label] for label, _ in by_class(_opened.about["labels"]) if label in found}


def _rows(counts: dict[str, dict[str, int]]) -> list[dict[str, str]]:
    total = sum(sum(split.values()) for split in counts.values())
    rows = []
    for label in next(iter(counts.values())):
        of_all = sum(split[label] for split in counts.values())
        row = {"expression": escape_markdown(label)}
        if len(counts) > 1:
            row |= {
                escape_markdown(split or "without split"): f"{numbers[label]:,}" for split, numbers in counts.items()
            }
        rows.append(row | {"all": f"{of_all:,}", "share": escape_markdown(percent(of_all / total))})
    return rows


def _imbalance(opened: OpenSet) -> str:
    ordered = sorted(opened.about["labels"].items(), key=lambda pair: pair[1])
    (least, few), (most, many) = ordered[0], ordered[-1]
    if few == many:
        return "All expressions have the same number of pictures."
    return (
        f"There are {many / few:.1f} times as many pictures of {escape_markdown(most)} as of "
        f"{escape_markdown(least)}. A model that always answered {escape_markdown(most)} would be right on "
        f"{percent(many / opened.about['pictures'])}: accuracy alone says little, macro F1 counts every expression "
        "alike."
    )
