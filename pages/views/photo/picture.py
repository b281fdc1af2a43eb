"""One picture with its faces."""

import streamlit as st

from engine.charts.picture import marked_picture
from pages.views.common.answer_words import NO_FACE, face_headline
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, short_name
from pages.views.photo.answers import Answer
from pages.views.photo.face import show_answer, show_reasons

_FEW = 6
"""Up to so many faces are told by buttons; beyond, from a list."""


def show_picture(name: str, answer: Answer, key: str) -> None:
    """Show a picture beside what is said of one of its faces, which the reader chooses.

    Parameters
    ----------
    name
        What its owner calls it.
    answer
        What was recognised.
    key
        Unlike that of any other picture on the page.
    """
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(short_name(name))}**")
        if answer.error is not None:
            show_error(answer.error)
            return
        left, right = st.columns([5, 6], gap="large")
        with right:
            number = _choose_face(answer, key)
            if number is None:
                st.info(NO_FACE, icon=":material/search_off:")
            else:
                show_answer(number, answer.faces[number - 1], f"{key} face {number}")
        with left:
            _draw(answer, number, key)
        if number is not None:
            show_reasons(answer.faces[number - 1], f"{key} face {number}")


def _choose_face(answer: Answer, key: str) -> int | None:
    if len(answer.faces) < 2:
        return 1 if answer.faces else None
    numbers = list(range(1, len(answer.faces) + 1))
    label = f"Face, of {len(numbers)}, largest first"
    if len(numbers) <= _FEW:
        return st.segmented_control(label, numbers, default=1, required=True, key=f"{key} choice")
    return st.selectbox(
        label,
        numbers,
        format_func=lambda number: f"{number}: {face_headline(answer.faces[number - 1])}",
        key=f"{key} choice",
    )


def _draw(answer: Answer, number: int | None, key: str) -> None:
    faces = answer.faces
    landmarks = bool(faces) and st.toggle("Landmarks", key=f"{key} landmarks", help="The 468 points of each face.")
    captions = [f"{index} {face.answer}" for index, face in enumerate(faces, 1)]
    drawn = marked_picture(
        answer.preview(),
        [face.face.detection.box for face in faces],
        captions,
        [face.face.landmarks.points for face in faces] if landmarks else (),
        None if number is None else number - 1,
        answer.scale,
    )
    said = "; ".join(f"face {index}: {face_headline(face)}" for index, face in enumerate(faces, 1))
    alt = f"The picture with {len(faces)} numbered faces. {said}." if faces else "The picture; no face was found in it."
    st.image(drawn, width="stretch", output_format="JPEG", alt=alt)
