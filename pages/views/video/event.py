"""One event: what it shows, how sure that is, the face while it lasts, and a way to change it."""

import streamlit as st

from engine.charts.probabilities import probability_bars
from engine.recognition.analysis import Track
from engine.recognition.event_reasons import model_of
from engine.recognition.recordings import Kept
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import EVENT_KINDS, event_answer, event_certainty
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary, show_tabs
from pages.views.common.text import escape_markdown
from pages.views.video.correct import show_correction
from pages.views.video.moved import show_moved
from pages.views.video.replay import show_replay
from pages.views.video.why import show_why


def show_event(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    """Show one event of a person."""
    # Turning to another tab must not draw the whole page anew.
    st.fragment(_view)(kept, track, each)


def _view(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    event = each.event
    with st.container(border=True), error_boundary():
        left, right = st.columns([5, 6], gap="large")
        with left:
            st.subheader(f"Event {each.id}: {escape_markdown(event_answer(each))}", anchor=False)
            model = model_of(event)
            threshold = None if model is None else model.threshold
            st.markdown(escape_markdown(event_certainty(each, threshold)))
            st.table(
                {
                    "Kind": f"{EVENT_KINDS[event.kind]}, lasts {1000 * event.duration_s:.0f} ms",
                    "Onset": f"{event.onset_s:.3f} s",
                    "Apex": f"{event.apex_s:.3f} s",
                    "Offset": f"{event.offset_s:.3f} s",
                    "Strength": escape_markdown(f"{event.strength:.1f} % of the distance between the eyes"),
                },
                border="horizontal",
                alt="When the event is, and how strong",
            )
        with right:
            if event.probabilities and threshold is not None:
                show_figure(probability_bars(event.probabilities, threshold), f"video bars {kept.token} {each.id}")
        views = {"Replay": show_replay, "Onset and apex": show_moved, "Why": show_why, "Correct": show_correction}
        show_tabs("video tabs", views, kept, track, each)
