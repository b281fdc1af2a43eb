"""Pictures of an event that were kept by choice."""

import streamlit as st

from engine.errors import ConsentError, RecordsError
from engine.records import pictures
from engine.records.review import ReviewedEvent
from engine.records.tables import KeptRecording
from pages.views.common.guard import show_error
from pages.views.common.text import small_print

_WIDTH = 240


def show_pictures(owner: str, recording: KeptRecording, event: ReviewedEvent) -> None:
    """Show the pictures that are kept of an event, where the person agrees to that."""
    try:
        shown = [each for each in pictures.listed(owner, recording.id) if each.event == event.id]
    except ConsentError:
        return  # what the consent allows stands on its own tab
    with st.container(horizontal=True, gap="medium"):
        for each in shown:
            with st.container(width=_WIDTH, gap="xxsmall"):
                try:
                    st.image(pictures.read(owner, each.id), width=_WIDTH, alt=f"The face at the {each.moment}")
                except RecordsError as error:
                    show_error(error)
                small_print(f"{each.moment.capitalize()}; deleted on {each.delete_on:%Y-%m-%d}")
                if st.button("Delete now", key=f"sessions picture {each.id}"):
                    pictures.delete(owner, each.id)
                    st.rerun()
