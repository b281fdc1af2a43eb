"""What was recognised in each picture, kept while the picture is on the page: in one table, and as files."""

import io
import json
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from engine.charts.picture import fit_to_screen
from engine.errors import UserError
from engine.faces.network import one_thread
from engine.models.shipped import ShippedModel
from engine.recognition.photo import FaceResult, recognise
from engine.records.frames import HALVES, MEASURED, measured_cells
from engine.sheets import csv_file
from engine.tasks.slots import Turns
from engine.words import counted
from pages.views.common.downloads import download_button
from pages.views.common.guard import unexpected_error
from pages.views.common.page_state import page_state
from pages.views.common.picture_sources import Picture

TURNS = Turns(lambda: os.cpu_count() or 1)
"""Of all visitors' photos: a core each, and answers before explanations."""
ANSWERING, EXPLAINING = 0, 1

_ROW, _ROWS = 35, 8
"""Height of a row in pixels, and how many are seen at once."""


@dataclass(frozen=True)
class Answer:
    """One picture's answer.

    Attributes
    ----------
    faces
        Largest first; empty where none was found or the picture could not be read.
    error
        Why the picture could not be read, None if it could.
    scale
        Pixels of the preview for one of the picture.
    """

    faces: tuple[FaceResult, ...] = ()
    error: UserError | None = None
    scale: float = 1.0
    _preview: bytes = b""

    def preview(self) -> np.ndarray:
        """Return the picture, not larger than a screen: (height, width, 3) uint8 RGB."""
        return np.asarray(Image.open(io.BytesIO(self._preview)))


def forget_all_but(pictures: Sequence[Picture]) -> None:
    """Drop the answers for pictures that have left the page."""
    here = {picture.digest for picture in pictures}
    for key in [key for key in _known() if key[0] not in here]:
        del _known()[key]


def answer_all(pictures: Sequence[Picture], model: str, enhance: str = "none") -> list[Answer]:
    """Answer for each picture, in order, recognising each only once a model and low-light enhancement."""
    known = _known()
    missing = {picture.digest: picture for picture in pictures if (picture.digest, model, enhance) not in known}
    if missing:
        progress = st.progress(0.0, "Looking for faces")
        for done, picture in enumerate(missing.values()):
            progress.progress(done / len(missing), f"Looking for faces: picture {done + 1} of {len(missing)}")
            known[picture.digest, model, enhance] = _answer(picture.data, model, enhance)
        progress.empty()
    return [known[picture.digest, model, enhance] for picture in pictures]


@contextmanager
def turn(rank: int) -> Iterator[None]:
    """Wait for a photo's turn, of rank `ANSWERING` or `EXPLAINING`; it uses all cores while nobody else waits."""
    with TURNS.taken(rank) as alone, nullcontext() if alone else one_thread():
        yield


def _known() -> dict[tuple[str, str, str], Answer]:
    return page_state("Photo", "answers")


def _answer(data: bytes, model: str, enhance: str) -> Answer:
    try:
        with turn(ANSWERING):
            result = recognise(data, model, enhance)
            # Compressed, so that many large pictures do not fill the memory.
            preview, (small, scale) = io.BytesIO(), fit_to_screen(result.picture)
            Image.fromarray(small).save(preview, "JPEG", quality=90)
    except UserError as error:
        return Answer(error=error)
    except Exception:
        # One picture's accident must not cost the others their answers.
        return Answer(error=unexpected_error())
    return Answer(result.faces, scale=scale, _preview=preview.getvalue())


def show_summary(names: Sequence[str], answers: Sequence[Answer]) -> None:
    """Count, and show a row a face; a picture without faces or with an error has one row too.

    A single row would only repeat what stands below it, and is not shown.
    """
    if sum(max(1, len(answer.faces)) for answer in answers) < 2:
        return
    unread = sum(answer.error is not None for answer in answers)
    empty = sum(answer.error is None and not answer.faces for answer in answers)
    st.markdown(
        f"**{counted(len(answers), 'picture')}, {counted(sum(len(answer.faces) for answer in answers), 'face')}**"
        + (f", {empty} without a face" if empty else "")
        + (f", {unread} not read" if unread else "")
    )
    rows = []
    for name, answer in zip(names, answers, strict=True):
        if answer.error is not None:
            rows.append({"picture": name, "answer": answer.error.what})
        elif not answer.faces:
            rows.append({"picture": name, "answer": "no face found"})
        for number, face in enumerate(answer.faces, 1):
            rows.append(
                {
                    "picture": name,
                    "face": number,
                    "answer": face.answer,
                    "most probable": face.expression,
                    # Cut off, not rounded: 99.98 % is no certainty.
                    "probability": math.floor(1000 * face.certainty) / 10,
                    "warnings": ", ".join(check.name for check in face.face.quality.checks),
                }
            )
    st.dataframe(
        rows,
        hide_index=True,
        height=_ROW * (min(len(rows), _ROWS) + 1) + 3,
        column_config={
            "picture": None if len(names) == 1 else st.column_config.TextColumn(),
            "probability": st.column_config.NumberColumn(format="%.1f %%"),
        },
        placeholder="–",
        alt="All answers, one row a face",
    )


def download_buttons(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> None:
    """Offer the answers as CSV, a row a face, and as JSON, in the form of ``python -m engine classify --json``."""
    with st.container(horizontal=True):
        for kind, write in (("CSV", as_csv), ("JSON", as_json)):
            data = write(names, answers, model)
            download_button(f"Download {kind}", data, f"photo.{kind.lower()}", f"photo {kind}")


def as_json(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> str:
    """Return one object: the model, and a list of pictures with ``file``, ``faces`` and ``error``."""
    pictures = [
        {
            "file": name,
            "faces": [face.as_json() for face in answer.faces],
            "error": None if answer.error is None else str(answer.error),
        }
        for name, answer in zip(names, answers, strict=True)
    ]
    head = {"name": model.name, "title": model.title, "thresholds": model.thresholds}
    return json.dumps({"model": head, "pictures": pictures}, indent=1, ensure_ascii=False) + "\n"


def as_csv(names: Sequence[str], answers: Sequence[Answer], model: ShippedModel) -> bytes:
    """Return a row a face; a picture without faces or with an error has one row too.

    Action units, head and gaze stand under OpenFace's names, as in the frames of a recording.
    """
    rows: list[dict[str, Any]] = []
    for name, answer in zip(names, answers, strict=True):
        file = {"file": name, "model": model.name, "error": "" if answer.error is None else str(answer.error)}
        if not answer.faces:
            rows.append(file)
        for number, face in enumerate(answer.faces, 1):
            plain = face.as_json()
            box = dict(zip(("x", "y", "width", "height"), plain["box"], strict=True))
            shares = {f"p_{label}": value for label, value in plain["probabilities"].items()}
            quality = {f"quality_{key}": value for key, value in plain["quality"].items() if key != "checks"}
            quality["warnings"] = " ".join(check.sentence for check in face.face.quality.checks)
            answered = {"expression": plain["expression"], "decided": plain["decided"]}
            if "enhanced" in plain:
                answered["enhanced"] = plain["enhanced"]
            rows.append({**file, "face": number, **box, **answered, **shares, **quality, **_measured(face)})
    columns = [*dict.fromkeys(column for row in rows for column in row if column != "error"), "error"]
    return csv_file(columns, rows)


def _measured(face: FaceResult) -> dict[str, Any]:
    units, held = face.units, face.face.quality
    if units is None:
        return {}
    strength = np.full_like(units.strength, np.nan) if units.unread else units.strength
    pose = np.array([[held.yaw_deg, held.pitch_deg, held.roll_deg]])
    (measured,), (halves,) = measured_cells(units.gaze_deg[None], pose, strength[None], units.told, rested=False)
    return dict(zip((*MEASURED, *HALVES), (*measured, *halves), strict=True))
