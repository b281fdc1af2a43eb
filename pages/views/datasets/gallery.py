"""A set's pictures, a page at a time, filtered; and all that is known of one of them."""

from zlib import crc32

import numpy as np
import streamlit as st

from engine import emotions
from engine.datasets import browse
from engine.datasets.words import by_class
from engine.errors import ImageError
from engine.words import counted
from pages.views.common.figures import show_lbp, show_thumbnail
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.editing import CHANGED, changed_masks, offer_edits, offer_edits_of_all, show_edits
from pages.views.datasets.library import OpenSet

PICTURES = "Show the pictures"
VIEW = "datasets view"
"""Session state: which view of a set is open."""
PER_PAGE = 30
_FACE_PX = 104
_ANY = "any"
_ORDERS = ("as stored", "copies side by side", "most doubtful label first")
_STEP_PX = 144
_COPY_PX = 88
_COPIES = 12


def show_gallery(opened: OpenSet) -> None:
    """Show filters and a page of pictures; a click on one opens all that is known of it."""
    st.session_state.pop(CHANGED, None)
    show_edits(opened)
    rows, problem = _filtered(opened)
    rows = _ordered(opened, rows)
    if not len(rows):
        st.info("No picture fits these filters.")
        return
    pages = -(-len(rows) // PER_PAGE)
    hint = "The word below a picture is its label; press it to see the picture's whole way to the networks."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{counted(len(rows), 'picture')}.** :small[{hint}]", width="stretch")
        offer_edits_of_all(opened, rows)
    number = 1
    if pages > 1:
        # Other pictures start at their first page.
        number = st.pagination(pages, key=f"datasets page {crc32(rows.tobytes())}", persist_state="page")
    others = browse.other_labels(opened.faces, opened.checks, problem)
    with st.container(horizontal=True, gap="xsmall"):
        for row in rows[(number - 1) * PER_PAGE : number * PER_PAGE]:
            _card(opened, int(row), "" if others is None else str(others[row]))


def open_pictures(name: str, problem: str) -> None:
    """Open a set's pictures at those with a problem, copies side by side; for callbacks, before the page is drawn."""
    st.session_state[VIEW] = "Pictures"
    st.session_state[f"datasets problem {name}"] = problem
    st.session_state[f"datasets labels {name}"] = []
    order = _ORDERS[1] if "cop" in problem else _ORDERS[2] if problem == browse.LIKELY_WRONG else _ORDERS[0]
    st.session_state[f"datasets order {name}"] = order


def _filtered(opened: OpenSet) -> tuple[np.ndarray, str]:
    faces, name = opened.faces, opened.name
    found = browse.problems(faces, opened.checks) | changed_masks(opened.edits, len(faces))
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
                "Split", [_ANY, *opened.about["splits"]], key=f"datasets split {name}", width=180, persist_state="page"
            )
        problem = _ANY
        if found:
            problem = st.selectbox(
                "Problem or change",
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
    label = opened.faces.labels[row] or ("left out" if row in opened.edits.excluded else "no label")
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
            _picture_dialog(opened, row)
        if other:
            small_print(f"rather {escape_markdown(other)}?", width=_FACE_PX, text_alignment="center")
            # Else the words stand nearer to the picture below than to their own.
            st.space("small")


@st.dialog("One picture", width="large")
def _picture_dialog(opened: OpenSet, row: int) -> None:
    """Show a picture's steps, its copies and everything known of it."""
    if st.session_state.pop(CHANGED, False):
        # The set behind the dialog is another one now.
        st.rerun()
    with error_boundary():
        taken = browse.preprocessing_steps(opened.faces, row)
        _steps(taken)
        key = f"datasets picture {opened.name} {row}"
        if taken.crop is None:
            st.info("No face is found in this picture, so that no network can see it.")
        else:
            show_lbp(taken.codes, taken.histogram, key)
        _copies(opened, row)
        st.markdown("**What is known of it**")
        st.table(_facts(opened, row, taken.picture), border="horizontal", alt="What is known of this picture")
        st.markdown("**Change it**")
        offer_edits(opened, [row], f"datasets edit {row}")


def _steps(taken: browse.PreprocessingSteps) -> None:
    height, width = taken.picture.shape[:2]
    shown = {f"as it is, {width}×{height}": taken.picture, "gray": taken.gray}
    if taken.crop is not None:
        shown[f"as the networks see it, {len(taken.crop)}×{len(taken.crop)}"] = taken.crop
    with st.container(horizontal=True):
        for words, picture in shown.items():
            show_thumbnail(picture, _STEP_PX, words, f"The picture {words}")


def _copies(opened: OpenSet, row: int) -> None:
    others = browse.copies_of_one(opened.faces, row)
    if not len(others):
        return
    kind = "From the same clip, or copies of it" if opened.faces.subject is not None else "Copies of it"
    st.markdown(f"**{kind}: {len(others):,}**")
    with st.container(horizontal=True, gap="small"):
        for other in others[:_COPIES]:
            split = "" if opened.faces.split is None else f", {opened.faces.split[other]}"
            said = f"{opened.faces.labels[other] or 'no label'}{split}"
            show_thumbnail(np.asarray(opened.faces.pictures[int(other)]), _COPY_PX, said, f"Copy, labelled {said}")


def _facts(opened: OpenSet, row: int, picture: np.ndarray) -> dict[str, str]:
    faces, checks = opened.faces, opened.checks
    facts = {"Number": f"{row}", "Label": escape_markdown(faces.labels[row] or "none")}
    for name, each in (("File", faces.files), ("Split", faces.split), ("Subject", faces.subject)):
        if each is not None:
            facts[name] = escape_markdown(str(each[row]))
    if faces.votes is not None:
        given = [(n, label) for n, label in zip(faces.votes[row], emotions.FERPLUS_COLUMNS, strict=True) if n > 0]
        facts["Votes"] = ", ".join(f"{label} {n}" for n, label in sorted(given, reverse=True)) or "none"
    if checks is not None:
        facts["Sharpness"] = f"{checks.sharpness[row]:.2f} (about 0.7 in a good crop)"
        facts["Brightness"] = f"{checks.brightness[row]:.0f} of 255"
        if checks.suggested[row]:
            facts["Label that other pictures suggest"] = escape_markdown(str(checks.suggested[row]))
    changed = [words for words, mask in changed_masks(opened.edits, len(faces)).items() if mask[row]]
    if changed:
        facts["By hand"] = escape_markdown(", ".join(changed))
    found = [name for name, mask in browse.problems(faces, checks).items() if mask[row]]
    facts["Problems"] = escape_markdown(", ".join(found)) or "none found"
    return facts
