"""Changing one event: when it is, what it shows, or that it is none."""

import streamlit as st

from engine.recognition.analysis import Track
from engine.recognition.recordings import Kept
from engine.records.corrections import Correction, Move, Name, Reject, Revert
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import EVENT_KINDS
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.video.changes import change, corrections_of, expressions
from pages.views.video.times import ask_times


def show_correction(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    """Let the reader change an event."""
    with error_boundary():
        if not each.rejected:
            _form(kept, track, each)
        _buttons(kept, each)
        _before(each)


def _form(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    event = each.event
    now = (event.onset_s, event.apex_s, event.offset_s)
    key = f"video correct {kept.token} {each.id} {len(corrections_of(kept))}"
    with st.form(key, border=False):
        times = ask_times(now, kept.analysis.recording, key)
        name = st.selectbox(
            "Expression shown",
            expressions(track, each),
            accept_new_options=True,
            key=f"{key} name",
            help="The expression that the face shows, in your own judgement; a word of your own will do.",
        )
        if st.form_submit_button("Save", type="primary", icon=":material/check:"):
            # A time of which only what the field does not show differs was not touched.
            moved = any(abs(new - old) > 5e-4 for new, old in zip(times, now, strict=True))
            changes: list[Correction] = [Move(each.id, *times)] if moved else []
            if name != event.expression or not (event.decided or moved):
                changes.append(Name(each.id, name or ""))
            change(kept, *changes)
            st.rerun()


def _buttons(kept: Kept, each: ReviewedEvent) -> None:
    with st.container(horizontal=True):
        if not each.rejected and st.button(
            "This is no expression", icon=":material/block:", key=f"video reject {kept.token} {each.id}"
        ):
            change(kept, Reject(each.id))
            st.rerun()
        changed = each.rejected or each.named or each.event.origin != "spotted"
        label = "Take it away again" if each.spotted is None else "As it was spotted"
        if changed and st.button(label, icon=":material/undo:", key=f"video back {kept.token} {each.id}"):
            change(kept, Revert(each.id))
            st.rerun()


def _before(each: ReviewedEvent) -> None:
    if each.spotted is None or each.event == each.spotted:
        return
    was = each.spotted
    small_print(
        escape_markdown(
            f"Spotted as: {EVENT_KINDS[was.kind]}, {was.answer}, onset {was.onset_s:.3f} s, apex {was.apex_s:.3f} s, "
            f"offset {was.offset_s:.3f} s."
        )
    )
