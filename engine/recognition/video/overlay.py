"""Where faces are in a recording and what they show, as numbers for whoever draws them over its pictures."""

import numpy as np

from engine.recognition.analysis import Analysis
from engine.recognition.frame_answers import answered_frames

COLUMNS = 7
"""Of a face: number of the frame; x, y, width and height as shares of the picture; number of the expression; certainty,
below 0 where that is not enough to be said."""


def frame_times(analysis: Analysis) -> np.ndarray:
    """Return when each frame is shown, (frames,) float64 in seconds; between frames with a face estimated.

    Nobody has the times of frames without a face; they lie evenly between those that are known.
    """
    recording = analysis.recording
    known = {0: 0.0} if not any(len(track.frame) and track.frame[0] == 0 for track in analysis.tracks) else {}
    usual = 1 / recording.fps if recording.fps > 0 else 0.04
    known[recording.frames - 1] = max(0.0, recording.duration_s - usual)
    for track in analysis.tracks:
        known |= dict(zip(track.frame.tolist(), track.time_s.tolist(), strict=True))
    numbers = sorted(known)
    times = np.interp(np.arange(recording.frames), numbers, [known[number] for number in numbers])
    return np.maximum.accumulate(times)


def overlay(analysis: Analysis) -> bytes:
    """Return times and faces as 32-bit floats in little-endian order.

    First `frame_times`, then for each person in order a row of `COLUMNS` for each frame in which the face was seen.

    Raises
    ------
    ModelError
        As `engine.recognition.frame_answers.answered_frames`.
    """
    parts = [frame_times(analysis)]
    size = np.array([analysis.recording.width, analysis.recording.height] * 2, np.float64)
    for track in analysis.tracks:
        said = answered_frames(track)
        certainty = np.where(said.decided, said.certainty, -said.certainty)
        rows = np.column_stack([track.frame, track.box / np.maximum(size, 1), said.label, certainty])
        parts.append(rows.ravel())
    return np.concatenate(parts).astype("<f4").tobytes()
