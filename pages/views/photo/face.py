"""All that there is to say about one face."""

import streamlit as st

from engine.charts.importance import importance_in_words, importance_overlay
from engine.charts.lbp import IN_WORDS, lbp_histogram, lbp_plane
from engine.charts.probabilities import probability_bars
from engine.recognition import importance
from engine.recognition.photo import FaceResult
from pages.views.common.answer_words import face_certainty, face_headline
from pages.views.common.figures import show_figure
from pages.views.common.guard import show_tabs
from pages.views.common.text import escape_markdown, small_print
from pages.views.photo.quality import show_quality

_HOW = {
    "occlusion": "Found by occlusion: a small gray square covers one part of the face after the other, and the model "
    "answers each time. Blue parts, when covered, lower the probability; orange parts raise it; the white line goes "
    "round what matters most."
}


def show_answer(number: int, face: FaceResult, key: str) -> None:
    """Show what expression a face shows, how sure that is, and what speaks against trusting it.

    Parameters
    ----------
    number
        The face's number on the picture, from 1.
    face
        The face.
    key
        Unlike that of any other face on the page.
    """
    st.header(f"Face {number}: {face_headline(face)}", anchor=False)
    st.markdown(face_certainty(face))
    for check in face.face.quality.checks:
        st.warning(escape_markdown(check.sentence), icon=":material/warning:")
    show_figure(probability_bars(face.probabilities, face.model.threshold), f"{key} bars")


def show_reasons(face: FaceResult, key: str) -> None:
    """Show why a face has its answer; on demand also its patterns, its measured quality and all numbers.

    Parameters
    ----------
    face
        The face.
    key
        Unlike that of any other face on the page.
    """
    views = {"Why": _why, "Patterns": _patterns, "Quality": show_quality, "Numbers": _numbers}
    show_tabs(f"{key} tabs", views, face, key)


def _why(face: FaceResult, key: str) -> None:
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    with left:
        show_figure(importance_overlay(face.crop, face.importance, face.expression), f"{key} why")
    with right:
        st.markdown(importance_in_words(face.importance, face.expression))
        small_print(_HOW[importance.METHOD])


def _patterns(face: FaceResult, key: str) -> None:
    # Not above: compiled code that only this view needs.
    from engine.features import lbp

    codes = lbp.lbp_3x3(face.crop)
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(lbp_plane(codes), f"{key} plane")
    with right:
        show_figure(lbp_histogram(lbp.histogram(codes, 256)), f"{key} histogram")
    small_print(IN_WORDS)


def _numbers(face: FaceResult, key: str) -> None:
    ordered = sorted(face.probabilities.items(), key=lambda pair: pair[1], reverse=True)
    st.table(
        {
            "expression": [label for label, _ in ordered],
            "probability": [escape_markdown(_exactly(value)) for _, value in ordered],
        },
        hide_index=True,
        width="content",
        alt="Probability of each expression",
    )
    left, top, width, height = face.face.detection.box
    small_print(f"Box on the picture: x {left:.0f}, y {top:.0f}, width {width:.0f}, height {height:.0f} pixels.")


def _exactly(share: float) -> str:
    # As `percent` does: neither certain nor impossible by rounding.
    if 0.99995 <= share < 1:
        return "> 99.99 %"
    if 0 < share < 0.00005:
        return "< 0.01 %"
    return f"{100 * share:.2f} %"
