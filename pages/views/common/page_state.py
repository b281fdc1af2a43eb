"""What a page keeps between its runs: in this session's memory only, and only while that page is open."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_PREFIX = "held by "


def page_state(page: str, kind: str) -> dict[Any, Any]:
    """Return a page's dictionary of a kind, empty at first."""
    return st.session_state.setdefault(f"{_PREFIX}{page}: {kind}", {})


def cached(kept: dict[Any, Any], name: Hashable, make: Callable[[], Any], most: int) -> Any:
    """Return what is kept under a name, made where it is not; beyond so many entries the oldest goes."""
    if name not in kept:
        while len(kept) >= most:
            del kept[next(iter(kept))]
        kept[name] = make()
    return kept[name]


def clear_other_pages(page: str) -> None:
    """Drop what every other page holds; what can be closed is closed."""
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith(_PREFIX) and not key.startswith(f"{_PREFIX}{page}: "):
            for each in st.session_state.pop(key).values():
                if callable(close := getattr(each, "close", None)):
                    close()


def visitor() -> str:
    """Return what tells this visitor, which is a tab of a browser, from all others."""
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def release_upload(file: "UploadedFile") -> None:
    """Have Streamlit forget an uploaded file, which it would keep in memory until its visitor leaves.

    The widget that brought it must not be drawn again with it.
    """
    context = get_script_run_ctx()
    # The manager that Streamlit comes with can remove one file; another one may only know of whole visits.
    remove = getattr(getattr(context, "uploaded_file_mgr", None), "remove_file", None)
    if remove is not None:
        remove(session_id=context.session_id, file_id=file.file_id)
