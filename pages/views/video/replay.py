"""The pictures of an event of a recording, and the view in which they are watched."""

import streamlit as st

from engine.recognition.analysis import Track
from engine.recognition.recordings import Kept
from engine.recognition.replay import Replay, replay
from engine.records.corrections import Move
from engine.records.review import ReviewedEvent
from pages.views.common.guard import error_boundary
from pages.views.common.replay import show_player
from pages.views.video.changes import change


def seen(kept: Kept, track: Track, each: ReviewedEvent) -> Replay:
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


def show_replay(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    """Let the reader watch an event, and move it to other times."""
    st.fragment(_view)(kept, track, each)


def _view(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    with error_boundary():
        mark = None if each.rejected else lambda times: change(kept, Move(each.id, **times))
        pictures = seen(kept, track, each)
        show_player(pictures, each.event, f"Event {each.id}", f"video {kept.token} {each.id}", kept.shown, mark)
