"""What was recognised in each picture, kept while the picture is on the page."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from engine.charts.picture import fit_to_screen
from engine.errors import UserError
from engine.recognition.photo import FaceResult, recognise
from pages.views.common.guard import unexpected_error
from pages.views.common.page_state import page_state
from pages.views.common.picture_sources import Picture


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


def _known() -> dict[tuple[str, str, str], Answer]:
    return page_state("Photo", "answers")


def _answer(data: bytes, model: str, enhance: str) -> Answer:
    try:
        result = recognise(data, model, enhance)
    except UserError as error:
        return Answer(error=error)
    except Exception:
        # One picture's accident must not cost the others their answers.
        return Answer(error=unexpected_error())
    small, scale = fit_to_screen(result.picture)
    # Compressed, so that many large pictures do not fill the memory.
    preview = io.BytesIO()
    Image.fromarray(small).save(preview, "JPEG", quality=90)
    return Answer(result.faces, scale=scale, _preview=preview.getvalue())
