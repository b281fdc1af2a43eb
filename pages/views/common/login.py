"""Logging in with the operator's own provider, and out again."""

import logging
from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitAuthError

from engine.errors import UserError
from pages.views.common.owner import is_logged_in
from pages.views.common.shared import needs_login
from pages.views.common.text import escape_markdown, small_print

_FAILED = "log in failed"
_log = logging.getLogger(__name__)


def ask_to_log_in() -> None:
    """Show who is logged in; where nobody is, but people log in here, show nothing but how to."""
    if not needs_login():
        return
    if is_logged_in():
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
            small_print(f":material/person: {escape_markdown(_name())}")
            st.button("Log out", type="tertiary", key="log out", on_click=st.logout)
        return
    st.markdown(
        "On this server everybody has their own people, data sets, trainings and recordings, which nobody else sees. "
        "Log in to come to yours."
    )
    if st.user.get("is_logged_in"):  # but nobody knows as whom
        st.error(
            "Your provider says that you are logged in, and not who you are (“iss” or “sub” is missing). Tell whoever "
            "runs this server.",
            icon=":material/error:",
        )
        st.button("Log out", key="log out", on_click=st.logout)
        st.stop()
    for provider, label in _providers().items():
        st.button(label, type="primary", key=f"log in {provider}", on_click=_log_in, args=(provider,))
    if failed := st.session_state.pop(_FAILED, ""):
        st.error(escape_markdown(failed), icon=":material/error:")
    st.stop()


def _name() -> str:
    named = st.user.get("name") or st.user.get("preferred_username") or st.user.get("email")
    return str(named or "logged in")[:60]


def _providers() -> dict[str, str]:
    """Return what each button says, by the name of its provider; the one that has none is ``""``."""
    section = st.secrets["auth"]
    if not isinstance(section, Mapping):
        raise _not_set_up()
    named = [name for name, of in section.items() if isinstance(of, Mapping) and "client_id" in of]
    return {name: f"Log in with {name}" for name in named} or {"": "Log in"}


def _log_in(provider: str) -> None:
    try:
        st.login(provider or None)
    except StreamlitAuthError:
        _log.exception("Nobody can log in")
        st.session_state[_FAILED] = str(_not_set_up())


def _not_set_up() -> UserError:
    return UserError(
        "Logging in is not set up rightly on this server.",
        "Tell whoever runs it: its console says what is missing.",
    )
