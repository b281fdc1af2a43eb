"""How well action units are read: on drawn people, whose truth is known, and on labelled real faces.

Drawn people go the whole way from pictures to a recording's frames; a unit's intensity is correlated with the truth
over all frames, and it counts as present from a true intensity of 1. The people that the weights were learnt from
(``--fit``) have seeds below 100, those that are reported from 10,000 on. Lips part also where the jaw drops, so that
unit 25 is true there as well.

Of real faces nobody knows the units, only what the field agrees on: `engine.training.action_units.AGREED`. Half of the
pictures, by group of copies, is learnt from and chosen by; the other half is reported: how well each unit tells those
expressions in which it is surely expected from those in which it is not at all (area under the ROC curve), and how well
units together tell an expression from all others.
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import datasets
from engine.arguments import add_jobs
from engine.datasets.crops import whole_crop
from engine.datasets.duplicates import find_copies
from engine.datasets.face_set import FaceSet, Pictures
from engine.errors import DataError, ImageError
from engine.faces.find import find_faces
from engine.faces.gaze import RADIUS_MM
from engine.faces.landmarks import find_landmarks, follow_landmarks, is_face
from engine.features.action_units import NUMBERS, STRONGEST, UNITS, Describer, intensity, is_present, read, told
from engine.features.aligned_face import AlignedFace, align_face
from engine.features.face_shape import mean_shape
from engine.recognition.video.analysing import analyse_frames
from engine.synthetic import synthetic_clip
from engine.synthetic.clip import SyntheticClip
from engine.synthetic.truth import random_units
from engine.tasks import SILENT, Progress
from engine.tasks.pools import in_order
from engine.training.action_units import Drawn, Real, agreed, fit
from engine.words import columns

HELD_BACK = 10_000
LEARNT_FROM = 60
"""People with seeds below it are what the weights were learnt from."""

_MOVING = tuple(number for number in NUMBERS if number != 45)
_SECONDS, _FPS = 14.0, 30
_EVERY, _RESTING = 5, 36  # frames; in the first nothing moves
_ENLARGED, _BORDER = 4, 80  # of small pictures, so that a face that fills them is found
_SMALL = 160  # pixels
SURELY = 2.0  # mean intensity from which a unit is expected in an expression
TOGETHER = {
    "happy": (12,),
    "surprise": (1, 2, 5, 25, 26),
    "angry": (4,),
    "disgust": (9, 10),
    "sad": (15,),
}
"""Units whose sum tells an expression from all others."""


def drawn_clip(seed: int) -> SyntheticClip:
    """Return a clip of one person whose units come and go on their own."""
    return synthetic_clip(seed, duration_s=_SECONDS, fps=_FPS, events=random_units(seed, _SECONDS, _MOVING))


def truth(clip: SyntheticClip, numbers: Iterable[int]) -> NDArray[np.float64]:
    """Return the true intensity of each unit in some frames, (n, units), 0 to 5."""
    rows = []
    for number in numbers:
        strengths = clip.strengths(number) | {45: clip.closure(number)}
        strengths[25] = max(strengths.get(25, 0.0), strengths.get(26, 0.0))
        rows.append([5 * strengths.get(unit, 0.0) for unit in NUMBERS])
    return np.array(rows).reshape(-1, len(NUMBERS))


def halves(faces: FaceSet, rows: NDArray, seed: int = 0) -> NDArray[np.bool_]:
    """Return which pictures are learnt from: half of the groups of copies."""
    crops = np.stack([whole_crop(faces.pictures[row]) for row in rows])
    group = faces.group[rows] if faces.group is not None else find_copies(crops).group
    names = np.unique(group)
    return np.isin(group, np.random.default_rng(seed).permutation(names)[: len(names) // 2])


def samples(pictures: Pictures, progress: Progress = SILENT) -> tuple[NDArray[np.int64], list[AlignedFace], NDArray]:
    """Return the rows of the pictures in which a face is found, those faces, and their points (m, 468, 3)."""
    rows, found, points = [], [], []
    for row in range(len(pictures)):
        progress.step(row, len(pictures), "looking for faces")
        try:
            picture = _roomy(pictures[row])
        except ImageError:
            continue
        boxes = find_faces(picture)
        if not boxes:
            continue
        largest = max(boxes, key=lambda each: each.box[2])
        landmarks = find_landmarks(picture, largest)
        if is_face(largest, landmarks):
            rows.append(row)
            found.append(align_face(picture, landmarks, 0.0))
            points.append(landmarks.points)
    if not rows:
        raise DataError("In none of the pictures a face was found.", "Give pictures of faces.")
    return np.array(rows), found, np.array(points)


def _roomy(picture: np.ndarray) -> np.ndarray:
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    if max(rgb.shape[:2]) > _SMALL:
        return np.ascontiguousarray(rgb)
    large = cv2.resize(rgb, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    return cv2.copyMakeBorder(large, _BORDER, _BORDER, _BORDER, _BORDER, cv2.BORDER_REPLICATE)


def measure_real(faces: FaceSet, progress: Progress = SILENT) -> dict[str, Any]:
    """Return how well units tell expressions apart, on the half of a set that nothing was learnt from."""
    rows, found, _ = samples(faces.pictures, progress)
    reported = ~halves(faces, rows)
    labels = faces.labels[rows][reported]
    strength = np.array([intensity(read(face)) for face, kept in zip(found, reported, strict=True) if kept])
    both = strength.mean(axis=2)
    units = {}
    for row, number in enumerate(NUMBERS):
        expected = agreed(number, labels)
        shows, not_at_all = expected >= SURELY, expected == 0
        known = shows | not_at_all
        units[str(number)] = {
            "auc": _auc(shows[known], both[known, row]),
            "present": float(is_present(both, rested=False)[shows, row].mean()) if shows.any() else None,
        }
    together = {}
    for label, numbers in TOGETHER.items():
        score = both[:, [NUMBERS.index(number) for number in numbers]].sum(axis=1)
        together[label] = {"units": list(numbers), "auc": _auc(labels == label, score)}
    return {"what": "real", "data": faces.name, "pictures": int(reported.sum()), "units": units, "together": together}


def _auc(true: NDArray, score: NDArray) -> float | None:
    """Return the area under the ROC curve: how often one that is true scores above one that is not."""
    from scipy.stats import rankdata

    positive, negative = int(true.sum()), int((~true).sum())
    if not positive or not negative:
        return None
    ranks = rankdata(score)
    return float((ranks[true].sum() - positive * (positive + 1) / 2) / (positive * negative))


def measure_drawn(people: int, seed: int = HELD_BACK, jobs: int = 1, progress: Progress = SILENT) -> dict[str, Any]:
    """Return how well units and gaze are told of recordings of drawn people, beside their own rest.

    Of whom no rest is found nothing is told beside it: they are left out, and counted.
    """
    if people < 1:
        raise DataError(f"{people} people are none.", "Ask for at least 1.")
    each = []
    for number, one in enumerate(in_order(analyse_drawn, range(seed, seed + people), jobs), 1):
        if one is not None:
            each.append(one)
        progress.step(number, people, "reading drawn people")
    if not each:
        raise DataError(f"Of {people} drawn people from seed {seed} on no rest was found.", "Choose another seed.")
    seen, true, looked, looks = (np.concatenate(part) for part in zip(*each, strict=True))
    units = {}
    for row, number in enumerate(NUMBERS):
        present = true[:, row] >= 1
        called = is_present(seen, rested=True)[:, row]
        units[str(number)] = {
            "correlation": float(np.corrcoef(seen[:, row], true[:, row])[0, 1]),
            "f1": float(2 * (present & called).sum() / max(present.sum() + called.sum(), 1)),
            "present": float(present.mean()),
        }
    read = ~np.isnan(looked[:, 0])
    gaze = {
        name: float(np.corrcoef(looked[read, axis], looks[read, axis])[0, 1])
        for axis, name in enumerate(("across", "down"))
    }
    error = float(np.abs(looked[read] - looks[read]).mean())
    gaze_told = {"correlation": gaze, "error_deg": error, "read": float(read.mean())}
    left_out = people - len(each)
    return {
        "what": "drawn",
        "people": len(each),
        "without_rest": left_out,
        "frames": len(true),
        "units": units,
        "gaze": gaze_told,
    }


def analyse_drawn(seed: int) -> tuple[NDArray, ...] | None:
    """Return what a recording of a drawn person is said to show, and what it does.

    Returns
    -------
    tuple or None
        (n, units) intensities; the same in truth; (n, 2) gaze in degrees less the person's own median; the same in
        truth. None where no rest of this person is found.
    """
    clip = drawn_clip(seed)
    found = analyse_frames(clip.frames(), "drawn")
    track = max(found.tracks, key=lambda track: len(track.frame), default=None)
    if track is None or not track.units_rested:
        return None
    seen = np.nan_to_num(np.clip(track.units, 0, STRONGEST).mean(axis=2))
    moved = np.array([clip.actors[0].gaze.at(clip.time_s(number)) for number in track.frame.tolist()])
    looks = np.degrees(np.arcsin(np.clip(moved / RADIUS_MM, -1, 1)))
    return (
        seen,
        truth(clip, track.frame.tolist()),
        *(each - np.nanmedian(each, axis=0) for each in (track.gaze_deg, looks)),
    )


def describe_drawn(seed: int, neutral: NDArray) -> tuple[NDArray, NDArray]:
    """Return every fifth frame of a drawn person beside the person's rest, as `Drawn` has them, and the truth."""
    describer, clip = Describer(neutral), drawn_clip(seed)
    rest, moving, numbers, points = [], [], [], None
    for number in (*range(3, _RESTING, 7), *range(_RESTING, clip.count, _EVERY)):
        picture = clip.picture(number)
        if points is None:
            if not (boxes := find_faces(picture)):
                continue
            points = find_landmarks(picture, boxes[0]).points
        points = follow_landmarks(picture, points).points
        landmarks = follow_landmarks(picture, points)
        points = landmarks.points
        described = describer(align_face(picture, landmarks, 0.0))
        if number < _RESTING:
            rest.append(described)
        else:
            moving.append(described)
            numbers.append(number)
    return np.array(moving) - np.mean(rest, axis=0), truth(clip, numbers)


def learn(faces: FaceSet, file: Path, people: int = LEARNT_FROM, progress: Progress = SILENT) -> None:
    """Learn the average face and both sets of weights, and write them."""
    rows, found, points = samples(faces.pictures, progress)
    used, labels = halves(faces, rows), faces.labels[rows]
    neutral = mean_shape(points[used & (labels == "neutral")])
    describer = Describer(neutral)
    real = Real(
        np.array([describer(face) for face, kept in zip(found, used, strict=True) if kept]), labels[used].astype(str)
    )
    drawn = []
    for seed in range(people):
        progress.step(seed, people, "drawing people")
        drawn.append(describe_drawn(seed, neutral))
    parts = [np.concatenate(part) for part in zip(*drawn, strict=True)]
    weights: dict[str, Any] = fit(Drawn(*parts), real)
    np.savez_compressed(file, neutral=neutral.astype(np.float32), **weights)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the study's arguments."""
    parser.add_argument(
        "--data", metavar="PATH|NAME", help="labelled real faces, or the name of an imported set (default: none)"
    )
    parser.add_argument("--people", type=int, default=24, help="how many drawn people, 0 for none (default: 24)")
    parser.add_argument("--seed", type=int, default=HELD_BACK, help="of the first (default: %(default)s)")
    parser.add_argument("--fit", type=Path, metavar="FILE", help="learn the weights from --data and write them here")
    add_jobs(parser)


def run(options: argparse.Namespace, progress: Progress) -> Iterator[dict[str, Any]]:
    """Learn, or measure."""
    if options.fit is not None:
        if options.data is None:
            raise DataError("Weights are learnt from real faces, too.", "Name some: --data PATH.")
        learn(datasets.read(options.data), options.fit, progress=progress)
        yield {"what": "learnt", "file": str(options.fit)}
        return
    if options.people:
        yield measure_drawn(options.people, options.seed, options.jobs, progress)
    if options.data is not None:
        yield measure_real(datasets.read(options.data), progress)


def in_words(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    if found["what"] == "learnt":
        return f"The weights stand in {found['file']}."
    drawn = found["what"] == "drawn"
    names = ("correlation", "f1") if drawn else ("auc",)
    table = [["unit", "", *names, "told"]]
    kept = told(rested=drawn)
    for row, unit in enumerate(UNITS):
        figures = (found["units"][str(unit.number)][name] for name in names)
        said = ("-" if figure is None else f"{figure:.2f}" for figure in figures)
        table.append([f"AU{unit.number}", unit.words, *said, "yes" if kept[row] else "no"])
    if drawn:
        gaze = found["gaze"]
        head = f"{found['people']} drawn people, {found['frames']:,} frames, beside their own rest"
        if found["without_rest"]:
            head += f"; of {found['without_rest']} more no rest was found"
        last = [
            f"gaze: correlation {gaze['correlation']['across']:.2f} across, {gaze['correlation']['down']:.2f} down, "
            f"mean error {gaze['error_deg']:.1f}°, told in {gaze['read']:.0%} of the frames"
        ]
    else:
        head = f"{found['data']}, {found['pictures']:,} real faces, without a rest"
        last = [
            f"{label} from all others by {' + '.join(f'AU{unit}' for unit in each['units'])}: AUC {each['auc']:.3f}"
            for label, each in found["together"].items()
            if each["auc"] is not None
        ]
    return "\n".join([head, *columns(table, ">"), *last])
