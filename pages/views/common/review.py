"""A person's events: a list of them to walk through by keys, one more, a step back."""

import streamlit as st

from engine.recognition.analysis import Track
from engine.records.corrections import Add, Revert
from engine.records.review import ReviewedEvent
from engine.words import counted
from pages.views.common.answer_words import event_rows, event_title
from pages.views.common.correcting import Reviewable, ask_times, events_of, expression_names
from pages.views.common.guard import error_boundary

_NEXT = "next event of the review"
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


def _choose(review: Reviewable, track: Track, events: list[ReviewedEvent]) -> ReviewedEvent:
    names = [each.id for each in events]
    key = f"{review.page} event {review.token} {track.person}"
    if (wanted := st.session_state.pop(_NEXT, None)) in names:
        st.session_state[key] = wanted
    elif st.session_state.get(key) not in names:
        st.session_state[key] = next((each.id for each in events if not each.rejected), names[0])
    _walk(review, names, key)
    _table(events, key, f"{key} table {len(review.corrections)}")
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


def _walk(review: Reviewable, names: list[str], key: str) -> None:
    """Offer the event before and the one after by a key each."""
    at = names.index(st.session_state[key])

    def go(to: int) -> None:
        st.session_state[key] = names[to]
        _anew(key)

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
        column_config=dict.fromkeys(("start", "peak", "end", "lasts"), _S),
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first]}},
        on_select=picked,
        key=name,
        alt=f"{counted(len(events), 'event')}, one a row",
    )


def _anew(key: str) -> None:
    st.session_state[f"{key} anew"] = st.session_state.get(f"{key} anew", 0) + 1


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
            st.session_state[_NEXT] = added[-1]
            st.rerun()
