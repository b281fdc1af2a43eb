"""Whose records, data sets, runs and recordings a visitor sees."""

import hashlib

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine import settings
from engine.errors import UserError
from pages.views.common.shared import is_shared, needs_login

_LOG_IN = UserError("Nobody is logged in.", "Log in again.")


def is_logged_in() -> bool:
    """Tell whether this visitor is known."""
    return all(st.user.get(claim) for claim in ("is_logged_in", "iss", "sub"))


def current_owner() -> str:
    """Return the owner of what this visitor keeps: whoever is logged in, or the one local user where nobody logs in.

    Somebody who is logged in is told by what their provider never changes and never gives to anybody else: the issuer
    and the subject (OpenID Connect Core 1.0, section 2). Of both only the hash is kept, no name and no address.

    Raises
    ------
    UserError
        Where people log in, and this visitor is not.
    """
    if get_script_run_ctx() is None or not needs_login():  # without a visitor the server keeps house
        return settings.LOCAL_OWNER
    if not is_logged_in():
        raise _LOG_IN
    return hashlib.sha256(f"{st.user['iss']}\n{st.user['sub']}".encode()).hexdigest()[:32]


def is_personal() -> bool:
    """Tell whether `current_owner` is one person: on a shared server without login it is everybody."""
    return needs_login() or not is_shared()
