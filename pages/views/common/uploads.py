"""What visitors upload, until a page has taken it: only where a widget asked, so much of each and so much of all.

Streamlit keeps any number of files of any visitor, under any name, until the visit is over. It has no setting for that:
its store of uploads is replaced here, for the whole process, and each upload is judged before its bytes are read.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec, UploadFileUrlInfo

from engine import settings
from engine.errors import UserError
from engine.words import counted

_ROUTE = "/_stcore/upload_file/"
_ASKED_MOST = 2 * settings.UPLOADS_MAX_FILES
ABANDONED_S = 60.0
"""An upload that the page's latest run did not take is abandoned so long after anything was last uploaded or run."""


class RefusedUploadError(UserError):
    """An upload that is not taken."""


@dataclass
class _Visit:
    """One visitor's uploads."""

    expected: dict[str, None] = field(default_factory=dict)  # ids that a widget asked for, the oldest first
    arriving: dict[str, int] = field(default_factory=dict)  # bytes that are on their way, by id
    shown: set[str] = field(default_factory=set)  # what the latest run of the page has taken
    refused: dict[str, None] = field(default_factory=dict)
    latest: float = 0.0  # when something was last on its way, or the page last began to run


class BoundedUploads(memory_uploaded_file_manager.MemoryUploadedFileManager):
    """Holds what visitors upload, within bounds.

    Parameters
    ----------
    upload_endpoint
        See the class that it extends.
    clock
        In seconds.
    """

    def __init__(self, upload_endpoint: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(upload_endpoint)
        self._clock = clock
        self._visits: dict[str, _Visit] = {}
        self._judging = threading.RLock()

    def get_upload_urls(self, session_id: str, file_names: Sequence[str]) -> list[UploadFileUrlInfo]:
        """Return where files may be uploaded to; nothing else is taken."""
        urls = super().get_upload_urls(session_id, file_names[:_ASKED_MOST])
        with self._judging:
            expected = self._visits.setdefault(session_id, _Visit()).expected
            expected.update(dict.fromkeys(each.file_id for each in urls))
            for each in list(expected)[:-_ASKED_MOST]:
                del expected[each]
        return urls

    def get_files(self, session_id: str, file_ids: Sequence[str]) -> list[UploadedFileRec]:
        """Return files to a widget; from now on the page shows them."""
        with self._judging:
            if (visit := self._visits.get(session_id)) is not None:
                visit.shown.update(file_ids)
        return super().get_files(session_id, file_ids)

    def remove_session_files(self, session_id: str) -> None:
        """Forget a visitor."""
        with self._judging:
            self._visits.pop(session_id, None)
        super().remove_session_files(session_id)

    def begin_run(self, session_id: str) -> list[str]:
        """Note that a page begins to run, which takes what it shows; return why uploads were refused since the last."""
        with self._judging:
            if (visit := self._visits.get(session_id)) is None:
                return []
            visit.shown, visit.latest = set(), self._clock()
            refused, visit.refused = list(visit.refused), {}
            return refused

    def held(self, session_id: str | None = None) -> int:
        """Return how many bytes are held or on their way, of one visitor or of all."""
        with self._judging:
            visits = self._visits if session_id is None else {session_id: self._visits.get(session_id, _Visit())}
            arriving = sum(sum(visit.arriving.values()) for visit in visits.values())
            return arriving + sum(len(file.data) for each in visits for file in self._files(each))

    @contextmanager
    def arriving(self, session_id: str, file_id: str, size: int) -> Iterator[None]:
        """Hold room for a file while it is on its way.

        Parameters
        ----------
        session_id, file_id
            Whose and which.
        size
            Bytes that were announced.

        Raises
        ------
        RefusedUploadError
            Where no widget asked for it, or there is no room.
        """
        with self._judging:
            visit = self._visits.get(session_id)
            if visit is None or file_id not in visit.expected:
                raise RefusedUploadError("No page asked for this file.", "Choose it again on the page.")
            try:
                self._judge(session_id, size)
            except RefusedUploadError as error:
                visit.refused[str(error)] = None
                raise
            del visit.expected[file_id]
            visit.arriving[file_id] = size
        try:
            yield
        finally:
            with self._judging:
                visit.arriving.pop(file_id, None)
                visit.latest = self._clock()

    def sweep(self) -> None:
        """Drop what is abandoned."""
        with self._judging:
            for session_id, visit in list(self._visits.items()):
                if not visit.arriving and self._clock() - visit.latest > ABANDONED_S:
                    for file in self._files(session_id):
                        if file.file_id not in visit.shown:
                            self.remove_file(session_id, file.file_id)

    def _judge(self, session_id: str, size: int) -> None:
        own, files = self.held(session_id), len(self._files(session_id))
        most = settings.UPLOADS_MAX_BYTES_EACH
        if files >= settings.UPLOADS_MAX_FILES:
            raise RefusedUploadError(
                f"{counted(files, 'file')} of yours are held here, and no more are taken.", "Remove some and try again."
            )
        if own + size > most:
            raise RefusedUploadError(
                f"{_megabytes(own)} of yours are held here; with this file of {_megabytes(size)} it would be more than "
                f"the {_megabytes(most)} that one visitor may have.",
                "Remove some, or give fewer at a time.",
            )
        if self.held() + size > settings.UPLOADS_MAX_BYTES:
            self.sweep()
        if (held := self.held()) + size > settings.UPLOADS_MAX_BYTES:
            raise RefusedUploadError(
                f"The server holds {_megabytes(held)} of all visitors' files and has no room for {_megabytes(size)}.",
                "Try again in a few minutes.",
            )

    def _files(self, session_id: str) -> list[UploadedFileRec]:
        return list(self.file_storage.get(session_id, {}).values())


def replace_store() -> None:
    """Let the server that is about to start keep uploads in a `BoundedUploads`."""
    memory_uploaded_file_manager.MemoryUploadedFileManager = BoundedUploads  # type: ignore[misc]


def uploads() -> BoundedUploads | None:
    """Return the running server's store; None where a page runs without one, as in a test."""
    store = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    return store if isinstance(store, BoundedUploads) else None


class BoundedUploadRequests:
    """Judges each upload before its bytes are read.

    Parameters
    ----------
    app
        The server's own application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse: 411 without a length, 413 without a widget that asked for it or without room."""
        store = uploads()
        _, route, named = scope.get("path", "").rpartition(_ROUTE)
        session_id, _, file_id = named.partition("/")
        if scope["type"] != "http" or scope["method"] != "PUT" or not route or store is None:
            await self.app(scope, receive, send)
            return
        length = Request(scope).headers.get("content-length", "")
        if not length.isdecimal():
            await PlainTextResponse("The file's length is missing.", 411)(scope, receive, send)
            return
        try:
            with store.arriving(session_id, file_id, int(length)):
                await self.app(scope, receive, send)
        except RefusedUploadError as error:
            _run_page(session_id)
            await PlainTextResponse(str(error), 413)(scope, receive, send)


def _run_page(session_id: str) -> None:
    """Have a visitor's page run again, so that it says what was refused: the upload widget itself shows a number."""
    manager = getattr(runtime.get_instance(), "_session_mgr", None)
    found = None if manager is None else manager.get_active_session_info(session_id)
    if found is not None:
        found.session.request_rerun(found.session._client_state)


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MB"
