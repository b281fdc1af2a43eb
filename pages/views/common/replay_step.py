"""An event picture by picture, and which of them is onset, apex or offset."""

from collections.abc import Callable

import streamlit as st

from engine.recognition.analysis import Event
from engine.recognition.replay import Replay

MARKS = {"Onset": "onset_s", "Apex": "apex_s", "Offset": "offset_s"}

Mark = Callable[[dict[str, float]], None]
"""Moves an event to other times, by the names of its attributes."""


def choose_picture(pictures: Replay, event: Event, key: str, mark: Mark | None = None) -> int:
    """Let the reader go from picture to picture, and mark one; return the index of the one to show.

    Parameters
    ----------
    pictures
        Of the event.
    event
        When it is.
    key
        Unlike that of any other event on the page.
    mark
        Called to make a picture the onset, apex or offset; None where that cannot be.
    """
    count = len(pictures.time_s)
    place = f"{key} {count}"
    st.session_state.setdefault(place, pictures.at(event.apex_s) + 1)
    st.slider("Picture", 1, max(count, 2), key=place, disabled=count < 2)
    at = min(st.session_state[place], count) - 1
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, by, last in (
            ("Back", ":material/chevron_left:", -1, at == 0),
            ("On", ":material/chevron_right:", 1, at == count - 1),
        ):
            st.button(label, icon=icon, on_click=_go, args=(place, by, count), disabled=last, key=f"{place} {label}")
    st.markdown(_where(at, pictures, event))
    if mark is not None:
        _mark(mark, event, float(pictures.time_s[at]), place)
    return at


def _mark(mark: Mark, event: Event, time_s: float, place: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Make this picture the", width="content")
        for name, field in MARKS.items():
            if st.button(name, key=f"{place} {field}", help=f"The {name.lower()} moves to {time_s:.3f} s."):
                mark({each: getattr(event, each) for each in MARKS.values()} | {field: time_s})
                st.rerun()


def _go(place: str, by: int, count: int) -> None:
    st.session_state[place] = min(max(st.session_state[place] + by, 1), count)


def _where(at: int, pictures: Replay, event: Event) -> str:
    time_s = float(pictures.time_s[at])
    names = [name.lower() for name, field in MARKS.items() if pictures.at(getattr(event, field)) == at]
    told = f", **{' and '.join(names)}**" if names else ""
    return f"{time_s:.3f} s, {1000 * (time_s - event.onset_s):+.0f} ms from the onset{told}"
