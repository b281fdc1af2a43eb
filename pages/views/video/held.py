"""Which recording the page is about: its token stands in the address, so that a reload or a second tab finds it."""

import streamlit as st

from engine.images.lowlight import METHODS
from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from pages.views.common.text import escape_markdown

_ADDRESS = "recording"
_LAST, _VISIT = "video recording", "video recordings of this visit"


def current() -> StoredRecording | None:
    """Return the recording that the address names, or that this visitor looked at last; None for none."""
    token = st.query_params.get(_ADDRESS) or st.session_state.get(_LAST)
    if not token:
        return None
    kept = RECORDINGS.find(token)
    if kept is None:
        leave()
        st.warning(
            "That recording is no longer held: it was forgotten, the server was started anew, or nobody asked for it "
            f"for {RECORDINGS.idle_s / 3600:g} hours. Choose it again below; nothing of it was kept on a disk.",
            icon=":material/history:",
        )
        return None
    look_at(kept)
    return kept


def look_at(kept: StoredRecording) -> None:
    """Make a recording the page's, also after a reload."""
    st.session_state[_LAST] = kept.token
    visit = st.session_state.setdefault(_VISIT, [])
    if kept.token not in visit:
        visit.append(kept.token)
    if st.query_params.get(_ADDRESS) != kept.token:
        st.query_params[_ADDRESS] = kept.token


def leave() -> None:
    """Look at no recording; it is still held."""
    st.session_state.pop(_LAST, None)
    st.query_params.pop(_ADDRESS, None)


def forget(kept: StoredRecording) -> None:
    """Remove a recording and all that was found in it from the server's memory."""
    RECORDINGS.discard(kept.token)
    leave()


def show_held() -> None:
    """List what this visitor had analysed before and is still held."""
    found = [kept for token in st.session_state.get(_VISIT, []) if (kept := RECORDINGS.peek(token)) is not None]
    if not found:
        return
    st.header("Still held from this visit", anchor=False)
    for kept in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"video held {kept.token[:8]}"):
            light = "" if kept.enhance == "none" else f", behind {METHODS[kept.enhance]}"
            st.markdown(f"**{escape_markdown(kept.name)}**{light}", width="stretch")
            if st.button("Open", icon=":material/visibility:", key=f"video open {kept.token}"):
                look_at(kept)
                st.rerun()
            if st.button("Forget", icon=":material/delete:", key=f"video forget {kept.token}"):
                RECORDINGS.discard(kept.token)
                st.rerun()
