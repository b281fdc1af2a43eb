"""An event's pictures seen slowly, or one by one, with their motion made larger on demand."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import streamlit as st

from engine.charts.picture import data_url
from engine.recognition.analysis import Event
from engine.recognition.magnify import FACTORS, magnify_motion
from engine.recognition.replay import AROUND_S, SLOW_MOTION_MIME, SPEEDS, Replay, slow_motion
from pages.views.common.text import small_print

_WIDTH = 400
_PLAY, _STEP = "Play slowly", "Picture by picture"
Cached = Callable[[Hashable, Callable[[], Any]], Any]
"""Returns what is kept under a name, made anew where it is not."""
MOMENTS = {"Onset": "onset_s", "Apex": "apex_s", "Offset": "offset_s"}
SetTimes = Callable[[dict[str, float]], None]
"""Moves an event to other times, by the names of its attributes."""


def show_player(
    pictures: Replay, event: Event, named: str, key: str, cached: Cached, set_times: SetTimes | None = None
) -> bytes | None:
    """Let the reader watch an event.

    Parameters
    ----------
    pictures
        Of the event.
    event
        When it is.
    named
        What it is called: ``Event 1-1``.
    key
        Unlike that of any other event on the page.
    cached
        Keeps what takes long to make.
    set_times
        Called to make a picture the onset, apex or offset; None where that cannot be.

    Returns
    -------
    bytes or None
        The MP4 that plays; None where the reader looks at one picture after the other.
    """
    picture, controls = st.columns([2, 3], gap="large")
    with controls:
        way = st.segmented_control("Watch", [_PLAY, _STEP], default=_PLAY, required=True, key=f"way {key}")
        factor = st.segmented_control(
            "Motion magnified",
            list(FACTORS),
            default=1,
            required=True,
            format_func=lambda each: "as it is" if each == 1 else f"{each} ×",
            key=f"factor {key}",
            help="What moved a little since the onset is drawn as if it had moved so many times as far. For faint "
            "motion; a broad smile is torn apart by it. The motion of the whole head is left as it is.",
        )
    version = key, factor, event.onset_s, float(pictures.time_s[0]), len(pictures.time_s)
    faces = _magnified(pictures, event, factor, version, cached)
    larger = f", its motion {factor} times as far" if factor > 1 else ""
    if way == _STEP:
        with controls:
            at = _choose_picture(pictures, event, f"picture {key}", set_times)
        with picture:
            st.image(data_url(faces[at]), width=_WIDTH, alt=f"The face at {pictures.time_s[at]:.3f} s{larger}")
        return None
    with controls:
        speed = st.segmented_control(
            "Speed",
            list(SPEEDS),
            default=SPEEDS[1],
            required=True,
            format_func=lambda each: f"{each:g} ×",
            key=f"speed {key}",
        )
        small_print(_caption(pictures, named))
    data = cached(("slow", speed, *version), lambda: slow_motion(faces, pictures.time_s, speed))
    lasts = f"from {pictures.time_s[0]:.2f} to {pictures.time_s[-1]:.2f} s"
    with picture:
        st.video(
            data,
            SLOW_MOTION_MIME,
            loop=True,
            autoplay=True,
            muted=True,
            width=_WIDTH,
            alt=f"The face {lasts}, {speed:g} times as fast as it was{larger}",
        )
    return data


def _magnified(pictures: Replay, event: Event, factor: int, version: tuple[object, ...], cached: Cached) -> np.ndarray:
    if factor == 1:
        return pictures.faces

    def make() -> np.ndarray:
        with st.spinner("Magnifying the motion"):
            return magnify_motion(pictures.faces, pictures.at(event.onset_s), factor)

    return cached(("magnified", *version), make)


def _caption(pictures: Replay, named: str) -> str:
    skipped = f" Of {pictures.step} pictures one is shown." if pictures.step > 1 else ""
    return f"{named} with {AROUND_S:g} s before and after it, the face held still, in a loop without sound.{skipped}"


def _choose_picture(pictures: Replay, event: Event, key: str, set_times: SetTimes | None) -> int:
    """Let the reader go from picture to picture, and mark one; return the index of the one to show."""
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
            st.button(label, icon=icon, on_click=_step, args=(place, by, count), disabled=last, key=f"{place} {label}")
    st.markdown(_position(at, pictures, event))
    if set_times is not None:
        _set_time_buttons(set_times, event, float(pictures.time_s[at]), place)
    return at


def _set_time_buttons(set_times: SetTimes, event: Event, time_s: float, place: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Make this picture the", width="content")
        for name, field in MOMENTS.items():
            if st.button(name, key=f"{place} {field}", help=f"The {name.lower()} moves to {time_s:.3f} s."):
                set_times({each: getattr(event, each) for each in MOMENTS.values()} | {field: time_s})
                st.rerun()


def _step(place: str, by: int, count: int) -> None:
    st.session_state[place] = min(max(st.session_state[place] + by, 1), count)


def _position(at: int, pictures: Replay, event: Event) -> str:
    time_s = float(pictures.time_s[at])
    names = [name.lower() for name, field in MOMENTS.items() if pictures.at(getattr(event, field)) == at]
    told = f", **{' and '.join(names)}**" if names else ""
    return f"{time_s:.3f} s, {1000 * (time_s - event.onset_s):+.0f} ms from the onset{told}"
