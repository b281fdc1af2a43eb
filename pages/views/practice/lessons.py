"""Lessons: each expression in slow motion, with what moves marked on the face."""

import cv2
import streamlit as st

from engine import practice
from engine.charts.face_maps import flow_arrows
from engine.emotions import NEUTRAL
from engine.features.optical_flow import dense_flow
from engine.practice.displays import moves
from engine.recognition.replay import SLOW_MOTION_MIME, slow_motion
from pages.views.common.figures import show_figure
from pages.views.common.text import small_print
from pages.views.practice.flash import drawn, show_still

_WORDS = {
    "angry": "Brows down and together, a hard look, lips pressed or the teeth bared. Disgust wrinkles the nose more.",
    "disgust": "The nose is wrinkled and the upper lip rises; the brows only follow. Anger looks out of the eyes.",
    "fear": "Brows up and drawn together, wide eyes, lips stretched sideways. Surprise opens the mouth downwards.",
    "happy": "Lip corners go up, cheeks too; narrow eyes come with it. Look at the mouth’s corners first.",
    "sad": "The inner ends of the brows go up, lip corners down. It is the slowest to see: look between the brows.",
    "surprise": "Brows go up in an arch, eyes are wide, the jaw drops. In fear the brows come together as well.",
}
"""What to look for, and what it is often taken for."""
_STEPS = {"at rest": 0.0, "a third of it": 1 / 3, "two thirds": 2 / 3, "in full": 1.0}
_LESS_MOTION = """<style>
.st-key-practice-steps { display: none }
@media (prefers-reduced-motion: reduce) {
  .st-key-practice-film { display: none }
  .st-key-practice-steps { display: flex }
}
</style>"""
"""Whose browser asks for less motion is shown still pictures without asking."""
_SPEED = 0.25
_KEPT = 8


def show_lessons() -> None:
    """Let the reader watch each expression on as many faces as they like."""
    st.markdown(
        "Nobody has to be quick here. Watch an expression come and go slowly, see what moves, then another face. "
        "People differ in how they show and read faces: different is not worse."
    )
    expression = st.segmented_control(
        "Expression", list(practice.DISPLAYS), default="happy", required=True, key="practice expression"
    )
    people = practice.people_for(expression)
    number = st.number_input("Face", 1, len(people), key="practice person", width=160)
    person = people[min(int(number), len(people)) - 1]
    film, arrows = _lesson(person, expression)
    slow, marked = st.columns(2, gap="large")
    with slow:
        still = st.toggle("Still pictures in place of a film", key="practice still")
        if not still:
            st.html(_LESS_MOTION)
            with st.container(key="practice film"):
                st.video(film, format=SLOW_MOTION_MIME, width=400)
                small_print("Four times slower than it is.")
        with st.container(key="practice chosen steps" if still else "practice steps", horizontal=True):
            for words, strength in _STEPS.items():
                picture = drawn(person, expression, strength)
                show_still(picture, words, 190, f"{expression.capitalize()}, {words}")
        small_print(_WORDS[expression])
    with marked:
        show_figure(arrows, f"practice lesson {expression}")
        st.markdown("\n".join(f"- {words} (AU{unit})" for unit, words in moves(expression)))
    small_print(
        "AU: action unit, one movement in the Facial Action Coding System (Ekman, Friesen, Hager 2002). These people "
        "are drawn; real faces are more varied, and rarely show all of it."
    )


# These people are drawn: whoever comes next may be shown the same ones.
@st.cache_data(max_entries=_KEPT, show_spinner="Drawing")
def _lesson(person: int, expression: str) -> tuple[bytes, object]:
    pictures, time_s = practice.unfolding(person, expression)
    rest, apex = (cv2.cvtColor(practice.face(person, each), cv2.COLOR_RGB2GRAY) for each in (NEUTRAL, expression))
    return slow_motion(pictures, time_s, _SPEED), flow_arrows(rest, dense_flow(rest, apex))
