"""What a recording shows in a few figures, with the face that they are of."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.charts.layout import percent
from engine.charts.picture import data_url
from engine.emotions import NEUTRAL
from engine.errors import VideoError
from engine.recognition.analysis import Analysis, Event, Track
from engine.recognition.frame_answers import answered_frames
from engine.recognition.replay import onset_and_apex
from engine.recognition.video.recordings import StoredRecording

_SIDE = 96


def show_summary(stored: StoredRecording, corrected: Analysis, person: int) -> None:
    """Show a person's face, which expression is most often the most probable, and how many events of which kind stand.

    Parameters
    ----------
    stored
        The recording.
    corrected
        What was found, with all changes.
    person
        Whose.

    Raises
    ------
    ModelError
        As `engine.recognition.frame_answers.answered_frames`.
    """
    track = next(track for track in corrected.tracks if track.person == person)
    (face,) = stored.shown(("face", person), lambda: (_face(stored, person),))
    label, share = next(iter(answered_frames(track).shares().items()))
    count = {kind: sum(event.kind == kind for event in track.events) for kind in ("macro", "micro", "open")}
    tiles = {
        "Most probable": (f"{label}, {percent(share)}", "The expression that is most probable in most of the frames."),
        "Long expressions": (count["macro"], "More than half a second."),
        "Micro-expressions": (count["micro"], "At most half a second."),
        "Undecided": (
            sum(not event.decided for event in track.events),
            "Events that the model is not sure enough of.",
        ),
    }
    if count["open"]:
        tiles["Cut short"] = (count["open"], "Not seen whole: nobody can tell whether they are short or long.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if face is not None:
            st.image(data_url(face), width=_SIDE, alt=f"The face of person {person}")
        for name, (value, told) in tiles.items():
            st.metric(name, value, help=told, width="content")


def _face(stored: StoredRecording, person: int) -> np.ndarray | None:
    """Return the face at the apex of its strongest event, of one without events where it rests; None for none."""
    track = next(track for track in stored.analysis.tracks if track.person == person)
    event = max(track.events, key=lambda event: event.strength, default=_resting(track))
    try:
        return onset_and_apex(stored.data or b"", stored.name, track, replace(event, onset_s=event.apex_s))[1]
    except VideoError:  # The player says what is wrong with it.
        return None


def _resting(track: Track) -> Event:
    at = int(track.probabilities[:, track.labels.index(NEUTRAL)].argmax()) if NEUTRAL in track.labels else 0
    time_s = float(track.time_s[at])
    return Event(time_s, time_s, time_s, "macro")
