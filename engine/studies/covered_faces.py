"""Whether it is seen that something covers a face, and the training of the network that looks for it.

Faces are learnt from, tuned on and reported on by group of copies. What they are covered with to measure, shapes and
textures, is of other kinds than what was learnt from; then the face is found anew, as in anybody's photo.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from skimage import data as pictures_of_skimage

from engine import datasets
from engine.arguments import add_data
from engine.datasets.face_set import FaceSet
from engine.datasets.units import unit_of
from engine.errors import DataError
from engine.faces.align import crop_transform
from engine.faces.covering import covering
from engine.faces.sampling import REPLICATE, warp_square
from engine.faces.turned import look_for_faces
from engine.settings import CROP_SIZE
from engine.synthetic.coverings import REGIONS, cover
from engine.tasks import Progress
from engine.words import columns

PARTS = {"learning": 0.7, "tuning": 0.1, "report": 0.2}
ENLARGED, BORDER = 4, 80  # times, and pixels around: tight crops have no room for the face detector
FINE = 240  # pixels: the side of the crop that a covering is drawn upon
EXPECTED = {"eyes": "eyes", "mouth": "mouth", "half": "eyes"}
"""The region that is to be named, by what is hidden."""
TEXTURES = ("brick", "grass", "gravel", "coffee", "chelsea", "rocket", "page", "coins", "moon", "hubble_deep_field")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser)
    parser.add_argument("--pictures", type=int, default=600, metavar="N", help="bare faces a part (default: 600)")
    parser.add_argument("--part", choices=("tuning", "report"), default="report", help="what is measured on")
    parser.add_argument("--seed", type=int, default=1, help="of every draw (default: 1)")
    parser.add_argument("--train", type=Path, metavar="FILE", help="train the network first and write it there")


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Train where that is asked for; else measure hits and false alarms."""
    data = datasets.read(options.data)
    part = parts(data, options.seed)
    random = np.random.default_rng(options.seed)
    if options.train is not None:
        # Not above: TensorFlow comes along.
        from engine.training.covering import MARGIN, CoveringConfiguration, export, train

        bare = _bare(data, np.flatnonzero(part == "learning"), MARGIN, progress)
        export(train(bare, CoveringConfiguration(seed=options.seed)), options.train)
        yield {"data": data.name, "trained_on": len(bare), "file": str(options.train)}
        return
    yield measure(data, random.permutation(np.flatnonzero(part == options.part)), options.pictures, random, progress)


def parts(data: FaceSet, seed: int) -> np.ndarray:
    """Return which of `PARTS` each picture belongs to, copies to the same: (n,) str.

    What a set holds out for a last test, or knows as a copy of that, belongs to none.
    """
    rows = np.arange(len(data))
    units = unit_of(data, rows)
    drawn = np.random.default_rng(seed).choice(list(PARTS), units.max() + 1, p=list(PARTS.values()))[units]
    if data.split is not None and "training" in data.split:
        drawn[data.split != "training"] = ""
    return drawn


def measure(
    data: FaceSet, rows: np.ndarray, count: int, random: np.random.Generator, progress: Progress
) -> dict[str, Any]:
    """Count hits on covered faces and false alarms on the same ones bare.

    Returns
    -------
    dict
        ``bare``, ``false_alarms`` (share); for each of `REGIONS` how many were found ``covered``, ``lost`` (not found
        any more, so that nothing is said of them), ``seen`` (some region is named) and ``named`` (the right one is).
    """
    textures = [_colour(getattr(pictures_of_skimage, name)()) for name in TEXTURES]
    counted = {region: {"covered": 0, "lost": 0, "seen": 0, "named": 0} for region in REGIONS}
    bare = alarms = 0
    for row in rows:
        if bare >= count:
            break
        progress.step(bare, count, "covering faces")
        picture = _with_room(data.pictures[row])
        looks = look_for_faces(picture)
        if not looks:
            continue
        alarms += bool(covering(picture, looks[0].landmarks.points).regions)
        region = REGIONS[bare % len(REGIONS)]
        bare += 1
        hidden = _covered(picture, looks[0].landmarks.points, region, random, textures)
        again = look_for_faces(hidden)
        if not again:
            counted[region]["lost"] += 1
            continue
        found = covering(hidden, again[0].landmarks.points).regions
        counted[region]["covered"] += 1
        counted[region]["seen"] += bool(found)
        counted[region]["named"] += EXPECTED[region] in found
    if not bare:
        raise DataError(f"{data.name} has no picture to measure on.", "Choose another set.")
    return {"data": data.name, "bare": bare, "false_alarms": alarms / bare, "regions": counted}


def in_words(found: dict[str, Any]) -> str:
    """Return the hits as a table, or where the network was written to."""
    if "file" in found:
        return f"{found['file']}: trained on {found['trained_on']} faces of {found['data']}"
    lines = [["hidden", "found", "seen to be covered", "region named", "no face found"]]
    for region, row in found["regions"].items():
        shares = (f"{100 * row[key] / max(row['covered'], 1):.1f} %" for key in ("seen", "named"))
        lines.append([region, str(row["covered"]), *shares, str(row["lost"])])
    about = f"{found['data']}, {found['bare']} bare faces: false alarms {100 * found['false_alarms']:.1f} %"
    return "\n".join([about, *columns(lines, ">")])


def _colour(picture: np.ndarray) -> np.ndarray:
    return picture[..., :3] if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)


def _with_room(picture: np.ndarray) -> np.ndarray:
    large = cv2.resize(_colour(picture), None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(large, BORDER, BORDER, BORDER, BORDER, cv2.BORDER_REPLICATE), np.uint8)


def _covered(
    picture: np.ndarray, points: np.ndarray, region: str, random: np.random.Generator, textures: list[np.ndarray]
) -> np.ndarray:
    """Draw a covering of unseen kinds upon the aligned face, and set that back into the picture."""
    transform = crop_transform(points, FINE)
    crop, hidden = cover(warp_square(picture, transform, FINE, REPLICATE), region, "unseen", random, textures)
    size = picture.shape[1::-1]
    drawn, mask = cv2.warpAffine(crop, transform, size), cv2.warpAffine(hidden, transform, size)
    return np.where(mask[..., None] > 0.02, drawn, picture)


def _bare(data: FaceSet, rows: np.ndarray, margin: int, progress: Progress) -> np.ndarray:
    """Return bare faces (m, side, side, 3) with a margin: gray crops as they are, of other pictures the face found."""
    side = CROP_SIZE + 2 * margin
    gray, found = [], []
    for number, row in enumerate(rows):
        progress.step(number, len(rows), "finding faces")
        picture = data.pictures[row]
        if picture.shape == (CROP_SIZE, CROP_SIZE):
            gray.append(np.pad(_colour(picture), ((margin, margin), (margin, margin), (0, 0)), mode="edge"))
        elif looks := look_for_faces(_with_room(picture)):
            points = (looks[0].landmarks.points[:, :2] - BORDER) / ENLARGED
            transform = crop_transform(points)
            transform[:, 2] -= transform[:, :2] @ (margin, margin)
            found.append(warp_square(_colour(picture), transform, side, REPLICATE, oversampling=2))
    # Most pictures that people have are in colour.
    bare = [*found, *(gray[:: max(1, len(gray) // len(found))] if found else gray)]
    if not bare:
        raise DataError(f"{data.name} has no picture to learn from.", "Choose another set.")
    return np.stack(bare)
