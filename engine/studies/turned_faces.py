"""Are faces read right that lie on their side or stand on their head? Pictures turned by every 15 degrees.

Each picture is enlarged, set into a frame of its border's mean colour and turned; then the whole way from photo to
answer is gone. Counted are, of those whose label was given when upright, how many keep it at each angle.
"""

import argparse
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from engine import datasets
from engine.arguments import add_data
from engine.datasets.units import unit_of
from engine.errors import DataError
from engine.recognition.photo import recognise_picture
from engine.tasks import Progress
from engine.words import columns

SIDE, FRAME = 240, 480  # pixels: of the enlarged picture and of the frame
STEP_DEG = 15


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    """Enlarge a picture and set it, turned clockwise, into the middle of a frame of its border's mean colour.

    Parameters
    ----------
    picture
        ``(height, width)`` or ``(height, width, 3)`` uint8.
    degrees
        By how much.

    Returns
    -------
    numpy.ndarray
        ``(480, 480, 3)`` uint8.
    """
    colour = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    large = cv2.resize(colour, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    border = np.concatenate([large[0], large[-1], large[:, 0], large[:, -1]]).mean(axis=0)
    # OpenCV turns counterclockwise.
    transform: np.ndarray = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), -degrees, 1.0)
    transform[:, 2] = transform[:, 2] + (FRAME - SIDE) / 2
    return cv2.warpAffine(large, transform, (FRAME, FRAME), flags=cv2.INTER_LINEAR, borderValue=border.tolist())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    add_data(parser)
    parser.add_argument("--model", metavar="NAME", help="a shipped model (default: the default one)")
    parser.add_argument("--pictures", type=int, default=200, metavar="N", help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=0, help="which; no two are copies of each other (default: 0)")


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Count at every angle what became of the faces that were right when upright."""
    data = datasets.read(options.data)
    drawn = np.random.default_rng(options.seed).permutation(len(data))[: 2 * options.pictures]
    pictures = [data.pictures[row] for row in drawn]
    _, first = np.unique(unit_of(data, drawn, pictures), return_index=True)
    chosen = np.sort(first)[: options.pictures]
    angles = range(0, 360, STEP_DEG)
    counts = {angle: dict.fromkeys(("right", "wrong", "wrong_decided", "undecided", "missed"), 0) for angle in angles}
    upright = 0
    for number, at in enumerate(chosen):
        progress.step(number, len(chosen), "turning faces")
        label = str(data.labels[drawn[at]])
        for angle in angles:
            answers = recognise_picture(turned(pictures[at], angle), options.model).faces
            if angle == 0:
                if not answers or answers[0].expression != label:
                    break
                upright += 1
            counts[angle][_fate(answers[0] if answers else None, label)] += 1
            if answers and answers[0].expression != label and answers[0].decided:
                counts[angle]["wrong_decided"] += 1
    if not upright:
        raise DataError(f"None of {len(chosen)} pictures of {data.name} is read right.", "Choose another set.")
    yield {
        "data": data.name,
        "pictures": len(chosen),
        "upright": upright,
        "seed": options.seed,
        "angles": {
            angle: {fate: count / upright for fate, count in counted.items()} for angle, counted in counts.items()
        },
    }


def _fate(answer: Any, label: str) -> str:
    if answer is None:
        return "missed"
    if answer.face.quality.unreadable:
        return "undecided"
    return "right" if answer.expression == label else "wrong"


def in_words(found: dict[str, Any]) -> str:
    """Return a line an angle, and the worst of all."""
    fates = {
        "right": "right",
        "wrong": "another answer",
        "wrong_decided": "wrong and decided",
        "undecided": "tilt left open",
        "missed": "not found",
    }
    lines = [["degrees", *fates.values()]]
    for angle, row in found["angles"].items():
        lines.append([str(angle), *(f"{100 * row[fate]:.1f} %" for fate in fates)])
    rows = [row for angle, row in found["angles"].items() if int(angle)]
    worst, wrong = min(row["right"] for row in rows), max(row["wrong_decided"] for row in rows)
    about = (
        f"{found['data']}, {found['pictures']} pictures, {found['upright']} of them right when upright. "
        f"At the worst angle {100 * worst:.1f} % are still right; at most {100 * wrong:.1f} % are wrong and decided."
    )
    return "\n".join([about, *columns(lines, ">")])
