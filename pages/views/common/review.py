"""A person's events: a list of them to walk through by keys, one more, a step back."""

import streamlit as st

from engine.recognition.analysis import Track
from engine.records.corrections import Add, Revert
from engine.records.review import ReviewedEvent
from engine.words import counted
from pages.views.common.answer_words import event_rows, event_title
from pages.views.common.correcting import Reviewable, ask_times, events_of, expression_names
from pages.views.common.guard import error_boundary

_ROW, _ROWS = 35, 8
_S = st.column_config.NumberColumn(format="%.2f s")


def choose_event(review: Reviewable, track: Track) -> ReviewedEvent | None:
    """Show a person's events; return the one that the reader looks at, None where there is none."""
    events = events_of(review, track)
    st.subheader("Events" if len(review.analysis.tracks) == 1 else f"Events of person {track.person}", anchor=False)
    chosen = None
    if events:
        chosen = _choose(review, track, events)
    else:
        st.info("No expression was spotted. If you see one, add it below.", icon=":material/search_off:")
    _changes(review, track)
    return chosen


def look_at(review: Reviewable, person: int, event: str) -> None:
    """Have the reader look at an event, named by its number, at the next run of the page."""
    st.session_state[_chosen_key(review, person)] = event


def _chosen_key(review: Reviewable, person: int) -> str:
    return f"{review.page} event {review.token} {person}"


def _choose(review: Reviewable, track: Track, events: list[ReviewedEvent]) -> ReviewedEvent:
    """Let the reader choose an event.

    What is chosen is an event's number, in the page's memory: words, order and places of events change with every
    correction, and a widget that remembers one of those comes to stand for another event.
    """
    names = [each.id for each in events]
    key = _chosen_key(review, track.person)
    if st.session_state.get(key) not in names:
        st.session_state[key] = next((each.id for each in events if not each.rejected), names[0])
    _walk(review, names, key)
    _table(events, key)
    _list(events, key)
    return events[names.index(st.session_state[key])]


def _list(events: list[ReviewedEvent], key: str) -> None:
    box, titles = f"{key} list", {each.id: event_title(each) for each in events}

    def picked() -> None:
        if (event := st.session_state[box]) in titles:
            st.session_state[key] = event

    # Told at each run: of a choice whose words have changed a browser shows the old ones.
    st.session_state[box] = st.session_state[key]
    st.selectbox(
        "Look at event", list(titles), format_func=lambda event: titles[event], key=box, on_change=picked, width=560
    )


def _walk(review: Reviewable, names: list[str], key: str) -> None:
    """Offer the event before and the one after by a key each."""
    at = names.index(st.session_state[key])

    def go(to: int) -> None:
        st.session_state[key] = names[to]

    with st.container(horizontal=True):
        for label, icon, to, letter in (
            ("Event before", "arrow_upward", at - 1, "K"),
            ("Next event", "arrow_downward", at + 1, "J"),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(names),
                key=f"{review.page} {label} {review.token}",
                shortcut=letter,
                on_click=go,
                args=(to,),
            )


def _table(events: list[ReviewedEvent], key: str) -> None:
    names, chosen = [each.id for each in events], st.session_state[key]
    rows = event_rows(events)
    # A table takes no selection from outside once it is drawn: where another event was chosen elsewhere, or the events
    # have changed, it is a new one.
    state = f"{key} table"
    drawn, picked_last, number = st.session_state.get(state, (None, None, 0))
    if (drawn, picked_last) != (rows, chosen):
        number += 1
        st.session_state[state] = rows, chosen, number
        st.session_state[f"{state} first"] = names.index(chosen)
    name = f"{state} {number}"

    def picked() -> None:
        if found := st.session_state[name].selection.rows:
            st.session_state[key] = names[found[0]]
            st.session_state[state] = rows, names[found[0]], number

    st.dataframe(
        rows,
        hide_index=True,
        height=_ROW * (min(len(events), _ROWS) + 1) + 3,
        column_config=dict.fromkeys(("start", "peak", "end", "lasts"), _S),
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [st.session_state[f"{state} first"]]}},
        on_select=picked,
        key=name,
        alt=f"{counted(len(events), 'event')}, one a row",
    )


def _changes(review: Reviewable, track: Track) -> None:
    log = review.corrections
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.analysis.recording.duration_s > 0:
            with st.popover("Add an event", icon=":material/add:"), error_boundary():
                _add(review, track)
        if st.button(
            "Undo", icon=":material/undo:", disabled=not log, key=f"{review.page} undo {review.token}", shortcut="Z"
        ):
            review.undo()
            st.rerun()
        if st.button(
            "Back to what was spotted",
            icon=":material/restart_alt:",
            disabled=not log,
            key=f"{review.page} revert {review.token}",
        ):
            review.change(Revert())
            st.rerun()
        if log:
            st.markdown(counted(len(log), "change"))


def _add(review: Reviewable, track: Track) -> None:
    key = f"{review.page} add {review.token} {track.person} {len(review.corrections)}"
    with st.form(key, border=False):
        times = ask_times((0.0, 0.0, 0.0), review.analysis.recording, key)
        name = st.selectbox(
            "Expression shown", expression_names(track), index=None, accept_new_options=True, key=f"{key} name"
        )
        if st.form_submit_button("Add", type="primary"):
            review.change(Add(track.person, *times, name or ""))
            added = [each.id for each in events_of(review, track) if each.spotted is None]
            look_at(review, track.person, added[-1])
            st.rerun()
