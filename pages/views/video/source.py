"""Where a recording comes from: a file, or an example drawn by a program."""

import streamlit as st

from engine import settings
from engine.recognition.video.recordings import RECORDINGS
from pages.views.common.choose import choose_enhancement
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import release_upload
from pages.views.common.text import one_line
from pages.views.video.held import look_at, show_held

FORMATS = ("mp4", "m4v", "mov", "avi", "webm", "mkv")
UPLOAD, EXAMPLE = "Upload", "Example"


def choose_source() -> None:
    """Let the reader bring a recording or take an example; either is analysed at once."""
    source_side, light_side = st.columns([4, 1])
    with source_side:
        source = st.segmented_control(
            "Recording from", [UPLOAD, EXAMPLE], default=UPLOAD, required=True, key="video source"
        )
    with light_side:
        enhance = choose_enhancement("video low light")
    with error_boundary():
        _upload(enhance) if source == UPLOAD else _example(enhance)
    show_held()


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
            "A face that fills a fifth of the picture or more, evenly lit, at 30 pictures a second, better 60: "
            "micro-expressions last half a second at most. No recording at hand? Choose “Example” above."
        )
        return
    look_at(RECORDINGS.keep(one_line(file.name) or "recording", file.getvalue(), enhance))
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
        look_at(RECORDINGS.keep_example(name, name, enhance))
        st.rerun()
