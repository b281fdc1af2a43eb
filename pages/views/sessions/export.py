"""A session's files: every event as a table, and each recording for other programs."""

import re
from collections.abc import Callable

import streamlit as st

from engine.recognition.analysis import Analysis
from engine.records import consents, kept, sessions
from engine.records.corrections import Corrections
from engine.records.elan import events_eaf
from engine.records.events import all_events_csv, analysis_json, events_csv
from engine.records.frames import frames_csv
from engine.records.tables import KeptRecording
from engine.records.tables import Session as PersonSession
from pages.views.common.downloads import download_button
from pages.views.common.text import escape_markdown, short_name, small_print


def show_export(owner: str, session: PersonSession, recordings: list[KeptRecording], chosen: KeptRecording) -> None:
    """Offer the files of what is chosen."""
    name = re.sub(r"[^\w]+", "-", chosen.name.rsplit(".", 1)[0]).strip("-").lower()[:60] or "recording"
    files = {
        "Events, CSV": ("-events.csv", events_csv),
        "JSON": (".json", analysis_json),
    }
    if chosen.kind != "photo":
        files["ELAN"] = (".eaf", events_eaf)
    if len(recordings) > 1:
        download_button(
            "Events of the whole session, CSV",
            lambda: all_events_csv(_reviewed(owner, each) for each in recordings),
            f"session-{session.held_at:%Y-%m-%d}-events.csv",
            "sessions all events",
        )
    small_print(f"Of what is chosen above, {escape_markdown(short_name(chosen.name))}:")
    with st.container(horizontal=True):
        for label, (ending, make) in files.items():
            download_button(label, lambda make=make: _made(owner, chosen, make), f"{name}{ending}", f"sessions {label}")
        if chosen.kind == "video":
            download_button(
                "Frames, CSV",
                lambda: _made(owner, chosen, lambda analysis, _: frames_csv(analysis)),
                f"{name}-frames.csv",
                "sessions frames",
            )


def _made(owner: str, recording: KeptRecording, make: Callable[[Analysis, Corrections], str | bytes]) -> str | bytes:
    return make(*_reviewed(owner, recording))


def _reviewed(owner: str, recording: KeptRecording) -> tuple[Analysis, Corrections]:
    # Once more: consent may have been taken back since the page was drawn.
    consents.check(owner, sessions.get(owner, recording.session_id).person_id, "sharing")
    view = kept.review(owner, recording.id)
    return view.analysis, view.corrections
