"""What happens to a camera's pictures, before it may be turned on."""

from urllib.parse import urlsplit

import streamlit as st

from pages.views.common.text import escape_markdown

_PROMISE = (
    "- Pictures go from your browser to the machine that runs NeuroMER, **{where}**, and to no other.\n"
    "- They are looked at **in memory** and written to no disk. Of each face the latest seconds are held as small "
    "pictures, so that an expression that came and went can be seen again.\n"
    "- **Stop** the camera, and pictures and events are gone; you are asked whether to keep what you taught. Leave "
    "this page, and everything is gone. Only what you save as a file or keep in a session yourself stays.\n"
    "- There is no sound. Whoever else is in front of the camera is seen too: ask first."
)


def ask_consent() -> bool:
    """Say what happens to pictures, and ask whether the camera may be turned on."""
    agrees = st.toggle(
        "I know what happens to the camera’s pictures, and whoever is in front of it agrees",
        key="live consent",
        help="The camera stays off until you press Start below, too.",
    )
    where = urlsplit(_address()).hostname or "localhost"
    with st.expander("What happens to the pictures", icon=":material/lock:", expanded=not agrees):
        st.markdown(_PROMISE.format(where="yours" if _is_local(where) else escape_markdown(where)))
    if not agrees:
        _warn_insecure(where)
    return agrees


def _warn_insecure(where: str) -> None:
    if urlsplit(_address()).scheme == "http" and not _is_local(where):
        st.warning(
            "This page does not come over HTTPS. Browsers open a camera only for a secure page: open it as "
            "http://localhost on the machine that runs NeuroMER, or put NeuroMER behind a proxy with HTTPS.",
            icon=":material/lock_open:",
        )


def _address() -> str:
    return st.context.url or ""


def _is_local(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
