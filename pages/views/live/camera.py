"""The camera: what answers, its stream, and all that is shown while it is on or where it does not start."""

import streamlit as st
import streamlit_webrtc

from engine import settings as limits
from engine.charts.live import as_it_is, draw_live_picture
from engine.errors import LiveError, UserError
from engine.models import shipped
from engine.recognition.live import CAMERAS, LiveFrames, LiveRunner, LiveSettings
from engine.recognition.live.addresses import keep_to_own_addresses
from engine.recognition.live.stream import UNREACHED
from engine.recognition.plastic import has_plastic_head
from pages.views.common.choose import choose_enhancement, choose_model
from pages.views.common.guard import error_boundary, show_error, show_tabs
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print
from pages.views.live.answer import show_answer
from pages.views.live.events import show_events
from pages.views.live.leaving import close_when_gone
from pages.views.live.lessons import hold_lessons, offer_what_is_left
from pages.views.live.spikes import show_spikes
from pages.views.live.teach import show_teaching

KEY = "live camera"
_WIDE = {"width": "100%", "borderRadius": "8px", "background": "#000"}
_VIDEO = {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30}}
_WORDS = {
    "start": "Start",
    "stop": "Stop",
    "select_device": "Choose a camera",
    "select_camera": "Choose a camera",
    "device_ask_permission": "Your browser asks whether this page may use the camera. Allow it to go on.",
    "device_not_available": "No camera was found. Plug one in, and try again.",
    "device_access_denied": "The browser may not use the camera. Allow it in the address bar, and try again.",
    "media_api_not_available": "This page is not secure, so that the browser keeps the camera shut. Open it over "
    "HTTPS, or as http://localhost on the machine that runs NeuroMER.",
}
_REFUSED = "refused"
_LOOK_S = 2.0  # between two looks for room
_REMEDIES = {
    "The page shows **NotAllowedError**": "The browser may not use the camera. Click the camera or the lock in its "
    "address bar, allow the camera for this page, and press Start again. On a managed machine its owner may forbid it.",
    "**NotFoundError**": "No camera was found. Plug one in, or uncover the built-in one, and press Start again.",
    "**NotReadableError** or **AbortError**": "The camera is there but busy. Close the other program or tab that uses "
    "it (a meeting, for instance), and press Start again.",
    "**OverconstrainedError**": "The camera that was chosen before is gone. Press Choose a camera and take another.",
    "**navigator.mediaDevices is undefined**": "The page is not secure. Browsers open a camera only for a page that "
    "comes over HTTPS, or from the same machine under the name localhost.",
    "Nothing, and “taking longer than expected”": f"{UNREACHED} For other machines, name this one’s address in their "
    "network in NEUROMER_LIVE_ADDRESSES, or a TURN server that both can reach in NEUROMER_ICE_SERVERS, and start "
    "NeuroMER again; no outside server is ever asked.",
    "**Access to the camera** in another machine’s browser": "Put NeuroMER behind a proxy with HTTPS, and name its "
    "address in server.allowedHosts of .streamlit/config.toml.",
}
_SERVER_SETTINGS = """
NEUROMER_ICE_SERVERS='[{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}]'
NEUROMER_LIVE_ADDRESSES=127.0.0.1,192.168.1.20
NEUROMER_LIVE=4
"""


def live_frames() -> LiveFrames:
    """Return what takes this visitor's frames; it is stopped when the page is left."""
    return page_state("Live", "camera").setdefault("frames", LiveFrames(draw_live_picture))


def show_camera(settings: LiveSettings) -> LiveFrames | None:
    """Show the camera with its buttons Start and Stop; return what takes its frames while it is on.

    Raises
    ------
    UserError
        For a choice that cannot be, or a setting that cannot be read.
    """
    frames, kept = live_frames(), page_state("Live", "camera")
    busy = _room_error(frames)
    if (error := kept.pop(_REFUSED, busy)) is not None:
        show_error(error)
        st.button("Try again", icon=":material/refresh:", key="live again")
        if busy is not None:
            st.fragment(_wait_for_room, run_every=_LOOK_S)(frames)
        return None
    keep_to_own_addresses()
    context = streamlit_webrtc.webrtc_streamer(
        KEY,
        # Named even where there are none: servers outside would be asked otherwise.
        rtc_configuration={"iceServers": limits.ice_servers()},
        media_stream_constraints={"video": _VIDEO, "audio": False},
        queued_video_frames_callback=frames.newest,
        on_video_ended=frames.ended,
        video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "playsInline": True, "style": _WIDE},
        translations=_WORDS,
        sendback_audio=False,
        # Pause does what its button for the camera would do, and says so.
        media_toggle_controls=False,
        backend="aiortc",
    )
    if not (context.state.playing or context.state.signalling):
        _clear(frames)
        return None
    close_when_gone(context, frames)
    if frames.over and not context.state.signalling:
        # The browser is about to say so, too.
        return None
    try:
        _work(frames, settings)
    except UserError as error:
        # The next run does without the stream, which shuts the camera.
        kept[_REFUSED] = error
        st.rerun()
    return frames


def _room_error(frames: LiveFrames) -> LiveError | None:
    if frames.live is None:
        try:
            CAMERAS.ask()
        except LiveError as error:
            return error
    return None


def _wait_for_room(frames: LiveFrames) -> None:
    """Offer the camera as soon as there is room."""
    if _room_error(frames) is None:
        st.rerun()


def _clear(frames: LiveFrames) -> None:
    """Let go of everything: the camera is off."""
    runner = frames.runner
    frames.close()
    if runner is not None:
        hold_lessons(runner.lessons)
    for kind in ("page", "shown", "refused"):
        page_state("Live", kind).clear()


def _work(frames: LiveFrames, settings: LiveSettings) -> None:
    runner = frames.begin(lambda: LiveRunner(settings))
    if runner.pipeline.settings != settings:
        with st.spinner("Changing the model"):
            runner.pipeline.change(settings)


def show_live() -> None:
    """Let the reader choose what answers, and turn the camera on; show what is known while it is."""
    settings = _choose_settings()
    left, right = st.columns([5, 6], gap="large")
    frames = None
    with left, error_boundary():
        frames = show_camera(settings)
    if frames is None:
        offer_what_is_left()
        _camera_help()
        return
    with right:
        calm = st.toggle(
            "Calm view",
            key="live calm",
            help="The answer in words only: nothing is drawn into the picture, nothing moves, and the answer changes "
            "once another one has held for a second.",
        )
        frames.draw = as_it_is if calm else draw_live_picture
        show_answer(frames, calm)
    # Under the picture, so that one sees the expression that one holds.
    teaching = left.expander("Teach it", icon=":material/school:", on_change="rerun", key="live teach")
    if teaching.open:
        with teaching, error_boundary():
            show_teaching(frames)
    if not calm:
        show_tabs("live tabs", {"Events": show_events, "Spikes": show_spikes}, frames)


def _choose_settings() -> LiveSettings:
    """Let the reader choose model, low light and what answers."""
    model_side, light_side, head_side = st.columns([2, 1, 2], vertical_alignment="bottom")
    with model_side:
        model = choose_model("live model", runs=True)
    with light_side:
        enhance = choose_enhancement("live low light")
    able = has_plastic_head(shipped.load(model, threads=1))
    plastic = head_side.toggle(
        "Let the spiking head answer",
        key="live plastic",
        disabled=not able,
        help="In place of the model’s last layer, spikes of its plastic head name the expression."
        if able
        else "This model has no plastic head; the default one has.",
    )
    return LiveSettings(model, enhance, plastic and able)


def _camera_help() -> None:
    """Say what may be wrong where a camera does not start, and how many are watched now."""
    small_print(f"Watched by this server now: {CAMERAS.taken} of at most {CAMERAS.most} cameras.")
    with st.expander("The camera does not start", icon=":material/help:"):
        st.markdown("\n".join(f"- {sign}: {remedy}" for sign, remedy in _REMEDIES.items()))
        small_print(
            "For whoever runs the server: the first line names a TURN server, the second how many cameras are watched "
            "at once, one a core unless it says otherwise."
        )
        st.code(_SERVER_SETTINGS.strip(), language="shell")
