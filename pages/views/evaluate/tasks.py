"""What was asked for on this page: it is worked out in a process of its own, and the page stays usable meanwhile."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from engine.tasks import Status
from engine.tasks.memory import MemoryTask
from pages.views.common.page_state import page_state
from pages.views.common.task import show_task, watch


@dataclass
class _Asked:
    title: str
    key: Hashable
    task: MemoryTask

    @property
    def status(self) -> Status:
        return self.task.status

    def close(self) -> None:
        self.task.cancel()

    __del__ = close  # whoever asked has left


def ask(place: str, title: str, key: Hashable, function: Callable[..., Any], **asked: Any) -> None:
    """Have something worked out, and draw the page anew.

    Parameters
    ----------
    place
        Where on the page it is shown: see `show_asked`.
    title
        For people.
    key
        What its result is kept under.
    function, asked
        As `engine.tasks.memory.MemoryTask` takes them.
    """
    _asked()[place] = _Asked(title, key, MemoryTask(function, **asked))
    st.rerun()


def show_asked(place: str, kept: dict[Any, Any]) -> bool:
    """Show how far it is what was asked for in a place of the page, and keep its result; tell whether it is at work."""
    asked = _asked().get(place)
    if asked is None:
        return False
    status = asked.status
    if status.state == "finished":
        kept[asked.key] = _asked().pop(place).task.result
        st.rerun()
    watch(lambda: _asked().get(place), partial(_show, place), status.alive)
    return status.alive


def _asked() -> dict[str, _Asked]:
    return page_state("Evaluate", "asked")


def _show(place: str, asked: _Asked) -> None:
    show_task(asked.status, asked.title, asked.close, f"evaluate cancel {place}")
