"""Whose face a track is: it is named anew by that person's adaptation, and every other stays as it is."""

from contextlib import suppress

import streamlit as st

from engine.errors import UserError
from engine.recognition.analysis import Analysis, Track
from engine.recognition.video.recordings import StoredRecording
from engine.records.review import ReviewedEvent, spotted
from pages.views.common.answer_words import answer_with_share
from pages.views.common.guard import show_error
from pages.views.common.personal import answers_of, choose_whose
from pages.views.common.text import escape_markdown, small_print


def choose_person_of(stored: StoredRecording, track: Track) -> None:
    """Let the reader say whose face a track is."""
    chosen, face = _chosen(stored), track.person
    person = choose_whose(f"video whose {stored.token} {face}")
    if person is not None:
        try:
            _answered(stored, stored.analysis, face, person)
        except UserError as error:
            show_error(error)
            person = None
    if chosen.get(face) != person:
        chosen[face] = person
        st.rerun()


def analysis_as_chosen(stored: StoredRecording) -> Analysis:
    """Return what was found, each face that is somebody's answered for by that person's adaptation."""
    analysis: Analysis = stored.analysis
    for face, person in _chosen(stored).items():
        if person is not None:
            # What stands in the way is said where that face is looked at.
            with suppress(UserError):
                analysis = _answered(stored, analysis, face, person)
    return analysis


def _answered(stored: StoredRecording, analysis: Analysis, face: int, person: str) -> Analysis:
    personal = answers_of(person)
    key = ("as", face, personal.adaptation, analysis.warnings)
    answered: Analysis = stored.shown(key, lambda: personal.analysis(analysis, face))
    return answered


def show_usual_event(stored: StoredRecording, each: ReviewedEvent) -> None:
    """Say what an event is called as for anybody, where a person's adaptation names it."""
    if _chosen(stored).get(each.person) is None or each.spotted is None:
        return
    usual = next(known.event for known in spotted(stored.analysis) if known.id == each.id)
    if usual.probabilities != each.spotted.probabilities:
        said = answer_with_share(usual.expression, usual.decided, usual.certainty or 0.0)
        small_print(escape_markdown(f"As this person’s own corrections taught. As for anybody: {said}."))


def _chosen(stored: StoredRecording) -> dict[int, str | None]:
    """Return whose each face was said to be, by this visitor."""
    chosen: dict[int, str | None] = st.session_state.setdefault(f"video whose {stored.token}", {})
    return chosen
