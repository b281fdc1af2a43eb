"""Whom the page is about, and which of that person's sessions: kept in the address, so that a reload stays there."""

import streamlit as st

from engine.errors import ConsentError
from engine.records import audit, consents, people
from engine.records.people import PersonSummary
from pages.views.common.guard import error_boundary, show_error, show_tabs
from pages.views.common.owner import current_owner
from pages.views.common.text import escape_markdown, small_print
from pages.views.sessions.adaptation import show_adaptation
from pages.views.sessions.address import PERSON, SESSION, go_to
from pages.views.sessions.comparison import show_comparison
from pages.views.sessions.consent import show_consent
from pages.views.sessions.person import import_person, show_person, show_receipt
from pages.views.sessions.visit import show_visit
from pages.views.sessions.visits import show_visits


def show_sessions() -> None:
    """Show everybody; or one person; or one session with a person."""
    owner = current_owner()
    if (warning := audit.clock_warning()) is not None:
        st.warning(escape_markdown(warning), icon=":material/schedule:")
    if (told := st.session_state.pop("sessions told", None)) is not None:
        st.success(escape_markdown(told), icon=":material/check:")
    if (receipt := st.session_state.get("sessions receipt")) is not None:
        show_receipt(receipt)
    person, session = st.query_params.get(PERSON), st.query_params.get(SESSION)
    if session:
        _back("Back to the person", person)
        show_visit(owner, session)
    elif person:
        _back("Everybody", None)
        _show_one(owner, person)
    else:
        _show_everybody(owner)


def _back(label: str, person: str | None) -> None:
    st.button(label, icon=":material/arrow_back:", key="sessions back", on_click=go_to, args=(person, None))


def _show_everybody(owner: str) -> None:
    everybody = people.listed(owner)
    if everybody:
        _list(everybody)
    else:
        _offer_made_up(owner)
    left, right = st.columns(2, gap="large")
    with left, error_boundary():
        _create(owner)
    with right, error_boundary():
        import_person(owner)


def _offer_made_up(owner: str) -> None:
    st.info(
        "Nobody yet. Create a person under a pseudonym below; then take consent, and keep recordings from Video, "
        "Photo and Live. Or look around with somebody who does not exist.",
        icon=":material/group_add:",
    )
    if st.button(
        "Try it with a made-up person",
        icon=":material/draw_abstract:",
        key="sessions made up",
        help="Synthetic: faces drawn by a program, analysed like anybody’s, in three sessions. Deleted like anybody’s.",
    ):
        from engine.records import made_up

        came = made_up.bring(owner)
        st.session_state["sessions told"] = " ".join(
            ["This person is made up: the faces are drawn, and show nobody.", *came.left_out]
        )
        go_to(came.person.id, None)
        st.rerun()


def _list(everybody: list[PersonSummary]) -> None:
    st.header("People", anchor=False)
    names = [each.person.id for each in everybody]

    def picked() -> None:
        if found := st.session_state["sessions people"].selection.rows:
            go_to(names[found[0]], None)

    st.dataframe(
        [
            {
                "person": each.person.pseudonym,
                "sessions": each.sessions,
                "latest": None if each.last_at is None else each.last_at.date(),
                "since": each.person.created_at.date(),
            }
            for each in everybody
        ],
        hide_index=True,
        selection_mode="single-row",
        on_select=picked,
        key="sessions people",
        alt=f"{len(everybody)} people, one a row",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        # Tables cannot be chosen from by every keyboard and reader; a list can.
        titles = {each.person.id: each.person.pseudonym for each in everybody}
        chosen = st.selectbox("Person", names, format_func=titles.__getitem__, key="sessions person", width=420)
        st.button("Open", icon=":material/folder_open:", key="sessions open", on_click=go_to, args=(chosen, None))


def _create(owner: str) -> None:
    with st.form("sessions create", clear_on_submit=True):
        st.markdown("**New person**")
        called = st.text_input(
            "Pseudonym",
            max_chars=people.LONGEST,
            key="sessions pseudonym",
            help="A code such as P-01. No name, no date of birth: who that is you keep elsewhere.",
        )
        if st.form_submit_button("Create", icon=":material/person_add:", type="primary"):
            made = people.create(owner, called)
            go_to(made.id, None)
            st.rerun()


def _show_one(owner: str, person_id: str) -> None:
    person = people.get(owner, person_id)
    st.header(escape_markdown(person.pseudonym), anchor=False)
    allowed = consents.allowed(owner, person_id)
    records = allowed["records"]
    if isinstance(records, ConsentError):
        if consents.listed(owner, person_id):
            show_error(records)
        else:
            st.info("Nothing is agreed yet. Take consent first: nothing is kept before.", icon=":material/draw:")
        show_consent(owner, person)
        show_person(owner, person)
        return
    small_print(f"Consent given by {escape_markdown(records.given_by)}, until {records.until:%Y-%m-%d}.")
    views = {
        "Sessions": show_visits,
        "Over time": show_comparison,
        "Adaptation": show_adaptation,
        "Consent": show_consent,
        "This person": show_person,
    }
    show_tabs("sessions tabs", views, owner, person)
