"""The pictures of an event of a recording: watched slowly, and how the face moved from onset to apex."""

import streamlit as st

from engine.charts.face_maps import flow_arrows
from engine.charts.picture import data_url
from engine.features.optical_flow import dense_flow
from engine.recognition.analysis import Track
from engine.recognition.replay import EYES_PX, Replay, replay
from engine.recognition.video.recordings import StoredRecording
from engine.records.corrections import Move
from engine.records.review import ReviewedEvent
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.replay import show_player
from pages.views.common.text import small_print
from pages.views.video.corrections import HeldReview

_WIDTH = 280


def event_pictures(stored: StoredRecording, track: Track, each: ReviewedEvent) -> Replay:
    """Return the pictures of an event; read again only where they are not at hand.

    Raises
    ------
    VideoError
        Where there are none.
    """
    event = each.event

    def read() -> Replay:
        with st.spinner("Reading the pictures of this event"):
            return replay(stored.data, stored.name, track, event)

    def covers(known: Replay) -> bool:
        # An event that was moved a little, or that begins or ends where the face is not seen, has its pictures.
        slack = 1.5 / known.fps
        start, stop = max(event.onset_s, track.time_s[0]), min(event.offset_s, track.time_s[-1])
        return known.time_s[0] - slack <= start and stop <= known.time_s[-1] + slack

    return stored.shown(("replay", each.id), read, covers)


@st.fragment
def show_replay(stored: StoredRecording, track: Track, each: ReviewedEvent) -> None:
    """Let the reader watch an event, and move it to other times."""
    with error_boundary():
        mark = None if each.rejected else lambda times: HeldReview(stored).change(Move(each.id, **times))
        pictures = event_pictures(stored, track, each)
        show_player(pictures, each.event, f"Event {each.id}", f"video {stored.token} {each.id}", stored.shown, mark)


def show_motion(stored: StoredRecording, track: Track, each: ReviewedEvent) -> None:
    """Show the face at onset and apex, and how each part of it moved in between."""
    pictures = event_pictures(stored, track, each)
    onset, apex = pictures.at(each.event.onset_s), pictures.at(each.event.apex_s)
    with st.container(horizontal=True, gap="medium"):
        for name, at in (("Onset", onset), ("Apex", apex)):
            with st.container(width=_WIDTH, gap="xxsmall"):
                time_s = pictures.time_s[at]
                st.image(data_url(pictures.faces[at]), width=_WIDTH, alt=f"The face at the {name.lower()}")
                small_print(f"{name}, {time_s:.3f} s")
        with st.container(width=420):
            _show_flow(stored, each, pictures, onset, apex)


def _show_flow(stored: StoredRecording, each: ReviewedEvent, pictures: Replay, onset: int, apex: int) -> None:
    flow = dense_flow(pictures.gray(onset), pictures.gray(apex))
    show_figure(flow_arrows(pictures.gray(onset), flow, EYES_PX), f"video arrows {stored.token} {each.id}")
    small_print("Optical flow, the motion of the whole head taken out.")
