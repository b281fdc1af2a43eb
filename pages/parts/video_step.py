"""An event picture by picture, and which of them is onset, apex or offset."""

import streamlit as st

from engine.recognition.recordings import Kept
from engine.recognition.replay import Replay
from engine.records.corrections import Move
from engine.records.review import Reviewed
from pages.parts.video_changes import change

_MARKS = {"Onset": "onset_s", "Apex": "apex_s", "Offset": "offset_s"}


def choose_picture(kept: Kept, each: Reviewed, pictures: Replay) -> int:
    """Let the reader go from picture to picture, and mark one; return the index of the one to show."""
    count = len(pictures.time_s)
    place = f"video picture {kept.token} {each.id} {count}"
    st.session_state.setdefault(place, pictures.at(each.event.apex_s) + 1)
    st.slider("Picture", 1, max(count, 2), key=place, disabled=count < 2)
    at = min(st.session_state[place], count) - 1
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, by, last in (
            ("Back", ":material/chevron_left:", -1, at == 0),
            ("On", ":material/chevron_right:", 1, at == count - 1),
        ):
            st.button(label, icon=icon, on_click=_go, args=(place, by, count), disabled=last, key=f"{place} {label}")
    st.markdown(_where(at, pictures, each))
    if not each.rejected:
        _mark(kept, each, float(pictures.time_s[at]), place)
    return at


def _mark(kept: Kept, each: Reviewed, time_s: float, place: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Make this picture the", width="content")
        for name, field in _MARKS.items():
            if st.button(name, key=f"{place} {field}", help=f"The {name.lower()} moves to {time_s:.3f} s."):
                times = {mark: getattr(each.event, mark) for mark in _MARKS.values()} | {field: time_s}
                change(kept, Move(each.id, **times))
                st.rerun()


def _go(place: str, by: int, count: int) -> None:
    st.session_state[place] = min(max(st.session_state[place] + by, 1), count)


def _where(at: int, pictures: Replay, each: Reviewed) -> str:
    event, time_s = each.event, float(pictures.time_s[at])
    names = [name.lower() for name, field in _MARKS.items() if pictures.at(getattr(event, field)) == at]
    told = f", **{' and '.join(names)}**" if names else ""
    return f"{time_s:.3f} s, {1000 * (time_s - event.onset_s):+.0f} ms from the onset{told}"
