"""A person's timeline as lines for paper: events, how far the face moves, how probable each expression is."""

from collections.abc import Iterable

import numpy as np

from engine.charts.document import Bar, Drawing, Strip
from engine.charts.recording_panels import envelope, fullest, group_size, runs_without_gap
from engine.recognition.analysis import Event, Track

_MOST_POINTS = 600
"""Of one line: paper shows no more across a page."""


def recording_drawing(track: Track, duration_s: float, events: Iterable[tuple[str, Event]]) -> Drawing:
    """Return the timeline of a face.

    Parameters
    ----------
    track
        Its curves; its events are left out of account.
    duration_s
        Of the recording.
    events
        Each with what it is called.
    """
    runs = runs_without_gap(track.time_s, track.gaps)
    size = 2 * group_size(runs, _MOST_POINTS)
    top = fullest(track)
    curves = [(f"motion, of {top:.0f} %", track.motion.max(axis=1, initial=0.0) / top)]
    curves += list(zip(track.labels, track.probabilities.T, strict=True))
    strips = [
        Strip(name, [envelope(track.time_s[run], np.asarray(values[run], np.float64), size) for run in runs])
        for name, values in curves
    ]
    bars = [Bar(event.onset_s, event.apex_s, event.offset_s, name, event.kind, event.decided) for name, event in events]
    return Drawing(f"Person {track.person} over time", (0.0, duration_s), bars, strips, track.gaps)
