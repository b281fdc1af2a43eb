"""A session's files: every event as a table, and each recording for other programs."""

import re
from collections.abc import Callable

import streamlit as st

from engine.errors import ConsentError
from engine.recognition.analysis import Analysis
from engine.records import consents, kept
from engine.records.corrections import Corrections
from engine.records.elan import events_eaf
from engine.records.events import analysis_json, events_csv
from engine.records.frames import frames_csv
from engine.records.tables import KeptRecording
from engine.records.tables import Session as PersonSession
from pages.views.common.downloads import download_button
from pages.views.common.text import escape_markdown


def show_export(
    owner: str, session: PersonSession, recordings: list[KeptRecording], chosen: KeptRecording | None
) -> None:
    """Offer the files of what is chosen, where the person agrees that files leave this program."""
    st.subheader("Take it home", anchor=False)
    allowed = consents.allowed(owner, session.person_id)["sharing"]
    if isinstance(allowed, ConsentError):
        st.markdown(escape_markdown(str(allowed)))
        return
    if chosen is None:
        st.markdown("Nothing is kept yet.")
        return
    name = re.sub(r"[^\w]+", "-", chosen.name.rsplit(".", 1)[0]).strip("-").lower()[:60] or "recording"
    files = {
        "Events, CSV": ("-events.csv", events_csv),
        "JSON": (".json", analysis_json),
    }
    if chosen.kind != "photo":
        files["ELAN"] = (".eaf", events_eaf)
    with st.container(horizontal=True):
        for label, (ending, make) in files.items():
            download_button(
                label, lambda make=make: _made(owner, chosen.id, make), f"{name}{ending}", f"sessions {label}"
            )
        if chosen.kind == "video":
            download_button(
                "Frames, CSV",
                lambda: _made(owner, chosen.id, lambda analysis, _: frames_csv(analysis)),
                f"{name}-frames.csv",
                "sessions frames",
            )


def _made(owner: str, recording_id: str, make: Callable[[Analysis, Corrections], str | bytes]) -> str | bytes:
    view = kept.review(owner, recording_id)
    return make(view.analysis, view.corrections)
