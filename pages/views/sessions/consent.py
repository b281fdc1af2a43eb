"""Consent: what a person agrees to, taken and taken back."""

from datetime import UTC, datetime, time, timedelta

import streamlit as st

from engine.records import audit, consents, pictures
from engine.records.tables import Consent, Person
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print

_DAYS = 365


def show_consent(owner: str, person: Person) -> None:
    """Show every consent of a person, and let one be taken or taken back."""
    for each in consents.listed(owner, person.id):
        with st.container(border=True), error_boundary():
            _show(owner, each)
    with error_boundary():
        _take(owner, person)


def _show(owner: str, consent: Consent) -> None:
    state, icon = _state(consent)
    st.markdown(
        f":material/{icon}: **{state}**, given by {escape_markdown(consent.given_by)}, {consent.given_at:%Y-%m-%d}"
    )
    st.markdown("\n".join(f"- {consents.PURPOSES[each]}" for each in consent.purposes))
    if consent.withdrawn_at is None and st.button(
        "Taken back by the person", icon=":material/undo:", key=f"sessions withdraw {consent.id}"
    ):
        consents.withdraw(owner, consent.id, consent.version)
        pictures.sweep()
        st.rerun()


def _state(consent: Consent) -> tuple[str, str]:
    if consent.withdrawn_at is not None:
        return f"Taken back on {consent.withdrawn_at:%Y-%m-%d}", "block"
    if consent.until <= audit.now():
        return f"Ended on {consent.until:%Y-%m-%d}", "event_busy"
    return f"Holds until {consent.until:%Y-%m-%d}", "check_circle"


def _take(owner: str, person: Person) -> None:
    with st.form("sessions consent"):
        st.markdown("**Take consent**")
        small_print(
            "Say in the person’s own words what is kept and what for, that it can be taken back at any time, and that "
            "nothing leaves this machine by itself. Sign on paper where your rules ask for that."
        )
        giver = st.selectbox("Who agrees", consents.GIVERS, accept_new_options=True, key="sessions giver")
        purposes = [
            name
            for name, words in consents.PURPOSES.items()
            if st.checkbox(f"{words[0].upper()}{words[1:]}", name == "records", key=f"sessions agree {name}")
        ]
        today = audit.now().date()
        until = st.date_input(
            "Until",
            today + timedelta(days=_DAYS),
            min_value=today + timedelta(days=1),
            max_value=today + consents.LONGEST,
            key="sessions until",
        )
        if st.form_submit_button("Keep this consent", type="primary", icon=":material/draw:"):
            consents.take(owner, person.id, giver or "", purposes, datetime.combine(until, time(), UTC))
            st.rerun()
