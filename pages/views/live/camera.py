"""The camera's stream, and what works on it as long as it is on."""

import streamlit as st
import streamlit_webrtc

from engine import settings as limits
from engine.charts.live_picture import draw_live_picture
from engine.errors import LiveError, UserError
from engine.recognition.live import CAMERAS, LiveFrames, LiveRunner, LiveSettings
from pages.views.common.guard import show_error
from pages.views.common.page_state import page_state

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
    frames.close()
    for kind in ("page", "shown", "refused"):
        page_state("Live", kind).clear()


def _work(frames: LiveFrames, settings: LiveSettings) -> None:
    runner = frames.begin(lambda: LiveRunner(settings))
    if runner.pipeline.settings != settings:
        with st.spinner("Changing the model"):
            runner.pipeline.change(settings)
