"""Whom charts and teaching are about, where several people are in front of the camera."""

import streamlit as st

from engine.recognition.live import LiveFrames, LiveState
from pages.views.common.page_state import page_state
from pages.views.live.words import face_of

_KEY = "live person"
_AWAY_S = 1.0  # a face that is lost is mostly found again within some frames


def look_at(frames: LiveFrames, state: LiveState) -> None:
    """Stay with the person that was looked at; go to the largest face where he or she has been out of sight a while."""
    kept = page_state("Live", "page")
    if face_of(state, frames.person) is None:
        if state.main is None or (frames.person is not None and state.time_s - kept["seen_s"] < _AWAY_S):
            return
        frames.person = state.main.person
    kept["seen_s"] = state.time_s


def choose_person(frames: LiveFrames, state: LiveState) -> None:
    """Let the reader choose among several people in sight."""
    people = [face.person for face in state.faces]
    if len(people) < 2:
        return
    # Only where it differs: what is set takes back a choice that the browser is about to send.
    if st.session_state.get(_KEY) != frames.person:
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
