"""What may be wrong where a camera does not start, and what it takes from another machine."""

import streamlit as st

from engine.recognition.live import ROOM
from pages.views.common.text import small_print

_NEEDS = {
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


def show_needs() -> None:
    """Say what may be wrong where a camera does not start, and how many are watched now."""
    small_print(f"Watched by this server now: {ROOM.inside} of at most {ROOM.most} cameras.")
    small_print(
        "A red line above with **NotAllowedError** means that the browser may not use the camera: allow it in the "
        "address bar, and press Start again. **NotFoundError**: no camera was found. **NotReadableError**: another "
        "program uses it."
    )
    with st.expander("The camera does not start", icon=":material/help:"):
        st.markdown("\n".join(f"- {sign}: {remedy}" for sign, remedy in _NEEDS.items()))
