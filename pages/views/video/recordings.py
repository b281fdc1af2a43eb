"""Which recording the page is about: where it comes from, which are held, and how far its analysis is."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from engine import settings
from engine.charts.layout import percent
from engine.errors import UserError
from engine.images.lowlight import METHODS
from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from engine.tasks import Status
from pages.views.common.choose import choose_enhancement
from pages.views.common.guard import error_boundary, show_error
from pages.views.common.page_state import page_state, release_upload, visitor
from pages.views.common.task import show_task, watch
from pages.views.common.text import escape_markdown, one_line, small_print
from pages.views.video.served import stop_serving

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
    # A new widget after each upload: one that is drawn again would bring the same files once more.
    held = page_state("Video", "upload")
    files = st.file_uploader(
        "Recording of one or more faces",
        type=list(FORMATS),
        accept_multiple_files=True,
        max_upload_size=settings.RECORDING_MAX_BYTES // 2**20,
        key=f"video file {held.get('number', 0)}",
        help="They stay in this machine's memory, are written to no disk, and are gone when you forget them here.",
    )
    for error in held.pop("refused", []):
        show_error(error)
    if not files:
        st.markdown(
            "A face that fills a fifth of the picture or more, evenly lit, at 30 frames a second, better 60: "
            "micro-expressions last half a second at most. Several files at once will do. No recording at hand? Choose "
            "“Example” above."
        )
        return
    for file in files:
        name = one_line(file.name) or "recording"
        try:
            kept = RECORDINGS.keep(name, file.getvalue(), enhance, visitor=visitor())
        except UserError as error:
            said = UserError(f"{name}: {error.what}" if len(files) > 1 else error.what, error.remedy)
            held.setdefault("refused", []).append(said)
        else:
            if len(files) == 1:
                open_recording(kept)
            _remember(kept)
        release_upload(file)
    held["number"] = held.get("number", 0) + 1
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
    token, here = st.query_params.get(_ADDRESS), page_state("Video", "address")
    if not token and not here.get("shown"):
        # Whoever comes from another page finds the recording that was looked at last; whoever goes back, the list.
        token = st.session_state.get(_LAST)
    if not token:
        close_recording()
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
    page_state("Video", "address")["shown"] = True
    _remember(stored)
    if st.query_params.get(_ADDRESS) != stored.token:
        st.query_params[_ADDRESS] = stored.token


def _remember(stored: StoredRecording) -> None:
    """List a recording among those of this visit."""
    visit = st.session_state.setdefault(_VISIT, [])
    if stored.token not in visit:
        visit.append(stored.token)


def close_recording() -> None:
    """Look at no recording; it is still held."""
    st.session_state.pop(_LAST, None)
    page_state("Video", "address").pop("shown", None)
    st.query_params.pop(_ADDRESS, None)


def forget_recording(stored: StoredRecording) -> None:
    """Remove a recording and all that was found in it from the server's memory."""
    RECORDINGS.discard(stored.token)
    if stored.example is None:  # others may be watching the same example
        stop_serving(stored.token)
    close_recording()


def _show_stored() -> None:
    """List what this visitor brought and is still held, and how far each is."""
    found = _held()
    if not found:
        return
    st.header("Still held from this visit", anchor=False)
    watch(_Held, lambda held: _show_list(held.recordings), any(each.status.alive for each in found))


class _Held:
    """All recordings of this visit as one piece of work, which ends with the last of them."""

    def __init__(self) -> None:
        self.recordings = _held()

    @property
    def status(self) -> Status:
        alive = [each.status for each in self.recordings if each.status.alive]
        return alive[0] if alive else Status("finished")


def _held() -> list[StoredRecording]:
    tokens = st.session_state.get(_VISIT, [])
    return [stored for token in tokens if (stored := RECORDINGS.peek(token)) is not None]


def _show_list(found: list[StoredRecording]) -> None:
    for stored in found:
        with st.container(horizontal=True, vertical_alignment="center", key=f"video held {stored.token[:8]}"):
            st.markdown(f"**{escape_markdown(stored.name)}**{_how(stored)}  \n{_state(stored)}", width="stretch")
            # Callbacks: a list that refreshes itself would lose a click.
            st.button(
                "Open",
                icon=":material/visibility:",
                key=f"video open {stored.token}",
                on_click=_press,
                args=(open_recording, stored),
            )
            st.button(
                "Forget",
                icon=":material/delete:",
                key=f"video forget {stored.token}",
                on_click=_press,
                args=(forget_recording, stored),
            )
    # A click in a part of the page draws that part only; both buttons change the rest as well.
    if page_state("Video", "list").pop("pressed", False):
        st.rerun()


def _press(act: Callable[[StoredRecording], None], stored: StoredRecording) -> None:
    act(stored)
    page_state("Video", "list")["pressed"] = True


def _how(stored: StoredRecording) -> str:
    light = "" if stored.enhance == "none" else f", behind {METHODS[stored.enhance]}"
    named = ", ".join(f"person {person} at {at_s:.2f} s" for person, at_s in stored.rests.items())
    rest = "" if stored.own_rest else ", faces as they are"
    return light + rest + (f", rest named of {named}" if named else "")


def _state(stored: StoredRecording) -> str:
    if stored.analysis is not None:
        # Not above: not needed before something was found.
        from engine.records.corrections import NONE, corrected
        from pages.views.common.answer_words import recording_headline

        return recording_headline(corrected(stored.analysis, stored.corrections or NONE))
    if stored.status.alive:
        done = f", {percent(stored.status.share)}" if stored.status.state == "running" else ""
        return f"{escape_markdown(stored.status.words)}{done}"
    return f"could not be analysed: {escape_markdown(stored.status.what)}"
