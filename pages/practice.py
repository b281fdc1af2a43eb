"""Practice: train one's own eye on expressions that are over in a moment."""

import streamlit as st

from pages.views.common.guard import error_boundary, page
from pages.views.practice.lessons import show_lessons
from pages.views.practice.mirror import show_mirror
from pages.views.practice.results import show_results
from pages.views.practice.rounds import show_practice, show_test

VIEWS = {
    "Lessons": show_lessons,
    "Test": show_test,
    "Practise": show_practice,
    "Results": show_results,
    "Read my face": show_mirror,
}

with page("Practice", "Train your eye on expressions that are over in a moment, at your own pace."):
    view = st.segmented_control(
        "Do", list(VIEWS), default="Lessons", required=True, key="practice view", label_visibility="collapsed"
    )
    with error_boundary():
        VIEWS[view]()
