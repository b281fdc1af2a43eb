"""The recording itself, with the faces and events that were found drawn over it, and keys to go through it by."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from engine.errors import UserError
from engine.recognition.analysis import Analysis, Track
from engine.recognition.video.overlay import overlay
from engine.recognition.video.recordings import StoredRecording
from engine.records.corrections import Add, Move
from engine.records.review import ReviewedEvent
from engine.tasks import Status
from engine.videos.playable import MP4, played_as
from pages.views.common.answer_words import event_title
from pages.views.common.correcting import events_of, expression_names
from pages.views.common.guard import show_error
from pages.views.common.replay import MOMENTS
from pages.views.common.review import look_at
from pages.views.common.task import show_task, watch
from pages.views.common.text import small_print
from pages.views.video.corrections import HeldReview
from pages.views.video.served import serve

CHARTS = "video charts"
"""Key of the container of the charts in which the playhead is drawn too."""
_HTML, _CSS, _SCRIPT = (Path(__file__).with_name(f"player.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
_component = st.components.v2.component("recording_player", html=_HTML, css=_CSS, js=_SCRIPT)


def show_recording(stored: StoredRecording, corrected: Analysis, track: Track, chosen: ReviewedEvent | None) -> None:
    """Show the recording, or a copy where browsers do not play it; see `_show_player`."""
    (mime,) = stored.shown("played as", lambda: (played_as(stored.data or b""),))
    copy = stored.copy
    if mime is not None and not stored.unplayable:
        _show_player(stored, stored.data or b"", mime, corrected, track, chosen)
    elif copy is not None and copy.result is not None:
        _show_player(stored, copy.result, MP4, corrected, track, chosen)
        small_print("A small copy without sound: browsers do not play the recording itself.")
    elif copy is not None:
        watch(lambda: stored.copy, lambda task: _show_copying(stored, task.status), copy.status.alive)
    else:
        st.info("Browsers do not play this recording. A small copy of it can be made, in memory only.")
        st.button("Make a copy that plays", icon=":material/movie:", key="video copy", on_click=stored.begin_copy)


def _show_copying(stored: StoredRecording, status: Status) -> None:
    def give_up() -> None:
        if stored.copy is not None:
            stored.copy.cancel()
            stored.copy = None

    show_task(status, "A copy that plays", give_up, f"video copy cancel {stored.token}")


def _show_player(
    stored: StoredRecording, source: bytes, mime: str, corrected: Analysis, track: Track, chosen: ReviewedEvent | None
) -> None:
    """Show the recording with what was found in it; what is done there becomes corrections.

    Parameters
    ----------
    stored
        The recording.
    source, mime
        What plays in the browser, on the recording's clock.
    corrected
        What was found, with all changes.
    track
        Whose events are shown and changed.
    chosen
        The event that is looked at; None where there is none.

    Raises
    ------
    ModelError
        As `engine.recognition.video.overlay.overlay`.
    """
    # Two underscores in a row are a component's own.
    review, place = HeldReview(stored), f"video player {stored.token.replace('_', '.')}"
    events = [each for each in events_of(review, track) if not each.rejected]
    numbers = _overlay(stored, corrected)
    data = {
        "source": serve(stored.token, source, mime, f"{place} source"),
        "overlay": serve(stored.token, numbers, "application/octet-stream", f"{place} overlay"),
        "frames": corrected.recording.frames,
        "duration_s": corrected.recording.duration_s,
        "people": [
            {"person": each.person, "labels": list(each.labels), "rows": len(each.frame)} for each in corrected.tracks
        ],
        "person": track.person,
        "events": [_told(each) for each in events],
        "chosen": None if chosen is None else chosen.id,
        "start_s": float(track.time_s[0]) if chosen is None else chosen.event.apex_s,
        "names": expression_names(track),
        "charts": f"st-key-{CHARTS.replace(' ', '-')}",
    }

    def told() -> None:
        st.session_state.pop(f"{place} refused", None)
        message = st.session_state[place].get("told")
        try:
            if message:
                _take(stored, review, track, dict(message))
        except UserError as error:
            st.session_state[f"{place} refused"] = error

    _component(data=data, key=place, on_told_change=told, height="content")
    if (error := st.session_state.get(f"{place} refused")) is not None:
        show_error(error)


def _overlay(stored: StoredRecording, corrected: Analysis) -> bytes:
    said = [track.probabilities for track in corrected.tracks]

    def fits(made: tuple[list[np.ndarray], bytes]) -> bool:
        # Somebody's own adaptation may have answered since.
        return all(old is new for old, new in zip(made[0], said, strict=True))

    made: tuple[list[np.ndarray], bytes] = stored.shown("overlay", lambda: (said, overlay(corrected)), fits)
    return made[1]


def _take(stored: StoredRecording, review: HeldReview, track: Track, message: dict[str, Any]) -> None:
    """Do what was asked for in the player; an event is told by its number, wherever it stands by now."""
    known = {each.id: each for each in events_of(review, track)}
    event = known.get(str(message.get("event")))
    match message["do"]:
        case "unplayable":
            stored.unplayable = True
        case "choose" if event is not None:
            look_at(review, track.person, event.id)
        case "move" if event is not None and message["moment"] in MOMENTS.values():
            times = {field: getattr(event.event, field) for field in MOMENTS.values()}
            review.change(Move(event.id, **times | {message["moment"]: float(message["time_s"])}))
            look_at(review, track.person, event.id)
        case "add":
            times = {field: float(message[field]) for field in MOMENTS.values()}
            review.change(Add(track.person, expression=str(message["expression"]), **times))
            (added,) = {each.id for each in events_of(review, track)} - known.keys()
            look_at(review, track.person, added)


def _told(each: ReviewedEvent) -> dict[str, Any]:
    times = {field: getattr(each.event, field) for field in MOMENTS.values()}
    label = f"{each.id} {each.event.answer}"
    return {"id": each.id, "label": label, "title": event_title(each), "kind": each.event.kind, **times}
