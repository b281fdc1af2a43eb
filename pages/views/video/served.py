"""Bytes of a recording that the server holds ready for browsers, and no longer once it is forgotten."""

import streamlit as st
from streamlit.runtime import get_instance

_SERVED: dict[str, set[str]] = {}
"""By the recording's token, what Streamlit calls the files."""


def serve(token: str, data: bytes, mime: str, place: str) -> str:
    """Return the address at which Streamlit serves bytes of a recording from this server's memory.

    Parameters
    ----------
    token
        Of the recording.
    data, mime
        What is served, and its media type.
    place
        Tells it from others on the page.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    address = get_instance().media_file_mgr.add(data, mime, place)
    _SERVED.setdefault(token, set()).add(address.rsplit("/", 1)[1].partition(".")[0])
    return f"/{base}{address}" if base else address


def stop_serving(token: str) -> None:
    """Serve nothing of a recording any more, also to visits that are over.

    A page that was reloaded leaves its first visit behind, for which Streamlit would hold the bytes for two minutes.
    """
    files = _SERVED.pop(token, set())
    if not files:
        return
    manager = get_instance().media_file_mgr
    with manager._lock:
        for held in manager._files_by_session_and_coord.values():
            for place in [place for place, file in held.items() if file in files]:
                del held[place]
    manager.remove_orphaned_files()
