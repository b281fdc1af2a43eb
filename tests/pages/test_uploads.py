"""What visitors may upload: only where a widget asked, within bounds; what nobody takes goes."""

from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime, memory_session_storage
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.web.server.starlette import starlette_app

from engine import settings
from pages.views.common import housekeeping, uploads
from pages.views.common.uploads import ABANDONED_S, BoundedUploadRequests, BoundedUploads, RefusedUploadError
from tests.coroutines import finished


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock, monkeypatch):
    """A store that holds ten bytes of each visitor, fifteen of all."""
    monkeypatch.setattr(settings, "UPLOADS_MAX_BYTES_EACH", 10)
    monkeypatch.setattr(settings, "UPLOADS_MAX_BYTES", 15)
    monkeypatch.setattr(settings, "UPLOADS_MAX_FILES", 3)
    return BoundedUploads("/_stcore/upload_file", clock)


def asked(store, visitor):
    (url,) = store.get_upload_urls(visitor, ["a.jpg"])
    return url.file_id


def give(store, visitor, data, file_id=None):
    file_id = file_id or asked(store, visitor)
    with store.arriving(visitor, file_id, len(data)):
        store.add_file(visitor, UploadedFileRec(file_id, "a.jpg", "image/jpeg", data))
    return file_id


def test_only_what_a_widget_asked_for_is_taken_and_only_once(store):
    for unasked in ("0000-1111", ""):
        with pytest.raises(RefusedUploadError, match="No page asked"):
            give(store, "me", b"1", unasked or asked(store, "somebody else"))
    mine = give(store, "me", b"1")
    with pytest.raises(RefusedUploadError, match="No page asked"):
        give(store, "me", b"2", mine)
    assert [file.data for file in store.get_files("me", [mine])] == [b"1"]


@pytest.mark.parametrize(
    ("before", "who", "size", "said"),
    [
        ([], "me", 11, "one visitor may have"),
        ([("me", 6)], "me", 5, "one visitor may have"),
        ([("me", 1)] * 3, "me", 1, "3 files of yours"),
        ([("me", 10)], "you", 6, "no room"),
        ([("me", 8), ("you", 7)], "she", 1, "no room"),
    ],
)
def test_nobody_takes_more_than_a_share(store, before, who, size, said):
    for visitor, held in before:
        give(store, visitor, b"x" * held)
    with pytest.raises(RefusedUploadError, match=said):
        give(store, who, b"x" * size)
    assert store.held() == sum(held for _, held in before)
    assert store.begin_run(who) and not store.begin_run(who), "it is said once"


def test_what_is_on_its_way_takes_room_and_what_broke_off_does_not(store):
    first, second = asked(store, "me"), asked(store, "me")
    with pytest.raises(ConnectionError), store.arriving("me", first, 8):
        with pytest.raises(RefusedUploadError), store.arriving("me", second, 8):
            pass
        raise ConnectionError
    assert store.held("me") == 0
    give(store, "me", b"x" * 8, second)
    assert store.held("me") == store.held() == 8


def test_what_no_page_takes_goes_and_what_is_shown_stays(store, clock):
    shown, left = give(store, "me", b"123"), give(store, "me", b"4567")
    store.begin_run("me")
    store.get_files("me", [shown])
    clock.now += ABANDONED_S - 1
    store.sweep()
    assert store.held("me") == 7
    clock.now += 2
    store.sweep()
    assert store.held("me") == 3 and not store.get_files("me", [left])
    store.begin_run("me")  # on another page
    clock.now += ABANDONED_S + 1
    store.sweep()
    assert store.held() == 0


def test_what_was_abandoned_makes_room_for_others(store, clock):
    give(store, "me", b"x" * 10)
    clock.now += ABANDONED_S + 1
    give(store, "you", b"x" * 10)
    assert (store.held("me"), store.held("you")) == (0, 10)


def test_a_visitor_who_left_holds_nothing(store):
    give(store, "me", b"123")
    store.remove_session_files("me")
    assert store.held() == 0 and store._visits == {}


def test_urls_that_are_never_used_are_bounded(store):
    first = asked(store, "me")
    store.get_upload_urls("me", ["a"] * 5 * uploads._ASKED_MOST)
    assert len(store._visits["me"].expected) <= uploads._ASKED_MOST
    with pytest.raises(RefusedUploadError):
        give(store, "me", b"1", first)


@pytest.fixture
def answer(store, monkeypatch):
    """Ask the server by a method and a path, announcing a length; return status and words: 204 went through."""
    monkeypatch.setattr(uploads, "uploads", lambda: store)
    run_again = []
    monkeypatch.setattr(uploads, "_run_page", run_again.append)

    async def inner(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def ask(path, length, method="PUT"):
        sent = []

        async def send(message):
            sent.append(message)

        headers = [] if length is None else [(b"content-length", str(length).encode())]
        scope = {"type": "http", "method": method, "path": path, "headers": headers}
        finished(BoundedUploadRequests(inner)(scope, None, send))
        return sent[0]["status"], sent[1]["body"].decode()

    ask.run_again = run_again
    return ask


def test_an_upload_is_judged_before_it_is_read(store, answer):
    route = "/base/_stcore/upload_file/me/"
    assert answer(route + asked(store, "me"), 10)[0] == 204
    assert answer(route + "unasked", 1)[0] == 413
    status, words = answer(route + asked(store, "me"), 11)
    assert status == 413 and "one visitor may have" in words
    assert answer.run_again == ["me", "me"], "the page says what was refused"
    for length in (None, "-1", "1e3"):
        assert answer(route + asked(store, "me"), length)[0] == 411


def test_nothing_else_is_judged(answer):
    assert answer("/_stcore/upload_file/me/unasked", None, "DELETE")[0] == 204
    assert answer("/_stcore/health", None)[0] == 204


def test_the_server_keeps_uploads_here_and_can_say_what_was_refused(monkeypatch, tmp_path):
    """What is used of Streamlit without being promised: this fails where Streamlit changes."""
    import streamlit as st

    script = tmp_path / "page.py"
    script.write_text("")
    from streamlit.runtime import memory_uploaded_file_manager

    monkeypatch.setattr(memory_uploaded_file_manager, "MemoryUploadedFileManager", None)
    monkeypatch.setattr(Runtime, "_instance", None)
    uploads.replace_store()
    runtime = st.App(script)._create_runtime()
    assert isinstance(runtime.uploaded_file_mgr, BoundedUploads) and uploads.uploads() is runtime.uploaded_file_mgr
    assert runtime._session_mgr._uploaded_file_mgr is runtime.uploaded_file_mgr
    assert runtime._session_mgr.get_active_session_info("nobody") is None
    assert uploads._ROUTE.strip("/") == starlette_app.BASE_ROUTE_UPLOAD_FILE
    assert {"request_rerun", "shutdown"} <= vars(AppSession).keys()


def test_visitors_who_left_are_forgotten_though_nobody_comes(monkeypatch):
    storage = memory_session_storage.MemorySessionStorage(ttl_seconds=0)
    storage.save(SimpleNamespace(session=SimpleNamespace(id="me")))
    assert len(storage._cache._data) == 1
    runtime = SimpleNamespace(_session_mgr=SimpleNamespace(_session_storage=storage))
    monkeypatch.setattr(housekeeping.runtime, "get_instance", lambda: runtime)
    housekeeping.forget_visitors()
    assert len(storage._cache._data) == 0
    assert "_session_storage" in WebsocketSessionManager.__init__.__code__.co_names


@pytest.mark.parametrize(("there", "collected"), [(0, 1), (1, 0)])
def test_what_they_left_in_cycles_is_collected_while_nobody_is_there(monkeypatch, there, collected):
    runtime = SimpleNamespace(_session_mgr=SimpleNamespace(num_active_sessions=lambda: there))
    monkeypatch.setattr(housekeeping.runtime, "get_instance", lambda: runtime)
    calls = []
    monkeypatch.setattr(housekeeping.gc, "collect", lambda: calls.append(1))
    housekeeping.collect_when_alone()
    assert len(calls) == collected
    assert callable(WebsocketSessionManager.num_active_sessions)
