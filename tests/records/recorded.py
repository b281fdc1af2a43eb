"""Small analyses made by hand: what a recording with known motion and events comes to."""

import numpy as np

from engine.recognition.analysis import REGIONS, Analysis, Event, Recording, Track

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
NEUTRAL = LABELS.index("neutral")

MICRO = Event(1.0, 1.1, 1.3, "micro", "surprise", True, {"negative": 0.1, "positive": 0.2, "surprise": 0.7}, 3.0)
MACRO = Event(
    2.0, 2.6, 3.5, "macro", "happy", True, {label: 0.7 if label == "happy" else 0.05 for label in LABELS}, 8.0
)
FAINT = Event(4.0, 4.2, 4.4, "micro", "negative", False, {"negative": 0.4, "positive": 0.3, "surprise": 0.3}, 1.0)


def track(person=1, events=(MICRO, MACRO, FAINT), duration_s=6.0, fps=30.0, gaps=((5.0, 5.3),)):
    """A face whose mouth corners rise and fall with each event, turned a little, and unseen in each gap."""
    frame = np.arange(round(duration_s * fps))
    time = frame / fps
    seen = np.ones(len(frame), bool)
    for begin, end in gaps:
        seen &= (time <= begin) | (time >= end)
    frame, time = frame[seen], time[seen]
    motion = np.full((len(time), len(REGIONS)), 0.25, np.float32)
    shares = np.full((len(time), len(LABELS)), 0.05, np.float32)
    shares[:, NEUTRAL] = 0.7
    for event in events:
        height = np.interp(time, [event.onset_s, event.apex_s, event.offset_s], [0, 1, 0], left=0, right=0)
        for region in ("right mouth corner", "left mouth corner", "upper lip"):
            motion[:, REGIONS.index(region)] += event.strength * height
        if event.expression in LABELS:
            shares[:, LABELS.index(event.expression)] += 0.6 * height
            shares[:, NEUTRAL] -= 0.6 * height
    return Track(
        person,
        frame,
        time,
        np.tile(np.float32([100, 80, 160, 200]), (len(time), 1)),
        np.tile(np.float32([10, -5, 3]), (len(time), 1)),
        motion,
        np.full(len(time), 0.3, np.float32),
        shares,
        LABELS,
        tuple(gaps),
        tuple(events),
    )


def analysis(*tracks, file="interview.mp4", duration_s=6.0, fps=30.0, warnings=()):
    """A recording with these people; with one, as `track` gives it, where none is given."""
    recording = Recording(file, 640, 480, fps, duration_s, round(duration_s * fps))
    return Analysis(recording, tracks or (track(),), warnings)


def empty(file="nobody.mp4"):
    """A recording in which nobody was seen."""
    return Analysis(Recording(file, 640, 480, 30.0, 6.0, 180), (), ("No face was found.",))
