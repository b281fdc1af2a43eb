"""Whom charts and teaching are about, where several people are in front of the camera."""

import streamlit as st

from engine.recognition.live import LiveFrames, LiveState

_KEY = "live person"


def look_at(frames: LiveFrames, state: LiveState) -> None:
    """Stay with the person that was looked at; go to the largest face where he or she is out of sight."""
    people = [face.person for face in state.faces]
    if frames.person not in people and state.main is not None:
        frames.person = state.main.person


def choose_person(frames: LiveFrames, state: LiveState) -> None:
    """Let the reader choose among several people in sight."""
    people = [face.person for face in state.faces]
    if len(people) < 2:
        return
    st.session_state[_KEY] = frames.person

    def choose() -> None:
        frames.person = st.session_state[_KEY]

    st.segmented_control(
        "Person that charts are about",
        people,
        format_func=lambda person: f"Person {person}",
        required=True,
        key=_KEY,
        on_change=choose,
        help="People have numbers by where their faces are, not by their looks.",
    )
