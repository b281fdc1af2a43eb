from types import SimpleNamespace

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from pages.views.video import served


@pytest.fixture
def manager(monkeypatch):
    """Streamlit's own, with visits that a test names."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(served, "get_instance", lambda: SimpleNamespace(media_file_mgr=manager))
    manager.visit = lambda name: monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: name)
    manager.visit("first")
    return manager


def held(manager, address):
    return manager.read_file(address.rsplit("/", 1)[1].partition(".")[0]) is not None


def test_a_forgotten_recording_is_served_to_no_visit_and_others_are(manager):
    mine = served.serve("mine", b"a visit", "video/mp4", "player source")
    manager.visit("after a reload")
    assert served.serve("mine", b"a visit", "video/mp4", "player source") == mine
    other = served.serve("other", b"another visit", "video/mp4", "player two")
    assert held(manager, mine) and held(manager, other)
    served.stop_serving("mine")
    assert not held(manager, mine) and held(manager, other)
    served.stop_serving("mine")
    served.stop_serving("never served")
    manager.clear_session_refs("first")
    manager.remove_orphaned_files()
    assert held(manager, other)
