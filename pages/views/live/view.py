"""All of the page Live that needs the camera or what works on its pictures."""

import streamlit as st

from engine.models import shipped
from engine.recognition.live import CAMERAS, LiveSettings
from engine.recognition.plastic import has_plastic_head
from pages.views.common.choose import choose_enhancement, choose_model
from pages.views.common.guard import error_boundary, show_tabs
from pages.views.common.text import small_print
from pages.views.live.answer import show_answer
from pages.views.live.camera import show_camera
from pages.views.live.events import show_events
from pages.views.live.spikes import show_spikes
from pages.views.live.teach import show_teaching

_REMEDIES = {
    "The page shows **NotAllowedError**": "The browser may not use the camera. Click the camera or the lock in its "
    "address bar, allow the camera for this page, and press Start again. On a managed machine its owner may forbid it.",
    "**NotFoundError**": "No camera was found. Plug one in, or uncover the built-in one, and press Start again.",
    "**NotReadableError** or **AbortError**": "The camera is there but busy. Close the other program or tab that uses "
    "it (a meeting, for instance), and press Start again.",
    "**OverconstrainedError**": "The camera that was chosen before is gone. Press Choose a camera and take another.",
    "**navigator.mediaDevices is undefined**": "The page is not secure. Browsers open a camera only for a page that "
    "comes over HTTPS, or from the same machine under the name localhost.",
    "Nothing, and “taking longer than expected”": "Pictures do not get through. Press Stop, and Start again. From "
    "another machine, name a TURN server that both can reach in NEUROMER_ICE_SERVERS and start NeuroMER again; without "
    "one only machines on the same network find each other, and no outside server is ever asked.",
    "**Access to the camera** in another machine’s browser": "Put NeuroMER behind a proxy with HTTPS, and name its "
    "address in server.allowedHosts of .streamlit/config.toml.",
}
_SERVER_SETTINGS = """
NEUROMER_ICE_SERVERS='[{"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}]'
NEUROMER_LIVE=4
"""


def show_live() -> None:
    """Let the reader choose what answers, and turn the camera on; show what is known while it is."""
    settings = _choose_settings()
    left, right = st.columns([5, 6], gap="large")
    frames = None
    with left, error_boundary():
        frames = show_camera(settings)
    if frames is None:
        _camera_help()
        return
    with right:
        show_answer(frames)
    show_tabs("live tabs", {"Events": show_events, "Spikes": show_spikes, "Teach it": show_teaching}, frames)


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
    small_print(
        "A red line above with **NotAllowedError** means that the browser may not use the camera: allow it in the "
        "address bar, and press Start again. **NotFoundError**: no camera was found. **NotReadableError**: another "
        "program uses it."
    )
    with st.expander("The camera does not start", icon=":material/help:"):
        st.markdown("\n".join(f"- {sign}: {remedy}" for sign, remedy in _REMEDIES.items()))
        small_print(
            "For whoever runs the server: the first line names a TURN server, the second how many cameras are watched "
            "at once, one a core unless it says otherwise."
        )
        st.code(_SERVER_SETTINGS.strip(), language="shell")
