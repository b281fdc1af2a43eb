"""Which recording the page is about: where it comes from, which are held, and how far its analysis is."""

from functools import partial

import streamlit as st

from engine import settings
from engine.images.lowlight import METHODS
from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from pages.views.common.choose import choose_enhancement
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import release_upload, visitor
from pages.views.common.task import show_task, watch
from pages.views.common.text import escape_markdown, one_line, small_print

FORMATS = ("mp4", "m4v", "mov", "3gp", "avi", "webm", "mkv", "ts", "mts", "m2ts", "mpg", "mpeg", "wmv")
UPLOAD, EXAMPLE = "Upload", "Example"
_ADDRESS = "recording"
_LAST, _VISIT = "video recording", "video recordings of this visit"


def choose_source() -> None:
    """Let the reader bring a recording or take an example; either is analysed at once."""
    source_side, light_side = st.columns([4, 1])
    source = source_side.segmented_control(
        "Recording from", [UPLOAD, EXAMPLE], default=UPLOAD, required=True, key="video source"
    )
    with light_side:
        enhance = choose_enhancement("video low light")
    with error_boundary():
        _upload(enhance) if source == UPLOAD else _example(enhance)
    _show_stored()


def _upload(enhance: str) -> None:
    file = st.file_uploader(
        "Recording of one or more faces",
        type=list(FORMATS),
        max_upload_size=settings.RECORDING_MAX_BYTES // 2**20,
        key="video file",
        help="It stays in this machine's memory, is written to no disk, and is gone when you forget it here.",
    )
    if file is None:
        st.markdown(
            "A face that fills a fifth of the picture or more, evenly lit, at 30 frames a second, better 60: "
            "micro-expressions last half a second at most. No recording at hand? Choose “Example” above."
        )
        return
    open_recording(RECORDINGS.keep(one_line(file.name) or "recording", file.getvalue(), enhance, visitor=visitor()))
    release_upload(file)
    st.rerun()


def _example(enhance: str) -> None:
    # Not above: compiled code that draws faces.
    with st.spinner("Opening the examples"):
        from engine.synthetic import EXAMPLES

    name = st.selectbox("Example", list(EXAMPLES), key="video example", width=480)
    st.markdown(
        "**Synthetic**: every face is drawn by a program and shows no person. When each expression begins and ends is "
        "known exactly, so that you can see what was found and what was missed."
    )
    if st.button("Draw and analyse it", type="primary", icon=":material/play_arrow:", key="video example start"):
        open_recording(RECORDINGS.keep_example(name, name, enhance, visitor=visitor()))
        st.rerun()


def show_progress(stored: StoredRecording) -> None:
    """Show how far the analysis of a recording is, live, or why it ended without a result."""
    watch(partial(RECORDINGS.find, stored.token), _show, stored.status.alive)


def _show(stored: StoredRecording) -> None:
    forget, token = partial(forget_recording, stored), stored.token
    with show_task(stored.status, stored.name, forget, f"video cancel {token}"):
        if stored.status.alive:
            small_print("It goes on when you close this page; its address leads back to it.")
        else:
            st.button("Choose another", icon=":material/arrow_back:", key=f"video other {token}", on_click=forget)


def current_recording() -> StoredRecording | None:
    """Return the recording that the address names, or that this visitor looked at last; None for none."""
    token = st.query_params.get(_ADDRESS) or st.session_state.get(_LAST)
    if not token:
        return None
    stored = RECORDINGS.find(token)
    if stored is None:
        close_recording()
        st.warning(
            "That recording is no longer held: it was forgotten, the server was started anew, or nobody asked for it "
            f"for {RECORDINGS.idle_s / 3600:g} hours. Choose it again below; nothing of it was kept on a disk.",
            icon=":material/history:",
        )
        return None
    open_recording(stored)
    return stored


def open_recording(stored: StoredRecording) -> None:
    """Make a recording the page's, also after a reload."""
    st.session_state[_LAST] = stored.token
    visit = st.session_state.setdefault(_VISIT, [])
    if stored.token not in visit:
        visit.append(stored.token)
    if st.query_params.get(_ADDRESS) != stored.token:
        st.query_params[_ADDRESS] = stored.token


def close_recording() -> None:
    """Look at no recording; it is still held."""
    st.session_state.pop(_LAST, None)
    st.query_params.pop(_ADDRESS, None)


def forget_recording(stored: StoredRecording) -> None:
    """Remove a recording and all that was found in it from the server's memory."""
    RECORDINGS.discard(stored.token)
    close_recording()


def _show_stored() -> None:
    """List what this visitor had analysed before and is still held."""
    found = [stored for token in st.session_state.get(_VISIT, []) if (stored := RECORDINGS.peek(token)) is not None]
    if not found:
        return
    st.header("Still held from this visit", anchor=False)
    for stored in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"video held {stored.token[:8]}"):
            light = "" if stored.enhance == "none" else f", behind {METHODS[stored.enhance]}"
            named = ", ".join(f"person {person} at {at_s:.2f} s" for person, at_s in stored.rests.items())
            rest = "" if stored.own_rest else ", faces as they are"
            rest += f", rest named of {named}" if named else ""
            st.markdown(f"**{escape_markdown(stored.name)}**{light}{rest}", width="stretch")
            if st.button("Open", icon=":material/visibility:", key=f"video open {stored.token}"):
                open_recording(stored)
                st.rerun()
            if st.button("Forget", icon=":material/delete:", key=f"video forget {stored.token}"):
                RECORDINGS.discard(stored.token)
                st.rerun()
