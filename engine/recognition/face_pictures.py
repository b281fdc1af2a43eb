"""Read a recording again at a few moments, only where one person's face is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.faces import Detection
from engine.faces.landmarks import find_landmarks
from engine.recognition.analysis import Track
from engine.videos import open_video

_MARGIN = 0.6  # of the face's size is read around it


@dataclass(frozen=True)
class FacePicture:
    """A person's face at one moment.

    Attributes
    ----------
    time_s
        When it is shown, in seconds of the recording.
    picture
        (height, width, 3) uint8 RGB: the part of the frame around the face.
    points
        (468, 2) float: the mesh in pixels of `picture`.
    """

    time_s: float
    picture: np.ndarray
    points: np.ndarray


def read_face_pictures(
    source: Path | bytes | BinaryIO,
    name: str,
    track: Track,
    rows: np.ndarray,
    progress: Callable[[float], None] | None = None,
) -> list[FacePicture]:
    """Return a person's face at some of the moments at which it was seen.

    Parameters
    ----------
    source
        The recording that was analysed: its path, its bytes, or an open file.
    name
        Its name, for errors.
    track
        The person.
    rows
        Which rows of the track, rising; at least one. What lies between the first and the last is decoded too.
    progress
        Told which share of them is done, 0..1.

    Returns
    -------
    list of FacePicture
        In order; those that cannot be read any more are missing.

    Raises
    ------
    VideoError
        Where the recording cannot be opened.
    """
    # Half a picture is left at both ends: times that were rounded still find theirs.
    half = 0.5 * float(np.median(np.diff(track.time_s))) if len(track.time_s) > 1 else 0.02
    begin, end = track.time_s[rows[0]] - half, track.time_s[rows[-1]] + half
    found = []
    with open_video(source, name) as video:
        for frame in video.frames(max(0.0, float(begin)), float(end)):
            row = rows[np.abs(track.time_s[rows] - frame.time_s).argmin()]
            if abs(track.time_s[row] - frame.time_s) > half:
                continue
            box = track.box[row] * (frame.picture.shape[1] / frame.size[0])
            points = find_landmarks(frame.picture, _detection(box, float(track.pose_deg[row, 2]))).points[:, :2]
            part, corner = _around(frame.picture, points)
            found.append(FacePicture(frame.time_s, part, points - corner))
            if progress is not None:
                progress(min(1.0, len(found) / len(rows)))
    return found


def _detection(box: np.ndarray, roll_deg: float) -> Detection:
    """Return a face as if it had just been found: the mesh asks for box and tilt."""
    x, y, width, height = (float(value) for value in box)
    tilt = np.deg2rad(roll_deg)
    across = 0.2 * max(width, height) * np.array([np.cos(tilt), np.sin(tilt)])
    middle = np.array([x + width / 2, y + 0.35 * height])
    points = np.repeat(middle[None], 6, axis=0)
    points[0], points[1] = middle - across, middle + across
    return Detection((x, y, width, height), 1.0, points.astype(np.float32))


def _around(picture: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what a crop may need of a picture, so that the rest need not be held, and its corner."""
    low, high = points.min(0), points.max(0)
    margin = _MARGIN * (high - low).max()
    left, top = np.maximum(0, low - margin).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    part = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
    if not part.size:
        return picture, np.zeros(2)
    return part.copy(), np.array([left, top], float)
