"""What was spotted in front of a camera, in the form of a recording, so that it becomes the same files."""

import numpy as np

from engine.features.face_regions import REGIONS
from engine.recognition.analysis import Analysis, Recording, Track
from engine.recognition.face_answers import joined
from engine.recognition.live.events import LiveEvent
from engine.recognition.live.state import LiveState

NAME = "camera"
"""In place of a file's name."""


def as_analysis(state: LiveState, labels: tuple[str, ...], enhance: str = "none") -> Analysis:
    """Return the events that are held, a track a person; no frame is in it.

    Parameters
    ----------
    state
        What is known.
    labels
        The expressions that the model names.
    enhance
        A key of `engine.images.lowlight.METHODS`: what faces went through.
    """
    width, height = state.size
    recording = Recording(NAME, width, height, state.fps or 0.0, state.time_s, state.frames)
    people: dict[int, list[LiveEvent]] = {}
    for each in state.events:
        people.setdefault(each.person, []).append(each)
    tracks = tuple(_track(person, labels, people[person]) for person in sorted(people))
    warnings = state.warnings
    if state.dropped:
        warnings += (f"{state.dropped} pictures were left out, since newer ones came before there was time for them.",)
    return Analysis(recording, tracks, warnings, enhance)


def _track(person: int, labels: tuple[str, ...], events: list[LiveEvent]) -> Track:
    asked = joined(sorted((each.asked for each in events if each.asked), key=lambda each: float(each.time_s[0])))
    track = Track(
        person=person,
        frame=np.zeros(0, np.int64),
        time_s=np.zeros(0),
        box=np.zeros((0, 4), np.float32),
        pose_deg=np.zeros((0, 3), np.float32),
        motion=np.zeros((0, len(REGIONS)), np.float32),
        eyes_open=np.zeros(0, np.float32),
        probabilities=np.zeros((0, len(labels)), np.float32),
        labels=labels,
        asked=asked,
    )
    return track.with_events(tuple(each.event for each in events))
