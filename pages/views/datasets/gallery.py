"""A set's pictures, a page at a time, filtered."""

from zlib import crc32

import numpy as np
import streamlit as st

from engine.datasets import browse
from engine.datasets.words import by_class, counted
from engine.errors import ImageError
from pages.views.common.figures import show_thumbnail
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.library import OpenSet
from pages.views.datasets.picture import show_picture_dialog

PICTURES = "Show the pictures"
VIEW = "datasets view"
"""Session state: which view of a set is open."""
PER_PAGE = 30
_FACE_PX = 104
_ANY = "any"
_ORDERS = ("as stored", "copies side by side", "most doubtful label first")


def show_gallery(opened: OpenSet) -> None:
    """Show filters and a page of pictures; a click on one opens all that is known of it."""
    rows, problem = _filtered(opened)
    rows = _ordered(opened, rows)
    if not len(rows):
        st.info("No picture fits these filters.")
        return
    pages = -(-len(rows) // PER_PAGE)
    hint = "The word below a picture is its label; press it to see the picture's whole way to the networks."
    st.markdown(f"**{counted(len(rows), 'picture')}.** :small[{hint}]")
    number = 1
    if pages > 1:
        # Other pictures start at their first page.
        number = st.pagination(pages, key=f"datasets page {crc32(rows.tobytes())}", persist_state="page")
    others = browse.other_labels(opened.faces, opened.checks, problem)
    with st.container(horizontal=True, gap="xsmall"):
        for row in rows[(number - 1) * PER_PAGE : number * PER_PAGE]:
            _card(opened, int(row), "" if others is None else str(others[row]))


def look_at(name: str, problem: str) -> None:
    """Open a set's pictures at those with a problem, copies side by side; for callbacks, before the page is drawn."""
    st.session_state[VIEW] = "Pictures"
    st.session_state[f"datasets problem {name}"] = problem
    st.session_state[f"datasets labels {name}"] = []
    order = _ORDERS[1] if "cop" in problem else _ORDERS[2] if problem == browse.LIKELY_WRONG else _ORDERS[0]
    st.session_state[f"datasets order {name}"] = order


def _filtered(opened: OpenSet) -> tuple[np.ndarray, str]:
    faces, name = opened.faces, opened.name
    found = browse.problems(faces, opened.checks)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = st.multiselect(
            "Expression",
            [label for label, _ in by_class(opened.about["labels"])],
            key=f"datasets labels {name}",
            placeholder="all",
            format_func=lambda label: label or "no label",
            width=260,
            persist_state="page",
        )
        split = None
        if len(opened.about["splits"]) > 1:
            split = st.selectbox(
                "Split",
                [_ANY, *opened.about["splits"]],
                key=f"datasets split {name}",
                width=180,
                persist_state="page",
            )
        problem = _ANY
        if found:
            problem = st.selectbox(
                "Problem",
                [_ANY, *found],
                key=f"datasets problem {name}",
                format_func=lambda each: each if each == _ANY else f"{each} ({int(found[each].sum()):,})",
                width=320,
                persist_state="page",
            )
    return browse.matching(faces, labels, None if split == _ANY else split, found.get(problem)), problem


def _ordered(opened: OpenSet, rows: np.ndarray) -> np.ndarray:
    possible = [_ORDERS[0]]
    if opened.faces.group is not None:
        possible.append(_ORDERS[1])
    if opened.checks is not None:
        possible.append(_ORDERS[2])
    if len(possible) == 1:
        return rows
    key = f"datasets order {opened.name}"
    st.session_state.setdefault(key, possible[0])
    order = st.segmented_control("Order", possible, required=True, key=key, persist_state="page")
    if order == _ORDERS[1]:
        return browse.copies_together(opened.faces, rows)
    if order == _ORDERS[2]:
        return rows[np.argsort(np.nan_to_num(opened.checks.label_score[rows], nan=np.inf), kind="stable")]
    return rows


def _card(opened: OpenSet, row: int, other: str) -> None:
    label = opened.faces.labels[row] or "no label"
    with st.container(width=_FACE_PX, gap=None):
        try:
            picture = np.asarray(opened.faces.pictures[row])
        except ImageError as error:
            st.markdown(escape_markdown(error.what))
            return
        show_thumbnail(picture, _FACE_PX, "", f"Picture {row}, labelled {label}")
        if st.button(
            escape_markdown(label), key=f"datasets open {opened.name} {row}", type="tertiary", width="stretch"
        ):
            show_picture_dialog(opened, row)
        if other:
            small_print(f"rather {escape_markdown(other)}?", width=_FACE_PX, text_alignment="center")
            # Else the words stand nearer to the picture below than to their own.
            st.space("small")
