"""What NeuroMER is for is accepted once, before anybody's picture is given, and stored."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.records import intended_use
from engine.settings import LOCAL_OWNER
from pages.views.common.intended_use import IN_WORDS

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture(autouse=True)
def intended_use_accepted(own_data_folder):
    """Nobody has accepted anything yet."""
    return own_data_folder / intended_use.FILE


def opened(name):
    return AppTest.from_file(PAGES / f"{name}.py", default_timeout=60).run()


def asked(app):
    return any(button.label == "I understand" for button in app.button)


@pytest.mark.parametrize("name", sorted(page.stem for page in PAGES.glob("*.py")))
def test_every_page_but_home_asks_before_it_shows_anything(name):
    app = opened(name)
    assert not app.exception and not app.error
    if name == "home":
        assert not asked(app)
    else:
        assert asked(app) and len(app.button) == 1 and not app.get("file_uploader")


def test_it_is_asked_once_and_says_what_it_is_not_for(intended_use_accepted):
    app = opened("photo")
    said = " ".join(text.value for text in app.markdown)
    for words in ("cannot know what a person feels", "at work or in class", "diagnosis", "lie detection", "hiring"):
        assert words in said
    app.get_by_key("intended use accepted button").click().run()
    assert not asked(app) and app.get("file_uploader")
    held = json.loads(intended_use_accepted.read_text())
    assert list(held) == [LOCAL_OWNER] and set(held[LOCAL_OWNER]) == {"text", "accepted_at"}
    assert not asked(opened("video"))


def test_another_text_is_asked_about_anew(monkeypatch):
    intended_use.accept(LOCAL_OWNER, IN_WORDS)
    monkeypatch.setattr("pages.views.common.intended_use.IN_WORDS", IN_WORDS + " More.")
    assert asked(opened("photo"))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"local": 3}', b'{"local": {"text": []}}', b"\xff\xfe"])
def test_a_damaged_file_is_asked_about_anew_and_mended(intended_use_accepted, content):
    intended_use_accepted.write_bytes(content)
    app = opened("photo")
    assert asked(app)
    app.get_by_key("intended use accepted button").click().run()
    assert intended_use.accepted(LOCAL_OWNER, IN_WORDS)


def test_on_a_shared_server_nobody_accepts_for_the_others(monkeypatch, intended_use_accepted):
    monkeypatch.setenv("NEUROMER_SHARED", "1")
    app = opened("photo")
    app.get_by_key("intended use accepted button").click().run()
    assert not asked(app) and not intended_use_accepted.exists()
    assert asked(opened("photo"))


def test_where_nothing_can_be_written_it_holds_for_the_visit(monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(intended_use, "write_json", refuse)
    app = opened("photo")
    app.get_by_key("intended use accepted button").click().run()
    assert not asked(app) and not app.error


def test_what_others_have_accepted_is_kept(own_data_folder):
    intended_use.accept("one", IN_WORDS)
    intended_use.accept("two", IN_WORDS)
    assert intended_use.accepted("one", IN_WORDS) and intended_use.accepted("two", IN_WORDS)
    assert not intended_use.accepted("three", IN_WORDS) and not intended_use.accepted("one", "something else")
