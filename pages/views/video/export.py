"""A recording's events as files, and corrections that come back from one."""

import re
from contextlib import suppress

import numpy as np
import streamlit as st

from engine.errors import VideoError
from engine.recognition.replay import onset_and_apex
from engine.recognition.video.recordings import StoredRecording
from engine.records import correction_file
from engine.records.corrections import reviewed
from engine.records.elan import events_eaf
from engine.records.events import analysis_json, events_csv
from engine.records.frames import frames_csv
from engine.records.report import EventPictures, Report, Reported, of_recording
from pages.views.common.downloads import download_button
from pages.views.common.guard import error_boundary
from pages.views.common.report import ask_for_words, report_buttons
from pages.views.common.text import small_print
from pages.views.video.corrections import HeldReview


def show_export(stored: StoredRecording) -> None:
    """Offer what was found, as it stands with all changes; no picture is in any of the files."""
    st.header("Export", anchor=False)
    review = HeldReview(stored)
    analysis, log = review.analysis, review.corrections
    name = re.sub(r"[^\w]+", "-", stored.name.rsplit(".", 1)[0]).strip("-").lower()[:60] or "recording"
    with st.expander("Code, notes and pictures for the report", icon=":material/description:"):
        person, notes = ask_for_words("video report")
        pictures = st.toggle(
            "Pictures of onset and apex in the report",
            key="video report pictures",
            help="Only with the consent of whoever is on them.",
        )

    def report() -> Report:
        return of_recording(Reported(analysis, log, _pictures(stored) if pictures else {}), person, notes)

    report_buttons(report, f"{name}-report", "video report")
    files = {
        "Events, CSV": ("-events.csv", lambda: events_csv(analysis, log), "A row an event."),
        "Frames, CSV": (
            "-frames.csv",
            lambda: frames_csv(analysis),
            "A row a picture and person, named as OpenFace names its columns where they mean the same.",
        ),
        "JSON": (".json", lambda: analysis_json(analysis, log), "As python -m engine spot --json."),
        "ELAN": (".eaf", lambda: events_eaf(analysis, log), "Annotations beside your recording, for ELAN."),
    }
    with st.expander("Data files: CSV, JSON, ELAN", icon=":material/table:"):
        small_print(
            "Every file holds the events as they stand with your changes, and says what was spotted and what you "
            "changed. Only the report may hold pictures, if you wish."
        )
        with st.container(horizontal=True):
            for label, (ending, write, told) in files.items():
                download_button(label, write, f"{name}{ending}", f"video {label}", help=told)
    with st.expander("Save corrections, or bring them back", icon=":material/save:"), error_boundary():
        _corrections(stored, name)


def _pictures(stored: StoredRecording) -> EventPictures:
    """Return the faces at onset and apex of every event that stands and can be read."""
    tracks = {track.person: track for track in stored.analysis.tracks}
    found: dict[str, tuple[tuple[str, np.ndarray], ...]] = {}
    for each in reviewed(stored.analysis, HeldReview(stored).corrections):
        if not each.rejected:
            with suppress(VideoError):
                onset, apex = onset_and_apex(stored.data, stored.name, tracks[each.person], each.event)
                found[each.id] = (("onset", onset), ("apex", apex))
    return found


def _corrections(stored: StoredRecording, name: str) -> None:
    log = HeldReview(stored).corrections
    st.markdown("A recording is held for some hours only. Corrections that you save can be laid over it again later.")
    download_button(
        "Save corrections",
        lambda: correction_file.as_text(log, stored.analysis),
        f"{name}-corrections.json",
        "video corrections",
        disabled=not log,
    )
    file = st.file_uploader(
        "Corrections of this recording", type="json", max_upload_size=8, key="video corrections file"
    )
    if file is not None and st.button("Lay them over the recording", key="video corrections read"):
        HeldReview(stored).become(correction_file.from_text(file.getvalue(), stored.analysis))
        st.rerun()
