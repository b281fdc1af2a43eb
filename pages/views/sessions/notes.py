"""Notes with a time stamp, and what the session's holder says in the report."""

from collections.abc import Mapping

import streamlit as st

from engine.records import sessions
from engine.records.tables import KeptRecording
from engine.records.tables import Session as PersonSession
from pages.views.common.guard import error_boundary
from pages.views.common.text import by_clock, escape_markdown, short_name


def show_notes(
    owner: str, session: PersonSession, recordings: Mapping[str, KeptRecording], recording: KeptRecording | None
) -> None:
    """Show a session's notes, and take a new one: of the session, or of a moment in what is chosen."""
    st.subheader("Notes", anchor=False)
    for note in sessions.notes(owner, session.id):
        with st.container(horizontal=True, vertical_alignment="center", key=f"sessions note {note.id}"):
            at = ""
            if note.at_s is not None and note.recording_id in recordings:
                at = f", {note.at_s:.2f} s into {escape_markdown(short_name(recordings[note.recording_id].name))}"
            st.markdown(
                f"**{by_clock(note.written_at):%Y-%m-%d %H:%M}{at}** {escape_markdown(note.text)}", width="stretch"
            )
            if st.button("Delete", icon=":material/delete:", key=f"sessions note delete {note.id}"):
                sessions.delete_note(owner, note.id)
                st.rerun()
    with st.form("sessions note", clear_on_submit=True), error_boundary():
        text = st.text_area("Note", max_chars=sessions.LONGEST_TEXT, key="sessions note text")
        at_s = None
        if recording is not None and recording.duration_s > 0:
            at_s = st.number_input(
                "At second (empty: of the whole session)",
                0.0,
                recording.duration_s,
                None,
                0.1,
                key=f"sessions note at {recording.id}",
            )
        if st.form_submit_button("Write it down", icon=":material/edit_note:"):
            there = None if recording is None or at_s is None else recording.id
            sessions.add_note(owner, session.id, text, there, at_s)
            st.rerun()


def show_words(owner: str, session: PersonSession) -> None:
    """Take the holder's own words, which stand in the report."""
    key = f"sessions words {session.id}"
    shown = st.session_state.setdefault(f"{key} version", session.version)
    with st.form(key), error_boundary():
        words = st.text_area(
            "Your own words, for the report", session.words, max_chars=sessions.LONGEST_TEXT, key=f"{key} text"
        )
        if st.form_submit_button("Keep these words"):
            # Whoever is told of another's words and presses again has seen them.
            st.session_state[f"{key} version"] = session.version
            if shown != session.version:
                st.markdown(f"In another window was written: {escape_markdown(session.words) or 'nothing'}")
            st.session_state[f"{key} version"] = sessions.write_words(owner, session.id, words, shown).version
            st.success("Kept.", icon=":material/check:")
