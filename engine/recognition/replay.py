"""The pictures of one event: one person's face, held still, so that only what moves in it moves.

The recording is read again, only around the event. In each picture the face is found where it is known to be, and the
crop follows those points that an expression leaves alone (corners of the eyes, nose, sides of the face). How the points
tremble is then taken out by the optical flow: the crop follows what most of the face does since the onset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from engine.errors import VideoError
from engine.faces import Detection
from engine.faces.align import ANCHORS, FRAMING, similarity
from engine.faces.landmarks import find_landmarks
from engine.faces.sampling import REPLICATE, apply, cut, invert
from engine.features.optical_flow import dense_flow
from engine.recognition.analysis import Event, Track
from engine.recognition.steady import whole_motion

SIDE = 256
"""Pixels of the side of a face."""
MOST = 240
"""At most so many pictures of an event; of a longer one every second, third ... picture is taken."""
AROUND_S = 0.25
"""So much before the onset and after the offset is shown too."""

_FLOW_SIDE = 128
# What expressions hardly move: the points that the models' crops are framed by, but outer brows and mouth's corners.
_STILL = ~np.isin(ANCHORS, (70, 300, 61, 291))
_POINTS = ANCHORS[_STILL]
# As large in its frame as in `engine.features.face_sample`: forehead and chin are in the picture as well.
_FRAMING = FRAMING[_STILL] * (104 / 48) + (12, 17)

EYES_PX = 112.0
"""Distance of the outer corners of the eyes, in pixels of a face."""


@dataclass(frozen=True)
class Replay:
    """The pictures of one event.

    Attributes
    ----------
    time_s
        (n,) float64: when each is shown, in seconds of the recording.
    faces
        (n, side, side, 3) uint8 RGB: the face, held still.
    points
        (n, 468, 2) float32: the mesh in pixels of `faces`.
    step
        1 where every picture of the recording is there, 2 where every second one is ...
    """

    time_s: np.ndarray
    faces: np.ndarray
    points: np.ndarray
    step: int = 1

    def at(self, time_s: float) -> int:
        """Return the index of the picture nearest to a time."""
        return int(np.abs(self.time_s - time_s).argmin())

    @property
    def fps(self) -> float:
        """Pictures a second, by their times."""
        if len(self.time_s) < 2:
            return 1.0
        return float(1 / np.median(np.diff(self.time_s)))

    def gray(self, index: int) -> np.ndarray:
        """Return one face as (side, side) uint8."""
        return cv2.cvtColor(self.faces[index], cv2.COLOR_RGB2GRAY)


def replay(
    source: Path | bytes | BinaryIO,
    name: str,
    track: Track,
    event: Event,
    progress: Callable[[float], None] | None = None,
) -> Replay:
    """Read the pictures of an event and cut the face out of each.

    Parameters
    ----------
    source
        The recording that was analysed: its path, its bytes, or an open file.
    name
        Its name, for errors.
    track
        Whose event it is.
    event
        Which.
    progress
        Told which share of the pictures is done, 0..1.

    Raises
    ------
    VideoError
        Where no picture of the event can be read, or the face is in none of them.
    """
    # Not above: a page imports this before anybody has a recording.
    from engine.videos import open_video

    start, stop = event.onset_s - AROUND_S, event.offset_s + AROUND_S
    within = np.flatnonzero((track.time_s >= start) & (track.time_s <= stop))
    if not within.size:
        raise VideoError(
            f"The face is not seen between {event.onset_s:.2f} and {event.offset_s:.2f} s.",
            "Move the event to where the face is seen.",
        )
    step = -(-within.size // MOST)
    wanted = within[::step]
    # Half a picture is left at both ends: times that were rounded still find theirs.
    half = 0.5 * float(np.median(np.diff(track.time_s))) if len(track.time_s) > 1 else 0.02
    begin, end = track.time_s[wanted[0]] - half, track.time_s[wanted[-1]] + half
    parts, times = [], []
    with open_video(source, name) as video:
        scale = None
        for frame in video.frames(max(0.0, float(begin)), float(end)):
            place = wanted[np.abs(track.time_s[wanted] - frame.time_s).argmin()]
            if abs(track.time_s[place] - frame.time_s) > half:
                continue
            scale = scale or frame.picture.shape[1] / video.width
            box = track.box[place] * scale
            found = find_landmarks(frame.picture, _detection(box, float(track.pose_deg[place, 2]))).points
            part, corner = _around(frame.picture, found)
            parts.append((part, found[:, :2] - corner))
            times.append(frame.time_s)
            if progress is not None:
                progress(min(1.0, len(parts) / len(wanted)))
    if not parts:
        raise VideoError(
            f"No picture can be read between {event.onset_s:.2f} and {event.offset_s:.2f} s.",
            "The recording is damaged there; look at another event.",
        )
    time_s = np.array(times)
    return Replay(time_s, *_steady(parts, int(np.abs(time_s - event.onset_s).argmin())), step)


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
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    margin = 0.6 * (high - low).max()
    left, top = np.maximum(0, low - margin).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    part = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
    if not part.size:
        return picture, np.zeros(2)
    return part.copy(), np.array([left, top], float)


def _steady(parts: list[tuple[np.ndarray, np.ndarray]], onset: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut the faces out, each where it lies over that at the onset; return them and their points."""
    backs = [invert(similarity(points[_POINTS], _FRAMING)) for _, points in parts]
    rough = [
        cv2.cvtColor(cut(picture, back, _FLOW_SIDE, REPLICATE), cv2.COLOR_RGB2GRAY)
        for (picture, _), back in zip(parts, backs, strict=True)
    ]
    faces, moved = [], []
    for (picture, points), back, gray in zip(parts, backs, rough, strict=True):
        back = _after(back, whole_motion(dense_flow(rough[onset], gray)))
        back[:, :2] *= _FLOW_SIDE / SIDE
        faces.append(cut(picture, back, SIDE, REPLICATE, interpolation=cv2.INTER_CUBIC))
        moved.append(apply(invert(back), points))
    return np.stack(faces), np.stack(moved).astype(np.float32)


def _after(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the (2, 3) matrix that does what the first does, then what the second does."""
    return np.column_stack([second[:, :2] @ first[:, :2], second[:, :2] @ first[:, 2] + second[:, 2]])
