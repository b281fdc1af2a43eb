"""What was taught in front of the camera, kept in a session of the person who taught it, or erased by choice."""

from collections import Counter

import streamlit as st

from engine.errors import ConsentError
from engine.recognition.face_answers import Lesson
from engine.words import counted
from pages.views.common.guard import error_boundary
from pages.views.common.keep import ask_session
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print

Lessons = dict[int, tuple[Lesson, ...]]
_LEFT = "left"


def hold_lessons(lessons: Lessons) -> None:
    """Hold what was taught once the camera is off, until the reader keeps or erases it, or leaves the page."""
    if lessons:
        page_state("Live", _LEFT)["lessons"] = lessons


def offer_what_is_left() -> None:
    """Ask what is to become of what was taught before the camera was stopped."""
    left = page_state("Live", _LEFT)
    lessons: Lessons = left.get("lessons", {})
    if (told := left.pop("told", None)) is not None:
        st.success(escape_markdown(told), icon=":material/check:")
    if not lessons:
        return
    with st.container(border=True), error_boundary():
        st.markdown("**The camera is off. Keep what was taught?** It is erased when you leave this page.")
        number = next(iter(lessons))
        if len(lessons) > 1:
            number = st.selectbox("Taught by", list(lessons), format_func="Person {}".format, key="live left person")
        st.markdown(escape_markdown(lessons_in_words(lessons[number])))
        kept = _ask(lessons[number], f"live left {number}")
        if kept is not None:
            left.update(lessons={each: lessons[each] for each in lessons if each != number}, told=kept)
            st.rerun()
        if st.button("Erase it", icon=":material/delete:", key="live left erase"):
            left.clear()
            st.rerun()


def offer_to_keep_lessons(lessons: tuple[Lesson, ...], person: int) -> None:
    """Offer to keep what somebody in front of the camera has taught so far."""
    told = page_state("Live", _LEFT).pop("told now", None)
    if told is not None:
        st.success(escape_markdown(told), icon=":material/check:")
    if not lessons:
        st.markdown("Nothing has been taught yet.")
        return
    st.markdown(escape_markdown(lessons_in_words(lessons)))
    if (kept := _ask(lessons, f"live lessons {person}")) is not None:
        page_state("Live", _LEFT)["told now"] = kept
        st.rerun()


def lessons_in_words(lessons: tuple[Lesson, ...]) -> str:
    """Return how many lessons there are, by expression: ``3 lessons: happy 2, sad 1``."""
    return f"{counted(len(lessons), 'lesson')}: {taught_in_words(lessons)}"


def taught_in_words(lessons: tuple[Lesson, ...]) -> str:
    """Return what was taught, by expression: ``happy 2, sad 1``; without lessons it was taught before."""
    counts = Counter(lesson.expression for lesson in lessons)
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "what was brought back"


def _ask(lessons: tuple[Lesson, ...], key: str) -> str | None:
    """Ask in whose session lessons are kept; return what is to be told once they are."""
    # Not above: databases are not needed before somebody keeps something.
    from engine.records import consents, people, sessions
    from engine.records.lessons import PURPOSE, teach
    from pages.views.common.owner import current_owner

    owner = current_owner()
    agreed = {
        each.person.id: each.person.pseudonym
        for each in people.listed(owner)
        if not any(
            isinstance(consents.allowed(owner, each.person.id)[what], ConsentError) for what in ("records", PURPOSE)
        )
    }
    if not agreed:
        st.markdown(
            "Nobody has agreed yet to be learnt from. Create the person and take that consent on the page Sessions."
        )
        return None
    person = st.selectbox("Person", list(agreed), format_func=agreed.__getitem__, key=f"{key} person")
    visit, title = ask_session(owner, person, key)
    small_print("Numbers of the faces that were held, and what each shows. No picture.")
    if not st.button("Keep", type="primary", icon=":material/save:", key=f"{key} now"):
        return None
    visit = visit or sessions.create(owner, person, title)
    count = teach(owner, visit.id, lessons)
    return f"{counted(count, 'lesson')} kept in “{visit.title}” of {agreed[person]}."
