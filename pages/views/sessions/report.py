"""The report of a session, in two forms."""

import streamlit as st

from engine.records.session_report import session_report
from engine.records.tables import Session as PersonSession
from pages.views.common.report import report_buttons


def show_report(owner: str, session: PersonSession, *, with_pictures: bool) -> None:
    """Offer the report of all that is kept in a session; with its pictures only where the person agrees to those."""
    pictures = with_pictures and st.toggle(
        "With the pictures that are kept", key=f"sessions report pictures {session.id}"
    )
    report_buttons(
        lambda: session_report(owner, session.id, with_pictures=pictures),
        f"session-{session.held_at:%Y-%m-%d}-report",
        f"sessions report {session.id}",
    )
