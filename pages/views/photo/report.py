"""A photo's report, and its result as a picture."""

import re

import cv2
import numpy as np
import streamlit as st

from engine.charts.result_card import result_card
from engine.recognition.analysis import Analysis
from engine.recognition.photo import FaceResult
from engine.records.report import LEAD, Reported, of_recording
from pages.views.common.answer_words import face_headline
from pages.views.common.downloads import download_button
from pages.views.common.report import ask_for_words, report_buttons


def show_report(analysis: Analysis, face: FaceResult, marked: np.ndarray, key: str) -> None:
    """Offer the report of a photo, and a card of one of its faces.

    Parameters
    ----------
    analysis
        All of its faces.
    face
        The one on the card.
    marked
        (height, width, 3) uint8 RGB: the picture with its faces marked.
    key
        Unlike that of any other picture on the page.
    """
    person, notes = ask_for_words(f"{key} report")
    shown = st.toggle(
        "The picture in the report", key=f"{key} report picture", help="Only with the consent of whoever is on it."
    )
    name = re.sub(r"[^\w]+", "-", analysis.recording.file.rsplit(".", 1)[0]).strip("-").lower()[:60] or "photo"
    reported = Reported(analysis, pictures={"": (("the photo", marked),)} if shown else {})
    report_buttons(lambda: of_recording(reported, person, notes), f"{name}-report", f"{key} report")
    download_button(
        "Result card, PNG",
        lambda: _card(face, marked),
        f"{name}-card.png",
        f"{key} card",
        help="The picture with the answer beside it, in one file.",
    )


def _card(face: FaceResult, marked: np.ndarray) -> bytes:
    model = face.model
    lines = (f"Named by {model.title}. {LEAD}",)
    card = result_card(marked, face_headline(face).capitalize(), face.probabilities, lines)
    return cv2.imencode(".png", card[..., ::-1])[1].tobytes()
