"""Model cards: what a set of weights is, how it was made, what it reached, and what may not be done with it."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine import settings
from engine.below import reason
from engine.errors import ModelError
from engine.kept import fits, read_json

INTENDED_USE = (
    "Naming the expression shown in photos of consenting people.",
    "Learning and teaching how expression recognition works and how far it can be trusted.",
    "A second look at recordings by people who know the person, together with other information.",
)

FORBIDDEN_USE = (
    "Diagnosis or any other medical decision by this output.",
    "Lie detection, hiring, credit, policing or border control.",
    "Watching pupils or staff: the EU AI Act, Article 5(1)(f), forbids inferring emotions at work and in education, "
    "except for medical or safety reasons.",
    "Concluding what a person feels: the output names the expression shown.",
)

LIMITS = (
    "One picture, one moment: expressions unfold in time and mean different things in different settings.",
    "Trained on pictures from web search, labelled by strangers; the labels are noisy and the faces are not a fair "
    "sample of ages, skin tones, cultures or conditions.",
    "Not validated on autistic people, on people with facial palsy, or on children.",
    "Weaker on small, blurred, dark, covered or turned faces; the quality warnings name what was found.",
    "Fear, disgust and sadness are confused more often than happiness and surprise: see the confusion matrix.",
)

ENHANCEMENT, CLIP = "enhancement", "clip"
"""Kinds of cards: weights that answer with a picture, and weights that name the expression of a clip."""

_NEEDED = {"name": str, "title": str, "files": {str: str}}
ANSWERING = {
    "labels": [str],
    "threshold": ({"by_expression": {str: float}}, {"value": float}),
}
"""What answers are read by, and its form: see `engine.kept`."""

_NUMBERS = re.compile(r"\[[\d\s,.eE+-]+\]")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(wanted: str | None, first: str) -> tuple[str, ...]:
    """Return the names of the shipped weights of a kind (see `kind`), one of them first, the others in order."""
    found = {path.parent.name for path in settings.WEIGHTS_FOLDER.glob("*/card.json") if kind(path.parent) == wanted}
    return tuple(sorted(found, key=lambda name: (name != first, name)))


def is_shipped(name: str, wanted: str | None) -> bool:
    """Tell whether a name is one of `names`, without going through all of them."""
    path = settings.WEIGHTS_FOLDER / name / "card.json"
    try:
        return path.parent.name == name and _kind(path, path.stat().st_mtime_ns) == wanted
    except (OSError, ValueError):  # there is none, or no file may be called so
        return False


def read(folder: Path) -> dict[str, Any]:
    """Read a model folder's card.

    Raises
    ------
    ModelError
        For a card that is missing, unreadable, or lacks what answering needs.
    """
    path = folder / "card.json"
    remedy = "Put the shipped folder back, or train the model again with the command in the README."
    try:
        card = read_json(path)
        if not isinstance(card, dict):
            raise ValueError("it is no card")
    except (OSError, ValueError) as error:
        raise ModelError(f"The card of model {folder.name} cannot be read ({reason(error)}).", remedy) from error
    needed = _NEEDED if card.get("kind") == ENHANCEMENT else _NEEDED | ANSWERING
    if lacks := [key for key, form in needed.items() if key not in card or not fits(card[key], form)]:
        raise ModelError(f"The card of model {folder.name} does not tell its {' and '.join(lacks)}.", remedy)
    return card


def thresholds(card: dict[str, Any]) -> dict[str, float]:
    """Return the lowest probability at which each of a model's expressions counts as decided.

    Older cards tell one for all. Empty where a card tells none, as those of learners and cross-validations.
    """
    told = card.get("threshold") or {}
    if fits(told, {"by_expression": {str: float}}):
        return dict(told["by_expression"])
    return {label: told["value"] for label in card.get("labels", ())} if told else {}


def weights(folder: Path, card: dict[str, Any]) -> Path:
    """Return where a model's ``model.onnx`` lies, which is the file that its card describes.

    Raises
    ------
    ModelError
        Where it is missing, or has not the SHA-256 that the card names.
    """
    path = folder / "model.onnx"
    remedy = "Put the shipped file back, or train the model again with the command in its card."
    if not path.is_file():
        raise ModelError(f"Model {card['name']} lacks its file model.onnx.", remedy)
    files = card["files"]
    told = str(files.get("model.onnx", "none")) if isinstance(files, dict) else "none"
    if (found := digest(path)) != told:
        raise ModelError(
            f"model.onnx of {card['name']} is not the file that its card describes (SHA-256 {found[:12]}…, card "
            f"{told[:12]}…).",
            remedy,
        )
    return path


def kind(folder: Path) -> str | None:
    """Return what a card says its weights are for; None for naming the expression of a face crop, as most are.

    A damaged card counts as one of these: it is listed, and said to be damaged.
    """
    path = folder / "card.json"
    try:
        return _kind(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _kind(path: Path, _: int) -> str | None:
    # Cards hold whole training curves: the shipped ones take 5 ms to read, a third of a photo's time. The number is the
    # time when the file was written.
    try:
        card = read_json(path)
    except (OSError, ValueError):
        return None
    kind = card.get("kind") if isinstance(card, dict) else None
    return kind if isinstance(kind, str) else None


def write(folder: Path, card: dict[str, Any]) -> None:
    """Write a model folder's card, with the digests of the files that stand beside it."""
    files = ("model.onnx", "model.keras", "plastic_head.npz")
    card["files"] = {name: digest(folder / name) for name in files if (folder / name).is_file()}
    (folder / "card.json").write_text(as_text(card), encoding="utf-8")


def as_text(card: dict[str, Any]) -> str:
    """Return a card as JSON to read: an entry a line, but a list of numbers, such as a curve, on one line."""
    text = json.dumps(card, indent=1, ensure_ascii=False)
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[0][1:-1].split())}]", text) + "\n"
