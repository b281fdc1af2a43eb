"""The event of a recording that is looked at."""

import streamlit as st

from engine.charts.bars import probability_bars
from engine.recognition.analysis import Track
from engine.recognition.event_explanation import model_of
from engine.recognition.frame_answers import contradiction
from engine.recognition.video.recordings import StoredRecording
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import (
    EVENT_KINDS,
    event_answer,
    event_certainty,
    event_length,
    event_times,
    moved_words,
    percent_in_words,
)
from pages.views.common.correcting import show_correction
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary, show_tabs
from pages.views.common.text import escape_markdown
from pages.views.video.corrections import HeldReview
from pages.views.video.explanation import show_explanation
from pages.views.video.replay import show_motion, show_replay
from pages.views.video.whose import show_usual_event


def _correct(stored: StoredRecording, track: Track, each: ReviewedEvent) -> None:
    show_correction(HeldReview(stored), track, each)


def _contradicted(track: Track, each: ReviewedEvent) -> None:
    """Say what the frames one by one show, where that is something else than the event is named."""
    if not each.rejected and (other := contradiction(track, each.event)) is not None:
        label, share = other
        st.warning(
            escape_markdown(
                f"Its frames one by one say something else: {label} in {percent_in_words(share)} of them. The event "
                f"as a whole is named {each.event.expression}. Look at both before you rely on one."
            ),
            icon=":material/compare_arrows:",
        )


@st.fragment  # Turning to another tab must not draw the whole page anew.
def show_event(stored: StoredRecording, track: Track, each: ReviewedEvent) -> None:
    """Show one event of a person."""
    event = each.event
    with st.container(border=True), error_boundary():
        left, right = st.columns([5, 6], gap="large")
        with left:
            st.subheader(f"Event {each.id}: {escape_markdown(event_answer(each))}", anchor=False)
            model = model_of(event)
            thresholds = None if model is None else model.thresholds
            st.markdown(escape_markdown(event_certainty(each, thresholds)))
            _contradicted(track, each)
            show_usual_event(stored, each)
            st.table(
                {
                    "Kind": f"{EVENT_KINDS[event.kind]}, {event_length(event)}",
                    **event_times(event),
                    "What moved": escape_markdown(moved_words(event.moved)),
                    "Strength": escape_markdown(f"{event.strength:.1f} % of the distance between the eyes"),
                },
                border="horizontal",
                alt="When the event is, and how strong",
            )
        with right:
            if event.probabilities and thresholds is not None:
                show_figure(probability_bars(event.probabilities, thresholds), f"video bars {stored.token} {each.id}")
        views = {
            "Replay": show_replay,
            "Onset and apex": show_motion,
            "Why": show_explanation,
            "Correct": _correct,
        }
        show_tabs("video tabs", views, stored, track, each)
