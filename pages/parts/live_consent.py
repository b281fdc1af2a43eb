"""What happens to a camera's pictures, before it may be turned on; and what it takes from another machine."""

from urllib.parse import urlsplit

import streamlit as st

from engine.recognition.live import ROOM
from pages.parts.plain import small

_PROMISE = (
    "- Pictures go from your browser to the machine that runs NeuroMER, **{where}**, and to no other.\n"
    "- They are looked at **in memory** and written to no disk. Of each face the latest seconds are held as small "
    "pictures, so that an expression that came and went can be seen again.\n"
    "- **Stop** the camera, or leave this page, and everything is gone: pictures, events, and what you taught. Only "
    "what you save as a file yourself stays.\n"
    "- There is no sound. Whoever else is in front of the camera is seen too: ask first."
)
_NEEDS = {
    "The page shows **NotAllowedError**": "The browser may not use the camera. Click the camera or the lock in its "
    "address bar, allow the camera for this page, and press Start again. On a managed machine its owner may forbid it.",
    "**NotFoundError**": "No camera was found. Plug one in, or uncover the built-in one, and press Start again.",
    "**NotReadableError** or **AbortError**": "The camera is there but busy. Close the other program or tab that uses "
    "it (a meeting, for instance), and press Start again.",
    "**OverconstrainedError**": "The camera that was chosen before is gone. Press Choose a camera and take another.",
    "**navigator.mediaDevices is undefined**": "The page is not secure. Browsers open a camera only for a page that "
    "comes over HTTPS, or from the same machine under the name localhost.",
    "Nothing, and “taking longer than expected”": "Pictures do not get through. From another machine, name a TURN "
    "server that both can reach in NEUROMER_ICE_SERVERS and start NeuroMER again; without one only machines on the "
    "same network find each other, and no outside server is ever asked.",
    "**Access to the camera** in another machine’s browser": "Put NeuroMER behind a proxy with HTTPS, and name its "
    "address in server.allowedHosts of .streamlit/config.toml.",
}


def agreed() -> bool:
    """Say what happens to pictures, and ask whether the camera may be turned on."""
    agrees = st.toggle(
        "I know what happens to the camera’s pictures, and whoever is in front of it agrees",
        key="live consent",
        help="The camera stays off until you press Start below, too.",
    )
    where = urlsplit(_address()).hostname or "localhost"
    with st.expander("What happens to the pictures", icon=":material/lock:", expanded=not agrees):
        st.markdown(_PROMISE.format(where="yours" if _own(where) else where.replace("*", "")))
    if not agrees:
        _insecure(where)
    return agrees


def show_needs() -> None:
    """Say what may be wrong where a camera does not start, and how many are watched now."""
    st.markdown(small(f"Watched by this server now: {ROOM.inside} of at most {ROOM.most} cameras."))
    st.markdown(
        small(
            "A red line above with **NotAllowedError** means that the browser may not use the camera: allow it in the "
            "address bar, and press Start again. **NotFoundError**: no camera was found. **NotReadableError**: another "
            "program uses it."
        )
    )
    with st.expander("The camera does not start", icon=":material/help:"):
        st.markdown("\n".join(f"- {sign}: {remedy}" for sign, remedy in _NEEDS.items()))


def _insecure(where: str) -> None:
    if urlsplit(_address()).scheme == "http" and not _own(where):
        st.warning(
            "This page does not come over HTTPS. Browsers open a camera only for a secure page: open it as "
            "http://localhost on the machine that runs NeuroMER, or put NeuroMER behind a proxy with HTTPS.",
            icon=":material/lock_open:",
        )


def _address() -> str:
    return st.context.url or ""


def _own(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
