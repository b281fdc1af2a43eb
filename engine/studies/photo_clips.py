"""How well expressions are spotted on real faces: photos bent by known action units, filmed as a phone films.

Drawn faces have no pores, beards or make-up, and no compression stands between them and the spotter. Here photos of
people are moved as `engine.synthetic.photo_clip` says, written as H.264, and analysed as a user's recording is. The
photos are never written to disk. They are halved, without copies of one another: what is chosen is chosen on one half,
the other half is read once.
"""

import argparse
import contextlib
import io
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine import datasets, images
from engine.arguments import add_data, add_jobs, data_of
from engine.below import files_below
from engine.datasets.duplicates import find_copies
from engine.datasets.face_set import FaceSet
from engine.errors import DataError, UserError
from engine.images.prepare import resize, to_gray
from engine.recognition.video.analysing import analyse
from engine.settings import CROP_SIZE
from engine.studies import spotting
from engine.studies.spotting import Spotted, event_times
from engine.synthetic.photo_clip import Photo, photo, photo_clip
from engine.tasks import Progress
from engine.tasks.pools import in_order
from engine.videos import write_video

LEAST_PX = 80
"""A face of fewer pixels from forehead to chin is not used."""

PHONE_QUALITY = 26
"""Constant rate factor of H.264: about 0.6 Mbit/s at this size, as a phone's 5 Mbit/s are at 1080 lines."""

FPS = 30.0
_SHORTEST_S, _LONGEST_S = 4.0, 10.0
_LARGE_PX = 240  # the photo's longer side is enlarged to it, so that the mesh sees as much as there is
_HALVES = ("first", "second")


def faces_of(faces: FaceSet, half: str) -> list[Photo]:
    """Return the faces of a half of a set's photos: neutral ones where the set is labelled so, large, no copies.

    Parameters
    ----------
    faces
        Photos.
    half
        ``"first"`` to choose on, ``"second"`` to read once.

    Raises
    ------
    DataError
        Where no photo can be used.
    """
    rows = np.flatnonzero(faces.labels == "neutral")
    rows = rows if len(rows) else np.arange(len(faces))
    pictures = [_rgb(np.asarray(faces.pictures[row])) for row in rows.tolist()]
    if pictures:
        gray = np.stack([np.rint(resize(to_gray(one), CROP_SIZE)).astype(np.uint8) for one in pictures])
        first_of_each = np.unique(find_copies(gray).group, return_index=True)[1]
        chosen = np.random.default_rng(0).permutation(first_of_each)[_HALVES.index(half) :: 2]
        pictures = [pictures[number] for number in chosen]
    found: list[Photo] = []
    for picture in pictures:
        enlarged = max(1.0, _LARGE_PX / max(picture.shape[:2]))
        large = cv2.resize(picture, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC)
        shown = photo(large, seed=len(found))
        if shown is not None and shown.height_px >= LEAST_PX * enlarged:
            found.append(shown)
    if not found:
        raise DataError(
            f"No photo of {faces.name} shows a face of {LEAST_PX} pixels or more that looks into the camera.",
            "Take photos of single people, neutral and from the front.",
        )
    return found


def read_photos(named: str) -> FaceSet:
    """Return the photos that lie in a folder, or a labelled set as `engine.datasets.read` knows it.

    Parameters
    ----------
    named
        A folder of anybody's photos, another path, or an imported set's name.

    Raises
    ------
    DataError
        As `engine.datasets.read` raises it.
    """
    files = [each.path for each in files_below(Path(named)) if each.why is None] if Path(named).is_dir() else []
    pictures = []
    for file in files:
        if file.parent == Path(named):
            with contextlib.suppress(UserError):
                pictures.append(images.decode(file.read_bytes()))
    if pictures:
        return FaceSet(Path(named).name, pictures, np.full(len(pictures), ""))
    return datasets.read(named)


def spot_clip(asked: tuple[int, Photo], *, talking: bool = False) -> Spotted:
    """Bend one photo through a clip, write it as a phone does, and analyse the file.

    Parameters
    ----------
    asked
        The clip's seed and whose face.
    talking
        Whether the face shows no expression but speaks; such clips are twice as long.
    """
    seed, shown = asked
    duration_s = (1 + talking) * float(np.random.default_rng(seed).uniform(_SHORTEST_S, _LONGEST_S))
    clip = photo_clip(seed, shown, duration_s=duration_s, fps=FPS, talking=talking)
    file = io.BytesIO()
    write_video((frame.picture for frame in clip.frames()), FPS, file, quality=PHONE_QUALITY)
    tracks = analyse(file.getvalue(), f"clip {seed}").tracks
    found = [event for track in tracks for event in track.events]
    return Spotted(seed, clip.duration_s, event_times(found), event_times(clip.events))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser, what="photos of faces")
    parser.add_argument("--clips", type=int, default=200, help="how many clips (default: %(default)s)")
    parser.add_argument("--half", choices=_HALVES, default="second", help="of the photos (default: %(default)s)")
    parser.add_argument("--talking", action="store_true", help="clips of people who rest, blink, talk and nod, no more")
    add_jobs(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterable[dict[str, Any]]:
    """Bend, film, analyse and compare."""
    if options.clips < 1:
        raise DataError(f"{options.clips} clips are none.", "Ask for at least 1.")
    shown = faces_of(read_photos(data_of(options.data)), options.half)
    # Each half has clips of its own too.
    seeds = range(_HALVES.index(options.half) * 100_000, _HALVES.index(options.half) * 100_000 + options.clips)
    each: list[Spotted] = []
    progress.step(0, options.clips, "filming and spotting")
    spot = partial(spot_clip, talking=options.talking)
    for one in in_order(spot, ((seed, shown[seed % len(shown)]) for seed in seeds), options.jobs):
        each.append(one)
        progress.step(len(each), options.clips, "filming and spotting")
    used = {"seeds": [seeds[0], seeds[-1]], "half": options.half, "faces": min(len(shown), options.clips)}
    return [used | spotting.figures(each)]


def in_words(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    return f"{found['faces']} faces of the {found['half']} half\n{spotting.in_words(found)}"


def _rgb(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2))
