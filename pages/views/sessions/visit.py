"""One session: what is kept in it, reviewed and corrected; notes; what its holder says; files."""

import streamlit as st

from engine.charts.recording import recording_timeline
from engine.errors import ConsentError
from engine.recognition.event_explanation import model_of
from engine.records import consents, kept, pictures, sessions
from engine.records.corrections import numbers
from engine.records.review import ReviewedEvent
from engine.records.tables import KeptRecording
from engine.records.tables import Session as PersonSession
from pages.views.common.answer_words import event_certainty, event_times, moved_words, recording_facts
from pages.views.common.choose import choose_number
from pages.views.common.correcting import show_correction
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.review import choose_event
from pages.views.common.text import by_clock, escape_markdown, short_name
from pages.views.sessions.address import go_to
from pages.views.sessions.export import show_export
from pages.views.sessions.kept_pictures import show_pictures
from pages.views.sessions.kept_review import KeptReview
from pages.views.sessions.notes import show_notes, show_words
from pages.views.sessions.report import show_report

_ICONS = {"video": "movie", "photo": "image", "live": "videocam"}


def show_visit(owner: str, session_id: str) -> None:
    """Show a session."""
    session = sessions.get(owner, session_id)
    st.header(f"{escape_markdown(session.title)}, {by_clock(session.held_at):%Y-%m-%d %H:%M}", anchor=False)
    recordings = {each.id: each for each in kept.listed(owner, session.id)}
    chosen = None
    if recordings:
        chosen = _choose(recordings)
        with error_boundary():
            _review(owner, chosen)
    else:
        st.info(
            "Nothing is kept in this session yet. On Video, Photo and Live, open “Keep in a session”.",
            icon=":material/folder_open:",
        )
    with error_boundary():
        show_notes(owner, session, recordings, chosen)
    with error_boundary():
        show_words(owner, session)
    with error_boundary():
        _take_home(owner, session, recordings, chosen)
    _delete(owner, session, chosen)


def _take_home(
    owner: str, session: PersonSession, recordings: dict[str, KeptRecording], chosen: KeptRecording | None
) -> None:
    """Offer report and files, where the person agrees that they leave this program."""
    st.subheader("Export", anchor=False)
    allowed = consents.allowed(owner, session.person_id)
    if isinstance(refused := allowed["sharing"], ConsentError):
        st.markdown(escape_markdown(str(refused)))
        return
    with error_boundary():
        show_report(owner, session, with_pictures=not isinstance(allowed["pictures"], ConsentError))
    if chosen is not None:
        show_export(owner, session, list(recordings.values()), chosen)


def _choose(recordings: dict[str, KeptRecording]) -> KeptRecording:
    key = "sessions recording"
    if st.session_state.get(key) not in recordings:
        st.session_state[key] = next(iter(recordings))

    def title(name: str) -> str:
        each = recordings[name]
        return f"{kept.SORTS[each.kind].capitalize()}: {short_name(each.name)}"

    return recordings[st.selectbox("Kept", list(recordings), format_func=title, key=key, width=560)]


def _review(owner: str, recording: KeptRecording) -> None:
    review = KeptReview.read(owner, recording.id)
    now = review.corrected()
    st.markdown(f":material/{_ICONS[recording.kind]}: {escape_markdown(recording_facts(now, False))}.")
    for warning in review.analysis.warnings:
        st.warning(escape_markdown(warning), icon=":material/warning:")
    tracks = {track.person: track for track in review.analysis.tracks}
    track = next(iter(tracks.values()))
    if len(tracks) > 1:
        track = tracks[choose_number("Face", list(tracks), f"sessions face {recording.id}")]
    if len(track.frame):
        named = numbers(review.analysis, review.corrections)
        show_figure(recording_timeline(now, track.person, numbers=named), f"sessions timeline {recording.id}")
    event = choose_event(review, track)
    if event is not None:
        with st.container(border=True), error_boundary():
            _event(event)
            show_pictures(owner, recording, event)
            show_correction(review, track, event)


def _event(each: ReviewedEvent) -> None:
    model = model_of(each.event)
    st.markdown(escape_markdown(event_certainty(each, None if model is None else model.thresholds)))
    rows = {} if each.event.kind == "photo" else event_times(each.event)
    st.table(
        rows | {"What moved": escape_markdown(moved_words(each.event.moved))},
        border="horizontal",
        alt="When the event is, and what moved",
    )


def _delete(owner: str, session: PersonSession, recording: KeptRecording | None) -> None:
    with st.popover("Delete", icon=":material/delete:"), error_boundary():
        st.markdown("It cannot be brought back.")
        if recording is not None and st.button("Delete what is chosen above", key="sessions delete recording"):
            kept.delete(owner, recording.id)
            pictures.sweep()
            st.rerun()
        if st.button("Delete the whole session", type="primary", key="sessions delete session"):
            sessions.delete(owner, session.id)
            pictures.sweep()
            go_to(session.person_id, None)
            st.session_state["sessions told"] = "The session was deleted."
            st.rerun()
