"""Pictures of an event that were kept by choice."""

import base64

import streamlit as st

from engine.errors import ConsentError, RecordsError
from engine.records import pictures
from engine.records.event_pictures import JPEG, MP4
from engine.records.review import ReviewedEvent
from engine.records.tables import KeptRecording, Picture
from pages.views.common.guard import show_error
from pages.views.common.text import small_print

_WIDTH = 240
_MOMENTS = {"onset": "Onset", "apex": "Apex", "photo": "The face", "clip": "Slow replay"}


def show_pictures(owner: str, recording: KeptRecording, event: ReviewedEvent) -> None:
    """Show the pictures that are kept of an event, where the person agrees to that."""
    try:
        mine = [each for each in pictures.listed(owner, recording.id) if each.event == event.id]
        shown = sorted(mine, key=lambda each: pictures.MOMENTS.index(each.moment))
    except ConsentError:
        return  # what the consent allows stands on its own tab
    with st.container(horizontal=True, gap="medium"):
        for each in shown:
            with st.container(width=_WIDTH, gap="xxsmall"):
                try:
                    _show(pictures.read(owner, each.id), each)
                except RecordsError as error:
                    show_error(error)
                small_print(f"{_MOMENTS[each.moment]}; deleted on {each.delete_on:%Y-%m-%d}")
                if st.button("Delete now", key=f"sessions picture {each.id}"):
                    pictures.delete(owner, each.id)
                    st.rerun()


def _show(data: bytes, picture: Picture) -> None:
    words = _MOMENTS[picture.moment]
    if picture.mime == MP4:
        st.video(data, MP4, loop=True, muted=True, width=_WIDTH, alt=words)
    else:
        # In the page itself, not at an address that the server would have to remember it for.
        st.image(f"data:{JPEG};base64,{base64.b64encode(data).decode()}", width=_WIDTH, alt=words)
