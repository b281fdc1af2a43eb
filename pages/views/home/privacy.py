"""What happens to what a visitor gives, and how that was checked."""

import streamlit as st

from pages.views.common.guard import section
from pages.views.common.shared import is_shared, needs_login


def show_privacy() -> None:
    """Say that nothing leaves the machine, what was checked, and what is known not to hold."""
    machine = "the machine that this server runs on" if is_shared() else "this machine"
    login = (
        "Your log-in goes to the provider that this server's operator has chosen; of it only who you are comes back."
        if needs_login()
        else "There are no accounts."
    )
    with section(f"Nothing leaves {machine}"):
        st.markdown(
            f"Photos, recordings and the camera's picture are looked at on {machine}. They are held in memory, are "
            "forgotten when you remove them or leave, and are stored only where you press a button that says so. "
            f"{login} There are no statistics, and nothing is fetched from elsewhere."
        )
        with st.expander("How that was checked"):
            st.markdown(
                "- Whole sessions were run with every call to the operating system recorded: photos, recordings, a "
                "camera, training. No connection led to another machine, and no file was written that nobody had asked "
                "for.\n"
                "- In every test with a real browser each address that it asks for is noted. All were this server's.\n"
                "- One gap is known: where the server runs without a window of its own and nobody has opened it yet, a "
                "page of another site that knocks at it makes it ask outside for this machine's address."
            )
