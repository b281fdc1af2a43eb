"""Changing pictures by hand: one, or all that the filters show; taken back one after the other."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from engine.datasets import browse, store
from engine.datasets.edits import LONGEST, Edits
from engine.datasets.words import by_class, edits_in_words
from engine.errors import DataError
from engine.words import counted
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.library import OpenSet

LEFT_OUT, RELABELLED, TAGGED = "left out", "labelled anew", "tagged "
CHANGED = "datasets edited"
"""Session state: whether something was changed since the page was drawn."""
_REFUSED = "datasets edit refused"


def changed_masks(edits: Edits, count: int) -> dict[str, np.ndarray]:
    """Return which pictures are left out, labelled anew or tagged: (count,) bool by words; without those of nobody."""
    kinds = {LEFT_OUT: edits.excluded, RELABELLED: frozenset(edits.labels)}
    kinds |= {f"{TAGGED}“{tag}”": pictures for tag, pictures in edits.tags.items()}
    return {words: np.isin(np.arange(count), list(pictures)) for words, pictures in kinds.items() if pictures}


def show_edits(opened: OpenSet) -> None:
    """Say what was changed by hand, and offer to take the last change back."""
    if (error := st.session_state.pop(_REFUSED, None)) is not None:
        show_error(error)
    if not opened.edits.log:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**By hand:** {escape_markdown(edits_in_words(opened.edits))}.")
        st.button(
            "Undo the last change",
            icon=":material/undo:",
            key="datasets undo",
            on_click=_guarded(lambda: store.undo_edit(opened.name)),
        )


def offer_edits(opened: OpenSet, rows: Sequence[int], key: str) -> None:
    """Offer to leave pictures out, to take them in again, to label or to tag them."""
    pictures = [int(row) for row in rows]
    out = opened.edits.excluded.intersection(pictures)

    def button(label: str, icon: str, kind: str, value: str = "", *, disabled: bool = False) -> None:
        change = _guarded(lambda: store.edit(opened.name, kind, pictures, value))
        st.button(label, icon=f":material/{icon}:", key=f"{key} {kind}", disabled=disabled, on_click=change)

    with st.container(horizontal=True):
        button("Leave out", "visibility_off", "exclude", disabled=len(out) == len(pictures))
        button("Take in again", "visibility", "include", disabled=not out)
    labels = [label for label, _ in by_class(opened.about["labels"]) if label]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox("Label", labels, index=None, accept_new_options=True, key=f"{key} label", width=200)
        button("Label so", "label", "relabel", label or "", disabled=not label)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        known = list(opened.edits.tags)
        hint = ", ".join(known) or "blurred, for instance"
        tag = st.text_input("Tag", max_chars=LONGEST, placeholder=hint, key=f"{key} word", width=200).strip()
        button("Tag", "sell", "tag", tag, disabled=not tag)
        button("Take the tag away", "label_off", "untag", tag, disabled=tag not in known)
    small_print(
        f"The files stay as they are. What is left out is neither learnt from nor counted; a new label takes the place "
        f"of votes. Words of at most {LONGEST} letters. Every change can be taken back."
    )


def offer_edits_of_all(opened: OpenSet, rows: np.ndarray) -> None:
    """Offer the same for all pictures that the filters show, and to leave out all but the first of each group."""
    with st.popover(f"Change {counted(len(rows), 'picture')}", icon=":material/edit:"):
        # Where subjects are known, groups are clips.
        clips = opened.faces.subject is not None
        extra = browse.all_but_the_first_copy(opened.faces, rows)
        if len(extra) and not clips:
            st.button(
                f"Leave out {counted(len(extra), 'copy', 'copies')}, keep the first of each group",
                icon=":material/content_copy:",
                key="datasets edit copies",
                on_click=_guarded(lambda: store.edit(opened.name, "exclude", extra.tolist())),
            )
        offer_edits(opened, rows.tolist(), "datasets edit")


def _guarded(change: Callable[[], object]) -> Callable[[], None]:
    def call() -> None:
        try:
            change()
            st.session_state[CHANGED] = True
        except DataError as error:
            st.session_state[_REFUSED] = error

    return call
