"""Onset, apex and offset, asked for in seconds."""

import streamlit as st

from engine.recognition.analysis import Recording

_NAMES = {
    "Onset": "The last moment before the face begins to move.",
    "Apex": "The moment at which the expression is strongest.",
    "Offset": "The first moment at which the face is at rest again.",
}


def ask_times(times: tuple[float, float, float], recording: Recording, key: str) -> tuple[float, float, float]:
    """Ask for three times of a recording.

    Parameters
    ----------
    times
        What stands there at first, in seconds.
    recording
        One step is one of its pictures.
    key
        Unlike that of any other question on the page.
    """
    step = round(1 / recording.fps, 4) if recording.fps > 0 else 0.04
    asked = []
    for column, (name, told), value in zip(st.columns(3), _NAMES.items(), times, strict=True):
        with column:
            asked.append(
                st.number_input(
                    f"{name} (s)",
                    0.0,
                    max(recording.duration_s, value),
                    float(value),
                    step,
                    format="%.3f",
                    key=f"{key} {name}",
                    help=told,
                )
            )
    onset, apex, offset = asked
    return onset, apex, offset
