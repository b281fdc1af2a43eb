"""Changing a recording's events: when one is, what it shows, or that it is none. Every change can be undone."""

from typing import Protocol

import streamlit as st

from engine.recognition.analysis import Analysis, Recording, Track
from engine.records.corrections import Correction, Corrections, Move, Name, Reject, Revert, reviewed
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import EVENT_KINDS
from pages.views.common.text import escape_markdown, small_print

_MICRO_CLASSES = ("negative", "positive", "surprise")
"""What micro-expressions are answered by."""
_NAMES = {
    "Onset": "The last moment before the face begins to move.",
    "Apex": "The moment at which the expression is strongest.",
    "Offset": "The first moment at which the face is at rest again.",
}
_DIGITS = "123456789"


class Reviewable(Protocol):
    """A recording whose events are reviewed: one that is held in memory, or kept in a session."""

    @property
    def page(self) -> str:
        """The page's name, with which keys of widgets begin."""

    @property
    def token(self) -> str:
        """Tells the recording from others."""

    @property
    def analysis(self) -> Analysis:
        """What was found."""

    @property
    def corrections(self) -> Corrections:
        """What was changed."""

    def change(self, *changes: Correction) -> None:
        """Make changes, all of them or none; raises UserError where one does not fit."""

    def undo(self) -> None:
        """Take the last change back."""


def events_of(review: Reviewable, track: Track) -> list[ReviewedEvent]:
    """Return a person's events in order, the rejected ones too."""
    return [each for each in reviewed(review.analysis, review.corrections) if each.person == track.person]


def expression_names(track: Track, each: ReviewedEvent | None = None) -> list[str]:
    """Return the names that an event may be given without typing."""
    own = [] if each is None else [each.event.expression, *each.event.probabilities]
    return list(dict.fromkeys([*own, *track.labels, *_MICRO_CLASSES]))


def ask_times(times: tuple[float, float, float], recording: Recording, key: str) -> tuple[float, float, float]:
    """Ask for three times of a recording.

    Parameters
    ----------
    times
        What stands there at first, in seconds.
    recording
        One step is one of its pictures.
    key
        Unlike that of any other question on the page.
    """
    step = round(1 / recording.fps, 4) if recording.fps > 0 else 0.04
    asked = []
    for column, (name, told), value in zip(st.columns(3), _NAMES.items(), times, strict=True):
        with column:
            asked.append(
                st.number_input(
                    f"{name} (s)",
                    0.0,
                    max(recording.duration_s, value),
                    float(value),
                    step,
                    format="%.3f",
                    key=f"{key} {name}",
                    help=told,
                )
            )
    onset, apex, offset = asked
    return onset, apex, offset


def show_correction(review: Reviewable, track: Track, each: ReviewedEvent) -> None:
    """Let the reader change an event."""
    if not each.rejected:
        _names(review, track, each)
        _form(review, track, each)
    _buttons(review, each)
    _show_spotted(each)


def _names(review: Reviewable, track: Track, each: ReviewedEvent) -> None:
    """Offer the first names by a key each."""
    with st.container(horizontal=True):
        for digit, name in zip(_DIGITS, expression_names(track), strict=False):
            if st.button(
                escape_markdown(name),
                key=f"{review.page} name {review.token} {each.id} {digit}",
                shortcut=digit,
                type="primary" if each.event.decided and name == each.event.expression else "secondary",
            ):
                review.change(Name(each.id, name))
                st.rerun()


def _form(review: Reviewable, track: Track, each: ReviewedEvent) -> None:
    event = each.event
    before = (event.onset_s, event.apex_s, event.offset_s)
    key = f"{review.page} correct {review.token} {each.id} {len(review.corrections)}"
    with st.form(key, border=False):
        # A photo has no times.
        lasts = review.analysis.recording.duration_s > 0
        times = ask_times(before, review.analysis.recording, key) if lasts else before
        name = st.selectbox(
            "Expression shown",
            expression_names(track, each),
            accept_new_options=True,
            key=f"{key} name",
            help="The expression that the face shows, in your own judgement; a word of your own will do.",
        )
        if st.form_submit_button("Save", type="primary", icon=":material/check:"):
            # A time of which only what the field does not show differs was not touched.
            moved = any(abs(new - old) > 5e-4 for new, old in zip(times, before, strict=True))
            changes: list[Correction] = [Move(each.id, *times)] if moved else []
            if name != event.expression or not (event.decided or moved):
                changes.append(Name(each.id, name or ""))
            review.change(*changes)
            st.rerun()


def _buttons(review: Reviewable, each: ReviewedEvent) -> None:
    with st.container(horizontal=True):
        if not each.rejected and st.button(
            "This is no expression",
            icon=":material/block:",
            key=f"{review.page} reject {review.token} {each.id}",
            shortcut="X",
        ):
            review.change(Reject(each.id))
            st.rerun()
        changed = each.rejected or each.named or each.event.origin != "spotted"
        label = "Take it away again" if each.spotted is None else "As it was spotted"
        if changed and st.button(
            label, icon=":material/undo:", key=f"{review.page} back {review.token} {each.id}", shortcut="B"
        ):
            review.change(Revert(each.id))
            st.rerun()


def _show_spotted(each: ReviewedEvent) -> None:
    if each.spotted is None or each.event == each.spotted:
        return
    was = each.spotted
    when = f", onset {was.onset_s:.3f} s, apex {was.apex_s:.3f} s, offset {was.offset_s:.3f} s"
    small_print(
        escape_markdown(f"Spotted as: {EVENT_KINDS[was.kind]}, {was.answer}{when if was.kind != 'photo' else ''}.")
    )
