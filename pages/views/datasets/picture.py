"""All that is known of one picture of a set, and what becomes of it on its way to the networks."""

import numpy as np
import streamlit as st

from engine import emotions
from engine.charts.lbp import IN_WORDS, lbp_histogram, lbp_plane
from engine.datasets import browse, pipeline
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.library import OpenSet

_STEP_PX = 144
_COPY_PX = 88
_COPIES = 12


@st.dialog("One picture", width="large")
def show_picture_dialog(opened: OpenSet, row: int) -> None:
    """Show a picture's steps, its copies and everything known of it."""
    with error_boundary():
        taken = pipeline.steps(opened.faces, row)
        _steps(taken)
        key = f"datasets picture {opened.name} {row}"
        if taken.crop is None:
            st.info("No face is found in this picture, so that no network can see it.")
        else:
            left, right = st.columns(2)
            with left:
                show_figure(lbp_plane(taken.codes), f"{key} plane")
            with right:
                show_figure(lbp_histogram(taken.histogram), f"{key} histogram")
            small_print(IN_WORDS)
        _copies(opened, row)
        st.markdown("**What is known of it**")
        st.table(_facts(opened, row, taken.picture), border="horizontal", alt="What is known of this picture")


def _steps(taken: pipeline.Steps) -> None:
    height, width = taken.picture.shape[:2]
    shown = {f"as it is, {width}×{height}": taken.picture, "gray": taken.gray}
    if taken.crop is not None:
        shown["as the networks see it, 48×48"] = taken.crop
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
    if faces.files is not None:
        facts["File"] = escape_markdown(str(faces.files[row]))
    if faces.split is not None:
        facts["Split"] = escape_markdown(str(faces.split[row]))
    if faces.subject is not None:
        facts["Subject"] = escape_markdown(str(faces.subject[row]))
    if faces.votes is not None:
        given = [(n, label) for n, label in zip(faces.votes[row], emotions.FERPLUS_COLUMNS, strict=True) if n > 0]
        facts["Votes"] = ", ".join(f"{label} {n}" for n, label in sorted(given, reverse=True)) or "none"
    if checks is not None:
        facts["Sharpness"] = f"{checks.sharpness[row]:.2f} (about 0.7 in a good crop)"
        facts["Brightness"] = f"{checks.brightness[row]:.0f} of 255"
        if checks.suggested[row]:
            facts["Label that other pictures suggest"] = escape_markdown(str(checks.suggested[row]))
    found = [name for name, mask in browse.problems(faces, checks).items() if mask[row]]
    facts["Problems"] = escape_markdown(", ".join(found)) or "none found"
    return facts
