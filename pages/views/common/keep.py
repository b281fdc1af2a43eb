"""“Keep in a session”: what Video, Photo and Live found, put where the page Sessions has it."""

from collections.abc import Callable

import streamlit as st

from engine.recognition.analysis import Analysis
from engine.records.corrections import Corrections
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print

Found = Callable[[], tuple[Analysis, Corrections | None]]
"""Returns what is to be kept, once it is asked for."""


def offer_to_keep(sort: str, found: Found, key: str) -> None:
    """Offer to keep what was found in a person's session; nothing is opened before somebody wants to.

    Parameters
    ----------
    sort
        A key of `engine.records.kept.SORTS`.
    found
        What was found.
    key
        Unlike that of any other offer on the page.
    """
    opened = st.expander("Keep in a session", icon=":material/folder_shared:", on_change="rerun", key=f"{key} keep")
    if opened.open:
        with opened, error_boundary():
            _ask(sort, found, key)


def _ask(sort: str, found: Found, key: str) -> None:
    # Not above: databases are not needed before somebody keeps something.
    from engine.records import kept, people, sessions
    from pages.views.common.owner import current_owner

    owner = current_owner()
    if (name := st.session_state.pop(f"{key} kept", None)) is not None:
        st.success(f"Kept in “{escape_markdown(name)}”. The page Sessions has it.", icon=":material/check:")
    everybody = {each.person.id: each.person.pseudonym for each in people.listed(owner)}
    if not everybody:
        st.markdown("There is nobody yet. Create a person and take consent on the page Sessions first.")
        return
    person = st.selectbox("Person", list(everybody), format_func=everybody.__getitem__, key=f"{key} keep person")
    visits = {each.session.id: each.session for each in sessions.listed(owner, person)}
    if not visits:
        st.markdown("This person has no session yet. Create one on the page Sessions first.")
        return
    visit = st.selectbox(
        "Session",
        list(visits),
        format_func=lambda name: f"{visits[name].held_at:%Y-%m-%d} · {visits[name].title}",
        key=f"{key} keep session",
    )
    analysis, corrections = found()
    faces = [track.person for track in analysis.tracks]
    if len(faces) > 1:
        faces = st.pills(
            "Faces that are this person’s",
            faces,
            selection_mode="multi",
            key=f"{key} keep faces",
            help="Only these are kept: nobody else has agreed.",
        )
    small_print("Numbers are kept: times, names, probabilities, how the face moved. No picture.")
    if st.button("Keep", type="primary", icon=":material/save:", key=f"{key} keep now", disabled=not faces):
        kept.keep(owner, visit, sort, analysis, corrections, faces)
        st.session_state[f"{key} kept"] = visits[visit].title
        st.rerun()
