"""The report of a session, in two forms."""

import streamlit as st

from engine.errors import ConsentError
from engine.records import consents
from engine.records.session_report import session_report
from engine.records.tables import Session as PersonSession
from pages.views.common.report import report_buttons
from pages.views.common.text import escape_markdown


def show_report(owner: str, session: PersonSession) -> None:
    """Offer the report of all that is kept in a session, where the person agrees that it leaves this program."""
    st.subheader("Report", anchor=False)
    allowed = consents.allowed(owner, session.person_id)
    if isinstance(allowed["sharing"], ConsentError):
        st.markdown(escape_markdown(str(allowed["sharing"])))
        return
    pictures = not isinstance(allowed["pictures"], ConsentError) and st.toggle(
        "With the pictures that are kept", key=f"sessions report pictures {session.id}"
    )
    report_buttons(
        lambda: session_report(owner, session.id, with_pictures=pictures),
        f"session-{session.held_at:%Y-%m-%d}-report",
        f"sessions report {session.id}",
    )
