"""Files to take home."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine import settings

_TYPES = {
    "csv": "text/csv",
    "eaf": "text/xml",
    "html": "text/html",
    "json": "application/json",
    "mp4": "video/mp4",
    "npz": "application/octet-stream",
    "pdf": "application/pdf",
    "png": "image/png",
    "zip": "application/zip",
}


def download_button(
    label: str, data: str | bytes | Callable[[], str | bytes], file: str, key: str, **more: Any
) -> None:
    """Offer a file; the page is not drawn anew when it is taken.

    Parameters
    ----------
    label
        On the button.
    data
        What is in the file, or what makes it when it is asked for. On a page that draws itself anew it has to be made
        before: Streamlit drops what was made on request after two runs.
    file
        Its name; the ending says what it is.
    key
        Of the button.
    more
        As ``st.download_button`` takes them: ``help``, ``disabled``.
    """
    kind = _TYPES[file.rpartition(".")[2]]
    if callable(data):
        data = _made_for(settings.owner(), data)
    st.download_button(
        label, data, f"neuromer-{file}", kind, key=key, icon=":material/download:", on_click="ignore", **more
    )


def _made_for(owner: str, make: Callable[[], str | bytes]) -> Callable[[], str | bytes]:
    # Streamlit makes it in a thread that knows of no visitor.
    def made() -> str | bytes:
        with settings.on_behalf_of(owner):
            return make()

    return made
