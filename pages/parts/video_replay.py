"""One event seen slowly, or picture by picture, with its motion made larger on demand."""

import numpy as np
import streamlit as st

from engine.recognition.analysis import Track
from engine.recognition.magnify import FACTORS, magnified
from engine.recognition.recordings import Kept
from engine.recognition.replay import AROUND_S, Replay, replay
from engine.recognition.slow_motion import MIME, SPEEDS, slow_motion
from engine.records.corrections import Move
from engine.records.review import Reviewed
from pages.parts.guard import sentences
from pages.parts.inline import inline
from pages.parts.plain import small
from pages.parts.video_changes import change

_WIDTH = 400
_PLAY, _STEP = "Play slowly", "Picture by picture"
_MARKS = {"Onset": "onset_s", "Apex": "apex_s", "Offset": "offset_s"}


def seen(kept: Kept, track: Track, each: Reviewed) -> Replay:
    """Return the pictures of an event; read again only where they are not at hand.

    Raises
    ------
    VideoError
        Where there are none.
    """
    event = each.event
    place = ("replay", each.id)
    known: Replay | None = kept.shown(place, lambda: None)
    if known is None or not _covers(known, max(event.onset_s, track.time_s[0]), min(event.offset_s, track.time_s[-1])):
        with st.spinner("Reading the pictures of this event"):
            known = replay(kept.data, kept.name, track, event)
        kept.drop(place)
        kept.shown(place, lambda: known)
    return known


def show_replay(kept: Kept, track: Track, each: Reviewed) -> None:
    """Let the reader watch an event."""
    st.fragment(_view)(kept, track, each)


def _view(kept: Kept, track: Track, each: Reviewed) -> None:
    with sentences():
        key = f"{kept.token} {each.id}"
        pictures = seen(kept, track, each)
        how, far, fast = st.columns([2, 3, 2], gap="medium")
        with how:
            way = st.segmented_control("Watch", [_PLAY, _STEP], default=_PLAY, required=True, key=f"video way {key}")
        with far:
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
        with fast:
            speed = SPEEDS[0]
            if way == _PLAY:
                speed = st.segmented_control(
                    "Speed",
                    list(SPEEDS),
                    default=SPEEDS[1],
                    required=True,
                    format_func=lambda each: f"{each:g} ×",
                    key=f"video speed {key}",
                )
        faces = _larger(kept, each, pictures, factor)
        if way == _PLAY:
            _play(kept, each, pictures, faces, factor, speed)
        else:
            _step(kept, each, pictures, faces, factor, key)


def _larger(kept: Kept, each: Reviewed, pictures: Replay, factor: int) -> np.ndarray:
    if factor == 1:
        return pictures.faces
    onset = pictures.at(each.event.onset_s)

    def make() -> np.ndarray:
        with st.spinner("Magnifying the motion"):
            return magnified(pictures.faces, onset, factor)

    return kept.shown(("magnified", each.id, factor, onset, len(pictures.time_s)), make)


def _play(kept: Kept, each: Reviewed, pictures: Replay, faces: np.ndarray, factor: int, speed: float) -> None:
    event = each.event
    place = ("slow", each.id, factor, speed, event.onset_s, len(pictures.time_s))
    data = kept.shown(place, lambda: slow_motion(faces, pictures.time_s, speed))
    st.video(
        data,
        MIME,
        loop=True,
        autoplay=True,
        muted=True,
        width=_WIDTH,
        alt=f"The face from {pictures.time_s[0]:.2f} to {pictures.time_s[-1]:.2f} s, {speed:g} times as fast as it was"
        + (f", its motion {factor} times as far" if factor > 1 else ""),
    )
    skipped = f" Of {pictures.step} pictures one is shown." if pictures.step > 1 else ""
    st.markdown(
        small(
            f"Event {each.id} with {AROUND_S:g} s before and after it, the face held still, in a loop without "
            f"sound.{skipped}"
        )
    )


def _step(kept: Kept, each: Reviewed, pictures: Replay, faces: np.ndarray, factor: int, key: str) -> None:
    event, count = each.event, len(faces)
    place = f"video picture {key} {count}"
    st.session_state.setdefault(place, pictures.at(event.apex_s) + 1)
    st.slider("Picture", 1, max(count, 2), key=place, width=_WIDTH, disabled=count < 2)
    at = min(st.session_state[place], count) - 1
    time_s = float(pictures.time_s[at])
    st.image(
        inline(faces[at]),
        width=_WIDTH,
        alt=f"The face at {time_s:.3f} s" + (f", its motion {factor} times as far" if factor > 1 else ""),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Back",
            icon=":material/chevron_left:",
            key=f"{place} back",
            on_click=_go,
            args=(place, -1, count),
            disabled=at == 0,
        )
        st.button(
            "On",
            icon=":material/chevron_right:",
            key=f"{place} on",
            on_click=_go,
            args=(place, 1, count),
            disabled=at == count - 1,
        )
        st.markdown(_where(time_s, pictures, each))
    if each.rejected:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Make this picture the", width="content")
        for name, field in _MARKS.items():
            if st.button(name, key=f"{place} {field}", help=f"The {name.lower()} moves to {time_s:.3f} s."):
                times = {mark: getattr(event, mark) for mark in _MARKS.values()} | {field: time_s}
                change(kept, Move(each.id, **times))
                st.rerun()


def _go(place: str, by: int, count: int) -> None:
    st.session_state[place] = min(max(st.session_state[place] + by, 1), count)


def _where(time_s: float, pictures: Replay, each: Reviewed) -> str:
    event = each.event
    at = pictures.at(time_s)
    names = [name.lower() for name, field in _MARKS.items() if pictures.at(getattr(event, field)) == at]
    told = f" (**{' and '.join(names)}**)" if names else ""
    return f"{time_s:.3f} s, {1000 * (time_s - event.onset_s):+.0f} ms from the onset{told}"


def _covers(pictures: Replay, start_s: float, stop_s: float) -> bool:
    slack = 1.5 / pictures.fps
    return pictures.time_s[0] - slack <= start_s and stop_s <= pictures.time_s[-1] + slack
