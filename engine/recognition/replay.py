"""The pictures of one event: one person's face, held still, so that only what moves in it moves.

The recording is read again, only around the event. In each picture the face is found where it is known to be, and the
crop follows those points that an expression leaves alone (corners of the eyes, nose, sides of the face). How the points
tremble is then taken out by the optical flow: the crop follows what most of the face does since the onset.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from engine.errors import VideoError
from engine.faces.align import ANCHORS, FER2013_SIZE, FRAMING, similarity
from engine.faces.sampling import REPLICATE, invert_transform, transform_points, warp_square
from engine.features.optical_flow import dense_flow, global_motion
from engine.recognition.analysis import Event, Track
from engine.recognition.face_pictures import FacePicture, read_face_pictures
from engine.videos import write_video

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
# As large in its frame as in `engine.features.aligned_face`: forehead and chin are in the picture as well.
_FRAMING = FRAMING[_STILL] * (104 / FER2013_SIZE) + (12, 17)

EYES_PX = 112.0
"""Distance of the outer corners of the eyes, in pixels of a face."""

SPEEDS = (0.1, 0.25, 0.5, 1.0)
"""Of a replay in slow motion, where 1 is as fast as it was."""
SLOW_MOTION_MIME = "video/mp4"
_LINGER_S = 0.5  # on the last picture, so that the eye sees where the loop ends


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
    start, stop = event.onset_s - AROUND_S, event.offset_s + AROUND_S
    within = np.flatnonzero((track.time_s >= start) & (track.time_s <= stop))
    step = max(1, -(-within.size // MOST))
    found = _read(source, name, track, event, within[::step], progress)
    return stabilised(found, event.onset_s, step)


def stabilised(found: list[FacePicture], onset_s: float, step: int = 1) -> Replay:
    """Cut the face out of pictures of an event that are at hand.

    Parameters
    ----------
    found
        The pictures in their order, at least one.
    onset_s
        When the event begins: the other faces are laid over the one at that time.
    step
        See `Replay`.
    """
    time_s = np.array([face.time_s for face in found])
    return Replay(time_s, *_steady(found, int(np.abs(time_s - onset_s).argmin())), step)


def onset_and_apex(
    source: Path | bytes | BinaryIO, name: str, track: Track, event: Event
) -> tuple[np.ndarray, np.ndarray]:
    """Return the face at an event's onset and apex only, each (side, side, 3) uint8 RGB; see `replay`.

    Raises
    ------
    VideoError
        As `replay` does.
    """
    seen = np.flatnonzero((track.time_s >= event.onset_s - AROUND_S) & (track.time_s <= event.offset_s + AROUND_S))
    if seen.size:
        seen = np.unique([seen[np.abs(track.time_s[seen] - at).argmin()] for at in (event.onset_s, event.apex_s)])
    found = _read(source, name, track, event, seen)
    faces, _ = _steady(found, 0)
    return faces[0], faces[-1]


def slow_motion(faces: np.ndarray, time_s: np.ndarray, speed: float) -> bytes:
    """Return pictures as MP4 (H.264), shown at their own times, slowed down.

    Parameters
    ----------
    faces
        (n, side, side, 3) uint8 RGB.
    time_s
        (n,) when each is shown, in seconds, rising.
    speed
        Above 0; 0.1 takes ten times as long as it took.

    Raises
    ------
    ValueError
        For no pictures, or a speed of 0 or less.
    """
    if not speed > 0:
        raise ValueError(f"Expected a speed above 0. Received {speed}.")
    times = (np.asarray(time_s, float) - time_s[0]) / speed
    interval = float(np.median(np.diff(times))) if len(times) > 1 else _LINGER_S
    pictures, shown = [*faces, faces[-1]], [*times, times[-1] + max(interval, _LINGER_S)]
    target = io.BytesIO()
    write_video(pictures, 1 / interval, target, times_s=shown)
    return target.getvalue()


def _read(
    source: Path | bytes | BinaryIO,
    name: str,
    track: Track,
    event: Event,
    rows: np.ndarray,
    progress: Callable[[float], None] | None = None,
) -> list[FacePicture]:
    if not rows.size:
        raise VideoError(
            f"The face is not seen between {event.onset_s:.2f} and {event.offset_s:.2f} s.",
            "Move the event to where the face is seen.",
        )
    found = read_face_pictures(source, name, track, rows, progress)
    if not found:
        raise VideoError(
            f"No picture can be read between {event.onset_s:.2f} and {event.offset_s:.2f} s.",
            "The recording is damaged there; look at another event.",
        )
    return found


def _steady(found: list[FacePicture], onset: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut the faces out, each where it lies over that at the onset; return them and their points."""
    backs = [invert_transform(similarity(face.points[_POINTS], _FRAMING)) for face in found]
    rough: list[np.ndarray] = [
        cv2.cvtColor(warp_square(face.picture, back, _FLOW_SIDE, REPLICATE), cv2.COLOR_RGB2GRAY)
        for face, back in zip(found, backs, strict=True)
    ]
    faces, points = [], []
    for face, back, gray in zip(found, backs, rough, strict=True):
        back = _after(back, global_motion(dense_flow(rough[onset], gray)))
        back[:, :2] *= _FLOW_SIDE / SIDE
        faces.append(warp_square(face.picture, back, SIDE, REPLICATE, interpolation=cv2.INTER_CUBIC))
        points.append(transform_points(invert_transform(back), face.points))
    return np.stack(faces), np.stack(points).astype(np.float32)


def _after(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the (2, 3) matrix that does what the first does, then what the second does."""
    return np.column_stack([second[:, :2] @ first[:, :2], second[:, :2] @ first[:, 2] + second[:, 2]])
