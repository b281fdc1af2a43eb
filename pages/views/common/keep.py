"""“Keep in a session”: what Video, Photo and Live found, put where the page Sessions has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from engine.errors import ConsentError, UserError
from engine.recognition.analysis import Analysis
from engine.records.corrections import NONE, Corrections
from pages.views.common.guard import error_boundary
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.text import by_clock, escape_markdown, small_print

if TYPE_CHECKING:
    from engine.records.event_pictures import Shown
    from engine.records.tables import Session

BOTH, FILM = "Onset and apex", "Slow replay"
"""What can be kept of an event besides its numbers."""
KEPT_SPEED = 0.25
"""Of a replay that is kept, where 1 is as fast as it was."""
_NEW = "new"
_PAGE = PAGES_FOLDER / "sessions.py"
_DAYS = 90


@dataclass
class KeptIn:
    """Where something is kept.

    Attributes
    ----------
    owner, recording
        Whose record, and which: see `engine.records.kept`.
    title, address
        Of the session: what it is called, and where the page Sessions shows it.
    refused
        Why a change could not be made there; None as long as all were.
    """

    owner: str
    recording: str
    title: str
    address: dict[str, str]
    refused: UserError | None = None


@dataclass(frozen=True)
class Found:
    """What can be kept.

    Attributes
    ----------
    analysis, corrections
        What was found, and what was changed in it.
    pictures
        By the words for it, what makes pictures of an event that can be kept too.
    remember
        Told where it is kept.
    """

    analysis: Analysis
    corrections: Corrections = NONE
    pictures: "Mapping[str, Shown]" = field(default_factory=dict)
    remember: Callable[[KeptIn], None] = lambda place: None


def offer_to_keep(sort: str, found: Callable[[], Found], key: str) -> None:
    """Offer to keep what was found in a person's session; nothing is opened before somebody wants to.

    Parameters
    ----------
    sort
        A key of `engine.records.kept.SORTS`.
    found
        Called once it is asked for.
    key
        Unlike that of any other offer on the page.
    """
    opened = st.expander("Keep in a session", icon=":material/folder_shared:", on_change="rerun", key=f"{key} keep")
    if opened.open:
        with opened, error_boundary():
            _ask(sort, found(), f"{key} keep")


def show_kept_in(place: KeptIn) -> None:
    """Say where a session keeps what is shown, and whether what is changed here is changed there too."""
    title = escape_markdown(place.title)
    if place.refused is None:
        st.markdown(f":material/folder_shared: Kept in “{title}”. What you change here is changed there, too.")
    else:
        why = escape_markdown(f"{place.refused.what} {place.refused.remedy}")
        st.warning(f"What you change here is no longer changed in “{title}”. {why}", icon=":material/sync_problem:")
    st.page_link(_PAGE, label=f"Go on in “{title}”", icon=":material/folder_open:", query_params=place.address)


def _ask(sort: str, found: Found, key: str) -> None:
    # Not above: databases are not needed before somebody keeps something.
    from engine.records import people, sessions
    from pages.views.common.owner import current_owner

    owner = current_owner()
    _tell(key)
    everybody = {each.person.id: each.person.pseudonym for each in people.listed(owner)}
    if not everybody:
        st.markdown("There is nobody yet. Create a person and take consent on the page Sessions first.")
        st.page_link(_PAGE, label="Go to Sessions", icon=":material/group_add:")
        return
    person = st.selectbox("Person", list(everybody), format_func=everybody.__getitem__, key=f"{key} person")
    visit, title = ask_session(owner, person, key)
    faces = [track.person for track in found.analysis.tracks]
    if len(faces) > 1:
        faces = st.pills(
            "Faces that are this person’s",
            faces,
            selection_mode="multi",
            key=f"{key} faces",
            help="Only these are kept: nobody else has agreed.",
        )
    small_print("Numbers are kept: times, names, probabilities, how the face moved. Pictures only if you choose so.")
    chosen, delete_on = _ask_pictures(owner, person, list(found.pictures), key)
    if st.button("Keep", type="primary", icon=":material/save:", key=f"{key} now", disabled=not faces):
        _keep(owner, sort, found, faces, chosen, delete_on, visit or sessions.create(owner, person, title), key)
        st.rerun()


def _tell(key: str) -> None:
    told = st.session_state.pop(f"{key} told", None)
    if told is None:
        return
    title, address, pictures, left_out = told
    # Whoever presses once more means that session, not one more new one.
    st.session_state[f"{key} session {address['person']}"] = address["session"]
    with_pictures = f" with {pictures} pictures" if pictures else ""
    st.success(f"Kept in “{escape_markdown(title)}”{with_pictures}.", icon=":material/check:")
    for why in left_out:
        st.warning(f"Some pictures were not kept. {escape_markdown(why)}", icon=":material/hide_image:")
    st.page_link(_PAGE, label="Open that session", icon=":material/folder_open:", query_params=address)


def ask_session(owner: str, person: str, key: str) -> "tuple[Session | None, str]":
    """Ask for a session with a person; return it, or None and the title of a new one."""
    from engine.records import sessions

    visits = {each.session.id: each.session for each in sessions.listed(owner, person)}
    name = st.selectbox(
        "Session",
        [*visits, _NEW],
        format_func=lambda name: (
            "A new one, now" if name == _NEW else f"{by_clock(visits[name].held_at):%Y-%m-%d} · {visits[name].title}"
        ),
        key=f"{key} session {person}",
    )
    if name != _NEW:
        return visits[name], ""
    return None, st.text_input("Title", "Session", max_chars=sessions.LONGEST_TITLE, key=f"{key} title")


def _ask_pictures(owner: str, person: str, kinds: Sequence[str], key: str) -> tuple[list[str], datetime]:
    """Ask which pictures are kept, and until when; offered only where the person agrees and a key is at hand."""
    from engine.records import audit, consents, keys

    none = [], audit.now()
    if not kinds or isinstance(allowed := consents.allowed(owner, person)["pictures"], ConsentError):
        return none
    chosen = st.pills(
        "Pictures too, encrypted",
        kinds,
        selection_mode="multi",
        key=f"{key} pictures",
        help="They lie on this machine, in a file each that nobody reads without the key.",
    )
    if not chosen:
        return none
    if (why := keys.why_none(make=True)) is not None:
        st.warning(escape_markdown(why), icon=":material/key_off:")
        return none
    first = audit.now().date() + timedelta(days=1)
    last = max(first, allowed.until.date())
    until = st.date_input(
        "Deleted by itself on",
        min(last, first + timedelta(days=_DAYS)),
        min_value=first,
        max_value=last,
        key=f"{key} until {person}",
    )
    return chosen, datetime.combine(until, time(), UTC)


def _keep(
    owner: str,
    sort: str,
    found: Found,
    faces: Sequence[int],
    chosen: Sequence[str],
    delete_on: datetime,
    visit: "Session",
    key: str,
) -> None:
    from engine.records import event_pictures, kept

    recording = kept.keep(owner, visit.id, sort, found.analysis, found.corrections, faces)
    count, left_out = 0, []
    for kind in chosen:
        bar = st.progress(0.0, f"Keeping pictures: {kind.lower()}")
        number, reasons = event_pictures.keep(owner, recording.id, found.pictures[kind], delete_on, bar.progress)
        bar.empty()
        count, left_out = count + number, [*left_out, *reasons]
    address = {"person": visit.person_id, "session": visit.id}
    found.remember(KeptIn(owner, recording.id, visit.title, address))
    st.session_state[f"{key} told"] = visit.title, address, count, tuple(dict.fromkeys(left_out))
