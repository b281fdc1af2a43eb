"""One event seen slowly, or picture by picture, with its motion made larger on demand."""

import numpy as np
import streamlit as st

from engine.recognition.analysis import Track
from engine.recognition.magnify import FACTORS, magnified
from engine.recognition.recordings import Kept
from engine.recognition.replay import AROUND_S, Replay, replay
from engine.recognition.slow_motion import MIME, SPEEDS, slow_motion
from engine.records.review import Reviewed
from pages.parts.guard import sentences
from pages.parts.inline import inline
from pages.parts.plain import small
from pages.parts.video_step import choose_picture

_WIDTH = 400
_PLAY, _STEP = "Play slowly", "Picture by picture"


def seen(kept: Kept, track: Track, each: Reviewed) -> Replay:
    """Return the pictures of an event; read again only where they are not at hand.

    Raises
    ------
    VideoError
        Where there are none.
    """
    event = each.event

    def read() -> Replay:
        with st.spinner("Reading the pictures of this event"):
            return replay(kept.data, kept.name, track, event)

    def covers(known: Replay) -> bool:
        # An event that was moved a little, or that begins or ends where the face is not seen, has its pictures.
        slack = 1.5 / known.fps
        start, stop = max(event.onset_s, track.time_s[0]), min(event.offset_s, track.time_s[-1])
        return known.time_s[0] - slack <= start and stop <= known.time_s[-1] + slack

    return kept.shown(("replay", each.id), read, covers)


def show_replay(kept: Kept, track: Track, each: Reviewed) -> None:
    """Let the reader watch an event."""
    st.fragment(_view)(kept, track, each)


def _view(kept: Kept, track: Track, each: Reviewed) -> None:
    with sentences():
        key = f"{kept.token} {each.id}"
        pictures = seen(kept, track, each)
        picture, controls = st.columns([2, 3], gap="large")
        with controls:
            way = st.segmented_control("Watch", [_PLAY, _STEP], default=_PLAY, required=True, key=f"video way {key}")
            factor = st.segmented_control(
                "Motion magnified",
                list(FACTORS),
                default=1,
                required=True,
                format_func=lambda each: "as it is" if each == 1 else f"{each} ×",
                key=f"video factor {key}",
                help="What moved a little since the onset is drawn as if it had moved so many times as far. For faint "
                "motion; a broad smile is torn apart by it. The motion of the whole head is left as it is.",
            )
        faces = _larger(kept, each, pictures, factor)
        larger = f", its motion {factor} times as far" if factor > 1 else ""
        if way == _STEP:
            with controls:
                at = choose_picture(kept, each, pictures)
            with picture:
                st.image(inline(faces[at]), width=_WIDTH, alt=f"The face at {pictures.time_s[at]:.3f} s{larger}")
            return
        with controls:
            speed = st.segmented_control(
                "Speed",
                list(SPEEDS),
                default=SPEEDS[1],
                required=True,
                format_func=lambda each: f"{each:g} ×",
                key=f"video speed {key}",
            )
            st.markdown(small(_told(pictures, each)))
        place = ("slow", speed, *_version(each, pictures, factor))
        data = kept.shown(place, lambda: slow_motion(faces, pictures.time_s, speed))
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


def _larger(kept: Kept, each: Reviewed, pictures: Replay, factor: int) -> np.ndarray:
    if factor == 1:
        return pictures.faces

    def make() -> np.ndarray:
        with st.spinner("Magnifying the motion"):
            return magnified(pictures.faces, pictures.at(each.event.onset_s), factor)

    return kept.shown(("magnified", *_version(each, pictures, factor)), make)


def _version(each: Reviewed, pictures: Replay, factor: int) -> tuple[object, ...]:
    """Return what the pictures that are shown depend on."""
    return each.id, factor, each.event.onset_s, float(pictures.time_s[0]), len(pictures.time_s)


def _told(pictures: Replay, each: Reviewed) -> str:
    skipped = f" Of {pictures.step} pictures one is shown." if pictures.step > 1 else ""
    return (
        f"Event {each.id} with {AROUND_S:g} s before and after it, the face held still, in a loop without "
        f"sound.{skipped}"
    )
