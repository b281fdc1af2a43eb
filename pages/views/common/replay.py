"""An event's pictures seen slowly, or one by one, with their motion made larger on demand."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import streamlit as st

from engine.recognition.analysis import Event
from engine.recognition.magnify import FACTORS, magnified
from engine.recognition.replay import AROUND_S, Replay
from engine.recognition.slow_motion import MIME, SPEEDS, slow_motion
from pages.views.common.data_url import inline
from pages.views.common.replay_step import Mark, choose_picture
from pages.views.common.text import small

_WIDTH = 400
_PLAY, _STEP = "Play slowly", "Picture by picture"

Keep = Callable[[Hashable, Callable[[], Any]], Any]
"""Returns what is kept under a name, made anew where it is not."""


def watch(pictures: Replay, event: Event, named: str, key: str, keep: Keep, mark: Mark | None = None) -> bytes | None:
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
    keep
        Keeps what takes long to make.
    mark
        See `pages.views.common.replay_step.choose_picture`.

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
    faces = _larger(pictures, event, factor, version, keep)
    larger = f", its motion {factor} times as far" if factor > 1 else ""
    if way == _STEP:
        with controls:
            at = choose_picture(pictures, event, f"picture {key}", mark)
        with picture:
            st.image(inline(faces[at]), width=_WIDTH, alt=f"The face at {pictures.time_s[at]:.3f} s{larger}")
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
        st.markdown(small(_told(pictures, named)))
    data = keep(("slow", speed, *version), lambda: slow_motion(faces, pictures.time_s, speed))
    lasts = f"from {pictures.time_s[0]:.2f} to {pictures.time_s[-1]:.2f} s"
    with picture:
        st.video(
            data,
            MIME,
            loop=True,
            autoplay=True,
            muted=True,
            width=_WIDTH,
            alt=f"The face {lasts}, {speed:g} times as fast as it was{larger}",
        )
    return data


def _larger(pictures: Replay, event: Event, factor: int, version: tuple[object, ...], keep: Keep) -> np.ndarray:
    if factor == 1:
        return pictures.faces

    def make() -> np.ndarray:
        with st.spinner("Magnifying the motion"):
            return magnified(pictures.faces, pictures.at(event.onset_s), factor)

    return keep(("magnified", *version), make)


def _told(pictures: Replay, named: str) -> str:
    skipped = f" Of {pictures.step} pictures one is shown." if pictures.step > 1 else ""
    return f"{named} with {AROUND_S:g} s before and after it, the face held still, in a loop without sound.{skipped}"
