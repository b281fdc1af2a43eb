"""The person as a whole: another pseudonym, an archive, deletion with its receipt."""

import json
from collections.abc import Mapping

import streamlit as st

from engine.errors import ConsentError
from engine.records import archive, consents, deletion, people
from engine.records.deletion import Receipt
from engine.records.tables import Consent, Person
from pages.views.common.downloads import download_button
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import release_upload
from pages.views.common.text import by_clock, escape_markdown, small_print
from pages.views.sessions.address import go_to


def show_person(owner: str, person: Person) -> None:
    """Let a person be renamed, taken along, and deleted."""
    with st.form("sessions rename"), error_boundary():
        called = st.text_input("Pseudonym", person.pseudonym, max_chars=people.LONGEST, key="sessions called")
        if st.form_submit_button("Rename"):
            people.rename(owner, person.id, called, person.version)
            st.rerun()
    allowed = consents.allowed(owner, person.id)
    if not isinstance(allowed["records"], ConsentError):
        with error_boundary():
            _archive(owner, person, allowed)
    with error_boundary():
        _delete(owner, person)


def _archive(owner: str, person: Person, allowed: Mapping[str, Consent | ConsentError]) -> None:
    with st.container(border=True):
        st.markdown("**Take everything along**: an archive that another installation of NeuroMER imports.")
        if isinstance(refused := allowed["sharing"], ConsentError):
            st.markdown(escape_markdown(str(refused)))
            return
        pictures = st.toggle(
            "With its pictures, readable by whoever has the file",
            key="sessions archive pictures",
            disabled=isinstance(allowed["pictures"], ConsentError),
        )
        download_button(
            "Archive",
            lambda: archive.write(owner, person.id, with_pictures=pictures),
            archive.written_name(person),
            "sessions archive",
        )


def import_person(owner: str) -> None:
    """Let an archive be imported."""
    with st.container(border=True):
        st.markdown("**Import a person** from an archive of another installation")
        file = st.file_uploader(
            "Archive", type="zip", max_upload_size=archive.MOST_BYTES // 2**20, key="sessions archive file"
        )
        if file is None or not st.button("Import", icon=":material/upload:", key="sessions import"):
            return
        came = archive.read(owner, file.getvalue())
        release_upload(file)
        told = f"“{came.person.pseudonym}” came with {came.sessions} sessions and {came.recordings} recordings."
        st.session_state["sessions told"] = " ".join([told, *came.left_out])
        go_to(came.person.id, None)
        st.rerun()


def _delete(owner: str, person: Person) -> None:
    with st.popover("Delete this person", icon=":material/delete_forever:"), error_boundary():
        st.markdown(
            f"Everything of **{escape_markdown(person.pseudonym)}** goes: consents, sessions, events, corrections, "
            "notes, what was learnt, pictures. It cannot be brought back. What you have saved as files elsewhere stays "
            "where it is."
        )
        sure = st.text_input("Write the pseudonym to go on", key="sessions delete sure")
        if st.button("Delete for good", type="primary", key="sessions delete"):
            if sure.strip() != person.pseudonym:
                st.error("That is another pseudonym; nothing was deleted.", icon=":material/error:")
                return
            st.session_state["sessions receipt"] = deletion.delete_person(owner, person.id)
            go_to(None, None)
            st.rerun()


def show_receipt(receipt: Receipt) -> None:
    """Show what went when a person was deleted, until the reader puts it away."""
    with st.container(border=True):
        st.markdown(f"**Deleted on {by_clock(receipt.at):%Y-%m-%d %H:%M}**")
        st.table(
            [{"what": name, "went": number} for name, number in receipt.went.items() if number],
            hide_index=True,
            width="content",
            alt="What was deleted, and how many of each",
        )
        if receipt.database == "PostgreSQL":
            st.markdown("The server’s own log and its operator’s backups may hold it still: they are theirs to delete.")
        elif not receipt.wiped:
            st.markdown("Somebody was reading: the database’s log is emptied within the hour.")
        small_print(f"Entry of the audit log: {receipt.entry[:16]}…")
        with st.container(horizontal=True):
            text = json.dumps(receipt.as_json(), indent=1) + "\n"
            download_button("Receipt, JSON", text, "deletion-receipt.json", "sessions receipt file")
            if st.button("Put away", key="sessions receipt away"):
                del st.session_state["sessions receipt"]
                st.rerun()
