"""Whose face it is: a person whose adaptation is in use answers as that person's corrections have taught."""

from typing import TYPE_CHECKING

import streamlit as st

from engine.charts.layout import percent
from engine.errors import UserError
from engine.recognition.photo import FaceResult
from engine.records.sweeping import anything_kept
from pages.views.common.guard import show_error
from pages.views.common.text import escape_markdown, small_print

if TYPE_CHECKING:
    from engine.recognition.personal import PersonalAnswers

_ANYBODY = ""
_HELP = (
    "Someone whose corrections were learnt on the page Sessions, and whose adaptation is in use, is answered for by "
    "that. Choose the person only for his or her own face: the adaptation fits nobody else’s."
)


def choose_whose(key: str, label: str = "Whose face this is") -> str | None:
    """Let the reader say whose face it is, among those whose adaptation is in use; return the record of that person.

    None for anybody's; nothing is shown where nobody has an adaptation in use.
    """
    # Whoever keeps nothing need not wait for a database's libraries.
    if not anything_kept():
        return None
    from engine.records import adaptation
    from pages.views.common.owner import current_owner

    people = adaptation.in_use(current_owner())
    if not people:
        return None
    chosen = st.selectbox(
        label,
        [_ANYBODY, *people],
        format_func=lambda person: people.get(person, "Anybody’s"),
        key=key,
        width=300,
        help=_HELP,
    )
    return chosen or None


def answers_of(person: str) -> "PersonalAnswers":
    """Return what answers for a person; raises as `engine.records.adaptation.answers`."""
    from engine.records import adaptation
    from pages.views.common.owner import current_owner

    return adaptation.answers(current_owner(), person)


def pseudonym_of(person: str) -> str:
    """Return what a person is called here."""
    from engine.records import people
    from pages.views.common.owner import current_owner

    return people.get(current_owner(), person).pseudonym


def as_person(face: FaceResult, key: str) -> FaceResult:
    """Return a face as it is answered for: by the adaptation of the person whom the reader says that it is."""
    person = choose_whose(f"{key} whose")
    if person is None:
        return face
    try:
        return answers_of(person).face(face)
    except UserError as error:
        show_error(error)
        return face


def show_usual(face: FaceResult) -> None:
    """Say what the answer is without the person's adaptation, where that answers."""
    if face.usual:
        best = max(face.usual, key=face.usual.__getitem__)
        small_print(
            escape_markdown(
                f"As this person’s own corrections taught. As for anybody: {best}, {percent(face.usual[best])}."
            )
        )
