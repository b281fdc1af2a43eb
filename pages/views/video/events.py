"""A person's events: a list of them, one more, a step back, and the one that is looked at."""

import streamlit as st

from engine.charts.bars import probability_bars
from engine.recognition.analysis import Track
from engine.recognition.event_explanation import model_of
from engine.recognition.video.recordings import StoredRecording
from engine.records.corrections import Add, Revert
from engine.records.review import ReviewedEvent
from engine.words import counted
from pages.views.common.answer_words import (
    EVENT_KINDS,
    event_answer,
    event_certainty,
    event_length,
    event_rows,
    event_times,
    event_title,
    moved_words,
)
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary, show_tabs
from pages.views.common.text import escape_markdown
from pages.views.video.corrections import (
    add_corrections,
    ask_times,
    corrections_of,
    events_of,
    expression_names,
    show_correction,
    undo_correction,
)
from pages.views.video.explanation import show_explanation
from pages.views.video.replay import show_motion, show_replay

_NEXT = "video next event"
_ROW, _ROWS = 35, 8
_S = st.column_config.NumberColumn(format="%.2f s")


def choose_event(stored: StoredRecording, track: Track) -> ReviewedEvent | None:
    """Show a person's events; return the one that the reader looks at, None where there is none."""
    events = events_of(stored, track)
    st.subheader("Events" if len(stored.analysis.tracks) == 1 else f"Events of person {track.person}", anchor=False)
    chosen = None
    if events:
        chosen = _choose(stored, track, events)
    else:
        st.info("No expression was spotted. If you see one, add it below.", icon=":material/search_off:")
    _changes(stored, track)
    return chosen


def _choose(stored: StoredRecording, track: Track, events: list[ReviewedEvent]) -> ReviewedEvent:
    names = [each.id for each in events]
    key = f"video event {stored.token} {track.person}"
    if (wanted := st.session_state.pop(_NEXT, None)) in names:
        st.session_state[key] = wanted
    elif st.session_state.get(key) not in names:
        st.session_state[key] = next((each.id for each in events if not each.rejected), names[0])
    _table(events, key, f"{key} table {len(corrections_of(stored))}")
    st.selectbox(
        "Look at event",
        names,
        format_func=lambda name: event_title(events[names.index(name)]),
        key=key,
        on_change=_anew,
        args=(key,),
        width=560,
    )
    return events[names.index(st.session_state[key])]


def _table(events: list[ReviewedEvent], key: str, name: str) -> None:
    names = [each.id for each in events]
    # A table takes no selection from outside once it is drawn: where another event was chosen below, it is a new one.
    name = f"{name} {st.session_state.get(f'{key} anew', 0)}"
    first = st.session_state.setdefault(f"{name} first", names.index(st.session_state[key]))

    def picked() -> None:
        if found := st.session_state[name].selection.rows:
            st.session_state[key] = names[found[0]]

    st.dataframe(
        event_rows(events),
        hide_index=True,
        height=_ROW * (min(len(events), _ROWS) + 1) + 3,
        column_config=dict.fromkeys(("begins", "strongest", "over", "lasts"), _S),
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        on_select=picked,
        key=name,
        alt=f"{len(events)} events, one a row",
    )


def _anew(key: str) -> None:
    st.session_state[f"{key} anew"] = st.session_state.get(f"{key} anew", 0) + 1


def _changes(stored: StoredRecording, track: Track) -> None:
    log = corrections_of(stored)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Add an event", icon=":material/add:"), error_boundary():
            _add(stored, track)
        if st.button("Undo", icon=":material/undo:", disabled=not log, key=f"video undo {stored.token}"):
            undo_correction(stored)
            st.rerun()
        if st.button(
            "Back to what was spotted",
            icon=":material/restart_alt:",
            disabled=not log,
            key=f"video revert {stored.token}",
        ):
            add_corrections(stored, Revert())
            st.rerun()
        if log:
            st.markdown(counted(len(log), "change"))


def _add(stored: StoredRecording, track: Track) -> None:
    key = f"video add {stored.token} {track.person} {len(corrections_of(stored))}"
    with st.form(key, border=False):
        times = ask_times((0.0, 0.0, 0.0), stored.analysis.recording, key)
        name = st.selectbox(
            "Expression shown", expression_names(track), index=None, accept_new_options=True, key=f"{key} name"
        )
        if st.form_submit_button("Add", type="primary"):
            add_corrections(stored, Add(track.person, *times, name or ""))
            added = [each.id for each in events_of(stored, track) if each.spotted is None]
            st.session_state[_NEXT] = added[-1]
            st.rerun()


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
            "Correct": show_correction,
        }
        show_tabs("video tabs", views, stored, track, each)
