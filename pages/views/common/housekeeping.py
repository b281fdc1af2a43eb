"""What the server does by itself, whether anybody looks at a page or not: it lets go of what nobody needs any more."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from streamlit import runtime

from engine import memory, settings
from engine.records.sweeping import Sweeper
from pages.views.common.uploads import uploads

EVERY_S = 15.0
_log = logging.getLogger(__name__)
_by_date = Sweeper()


@asynccontextmanager
async def housekeeping(_: st.App) -> AsyncIterator[None]:
    """Keep house as long as the server is up; what `streamlit.App` takes as its ``lifespan``."""
    memory.share_heaps()
    at_work = asyncio.create_task(_keep_house())
    try:
        yield
    finally:
        at_work.cancel()
        with suppress(asyncio.CancelledError):
            await at_work


async def _keep_house() -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            forget_visitors()
            collect_when_alone()
            await asyncio.to_thread(sweep)
        except Exception:
            _log.exception("Something could not be swept")


def forget_visitors() -> None:
    """Forget visitors who left longer ago than ``server.disconnectedSessionTTL``; on the server's own thread.

    Streamlit forgets them when the next one leaves, which may be tomorrow.
    """
    storage = getattr(_sessions(), "_session_storage", None)
    if storage is not None:
        storage._cache.expire()


def collect_when_alone() -> None:
    """Collect what departed visitors left in cycles; only while nobody is there, who would notice the pause."""
    count = getattr(_sessions(), "num_active_sessions", None)
    if count is not None and count() == 0:
        gc.collect()


def _sessions() -> Any:
    return getattr(runtime.get_instance(), "_session_mgr", None)


def sweep() -> None:
    """Let go of uploads, recordings, files and memory that nobody needs any more, and of pictures past their date."""
    if (store := uploads()) is not None:
        store.sweep()
    libraries = settings.library_folders()
    # Not above: the server starts without what only some pages need.
    if any((library / "datasets").is_dir() for library in libraries):
        from engine.datasets import store as sets

        sets.sweep()
    if any((library / "jobs").is_dir() for library in libraries):
        from engine.tasks import task

        task.sweep()
    _by_date.look()
    memory.let_go_of_idle()
