"""A person's sessions: a list, a part at a time, and a new one."""

import streamlit as st

from engine.records import sessions
from engine.records.tables import Person
from pages.views.common.guard import error_boundary
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.text import by_clock
from pages.views.sessions.address import go_to

_AT_ONCE = 50


def show_visits(owner: str, person: Person) -> None:
    """List a person's sessions, newest first, and let a new one be made."""
    count = sessions.count(owner, person.id)
    if count:
        _list(owner, person, count)
    else:
        _show_ways()
    with st.form("sessions new", clear_on_submit=True), error_boundary():
        st.markdown("**New session**, now")
        title = st.text_input("Title", "Session", max_chars=sessions.LONGEST_TITLE, key="sessions title")
        if st.form_submit_button("Create", type="primary", icon=":material/add:"):
            made = sessions.create(owner, person.id, title)
            go_to(person.id, made.id)
            st.rerun()


def _show_ways() -> None:
    """Lead to where something is found that can be kept."""
    st.info(
        "No session yet. Look at a recording, a photo or the camera, and open “Keep in a session” there; or begin with "
        "an empty session below.",
        icon=":material/event:",
    )
    with st.container(horizontal=True):
        for page, label in (("video", "Analyse a recording"), ("photo", "Look at a photo"), ("live", "Use the camera")):
            st.page_link(PAGES_FOLDER / f"{page}.py", label=label, icon=":material/arrow_forward:")


def _list(owner: str, person: Person, count: int) -> None:
    first = 0
    if count > _AT_ONCE:
        first = _AT_ONCE * (st.pagination(-(-count // _AT_ONCE), key="sessions part") - 1)
    shown = sessions.listed(owner, person.id, _AT_ONCE, first)
    held = {each.session.id: by_clock(each.session.held_at) for each in shown}
    names = list(held)

    def picked() -> None:
        if found := st.session_state["sessions list"].selection.rows:
            go_to(person.id, names[found[0]])

    st.dataframe(
        [
            {
                "held": held[each.session.id],
                "title": each.session.title,
                "kept": each.recordings,
                "events": each.events,
                "changed": each.changed,
            }
            for each in shown
        ],
        hide_index=True,
        selection_mode="single-row",
        on_select=picked,
        column_config={"held": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")},
        key="sessions list",
        alt=f"{len(shown)} of {count} sessions, one a row",
    )
    titles = {each.session.id: f"{held[each.session.id]:%Y-%m-%d %H:%M} · {each.session.title}" for each in shown}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Session", names, format_func=titles.__getitem__, key="sessions chosen", width=420)
        st.button(
            "Open", icon=":material/folder_open:", key="sessions open one", on_click=go_to, args=(person.id, chosen)
        )
