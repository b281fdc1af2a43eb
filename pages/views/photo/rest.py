"""A face that the reader names as somebody's rest, and whose other faces it is taken out of."""

from collections.abc import Sequence

import streamlit as st

from engine.charts.layout import percent
from engine.errors import UserError
from engine.recognition.photo import FaceResult
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, short_name, small_print
from pages.views.photo.answers import Answer

_HELP = (
    "Some faces look sad, angry or smiling while they rest. Name a face that is at rest: what the model says of it is "
    "then taken out of what it says of the same person’s other faces, wherever you say that it is the same person."
)


def choose_rest(names: Sequence[str], answers: Sequence[Answer]) -> FaceResult | None:
    """Let the reader name one of the faces on the page as somebody's rest; None for none of them."""
    found = {
        f"{short_name(name)}, face {number}": face
        for name, answer in zip(names, answers, strict=True)
        for number, face in enumerate(answer.faces, 1)
    }
    if len(found) < 2:
        return None
    chosen = st.selectbox(
        "Resting face", list(found), index=None, placeholder="none named", key="photo rest", width=420, help=_HELP
    )
    return None if chosen is None else found[chosen]


def without_rest(face: FaceResult, rest: FaceResult | None, key: str) -> FaceResult:
    """Return a face with its person's rest taken out where the reader says that it is the same person's."""
    if rest is None or face is rest:
        return face
    if not st.toggle("The same person as the resting face", key=f"{key} same person"):
        return face
    try:
        return face.without_rest_of(rest)
    except UserError as error:
        show_error(error)
        return face


def show_plain(face: FaceResult) -> None:
    """Say what the answer is without regard to how the face rests, where that was taken out."""
    if face.plain:
        best = max(face.plain, key=face.plain.__getitem__)
        small_print(
            escape_markdown(f"How this face rests is taken out. As it is: {best}, {percent(face.plain[best])}.")
        )
