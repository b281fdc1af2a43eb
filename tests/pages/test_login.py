"""Where the operator names a provider, nobody sees anything before they are logged in, and then only their own."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit as st
from streamlit.errors import StreamlitAuthError
from streamlit.testing.v1 import AppTest

from engine import settings
from engine.errors import DataError
from engine.recognition.video.recordings import RECORDINGS
from engine.records import intended_use
from pages.views.common.intended_use import IN_WORDS, ask_once
from pages.views.common.owner import current_owner
from pages.views.common.shared import allowed_path
from tests.records.kept_people import person, recording, session

PAGES = Path(__file__).parents[2] / "pages"
NAMES = sorted(page.stem for page in PAGES.glob("*.py"))
AT_WORK = "its address leads back to it"
ISSUER = "https://provider.example.org"


class Secrets(dict):
    """What the operator wrote; ``None`` for a file that cannot be read."""

    sound = True

    def load_if_toml_exists(self):
        return self.sound


@pytest.fixture
def secrets(monkeypatch):
    """An operator who has named a provider."""
    said = Secrets(auth={"client_id": "neuromer"})
    monkeypatch.setattr(st, "secrets", said)
    monkeypatch.setattr(settings, "_owner", settings._owner)
    return said


@pytest.fixture
def log_in(secrets, monkeypatch):
    """Let the visitor be somebody; nobody at first."""

    def as_somebody(subject, **claims):
        user = {"is_logged_in": True, "iss": ISSUER, "sub": subject} | claims if subject else {"is_logged_in": False}
        monkeypatch.setattr(st, "user", user)
        return subject and owner_of(subject)

    as_somebody(None)
    return as_somebody


def owner_of(subject, issuer=ISSUER):
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:32]


def opened(name, **address):
    app = AppTest.from_file(PAGES / f"{name}.py", default_timeout=60)
    app.query_params.update(address)
    return app.run()


def labels(app):
    return [button.label for button in app.button]


def words(app):
    said = (*app.title, *app.header, *app.markdown, *app.error, *app.warning, *app.info)
    return " ".join([*(text.value for text in said), *(option for box in app.selectbox for option in box.options)])


@pytest.mark.parametrize("name", NAMES)
def test_every_page_shows_nothing_but_how_to_log_in(log_in, name):
    app = opened(name)
    assert not app.exception and not app.error
    assert labels(app) == ["Log in"] and not app.get("file_uploader") and not app.header and not app.tabs
    assert "which nobody else sees" in words(app)


def test_who_is_logged_in_comes_to_the_page_and_can_leave(log_in):
    log_in("a", name="Ada *Example*")
    app = opened("photo")
    assert "Log out" in labels(app) and app.get("file_uploader") and r"Ada \*Example\*" in words(app)


def test_without_a_provider_nothing_is_asked(secrets):
    del secrets["auth"]
    app = opened("photo")
    assert not {"Log in", "Log out"} & set(labels(app)) and app.get("file_uploader")


def test_several_providers_have_a_button_each(secrets, log_in):
    secrets["auth"] = {"clinic": {"client_id": "x"}, "university": {"client_id": "y"}, "client_kwargs": {"scope": "z"}}
    assert labels(opened("home")) == ["Log in with clinic", "Log in with university"]


@pytest.mark.parametrize("section", ["yes", 3, []])
def test_a_section_that_is_none_lets_nobody_in(secrets, log_in, section):
    secrets["auth"] = section
    app = opened("photo")
    assert "not set up rightly" in app.error[0].value and not app.get("file_uploader")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_read_lets_nobody_in(secrets, monkeypatch, tmp_path, name):
    secrets.sound = False
    known, broken = st.get_option, tmp_path / "secrets.toml"
    broken.write_text("[auth")
    monkeypatch.setattr(st, "get_option", lambda key: [str(broken)] if key == "secrets.files" else known(key))
    app = opened(name)
    assert not app.exception and "cannot be read" in app.error[0].value and not app.button


def test_a_provider_that_does_not_answer_is_a_sentence(log_in, monkeypatch, caplog):
    def refuse(_):
        raise StreamlitAuthError("the key client_secret is missing")

    monkeypatch.setattr(st, "login", refuse)
    app = opened("photo")
    app.get_by_key("log in ").click().run()
    assert "not set up rightly" in app.error[0].value and "client_secret" not in words(app)
    assert "client_secret" in caplog.text


@pytest.mark.parametrize("said", [{"iss": ISSUER}, {"iss": ISSUER, "sub": ""}, {"sub": "a"}, {"iss": "", "sub": "a"}])
def test_a_log_in_that_does_not_say_who_it_is_opens_nothing(log_in, monkeypatch, said):
    monkeypatch.setattr(st, "user", {"is_logged_in": True, "email": "a@example.org"} | said)
    app = opened("sessions")
    assert "not who you are" in app.error[0].value and labels(app) == ["Log out"]


def test_the_owner_is_told_by_issuer_and_subject_and_names_nobody(log_in):
    app = AppTest.from_string(
        "import streamlit as st\nfrom pages.views.common.owner import current_owner\nst.text(current_owner())"
    )
    log_in("a", email="somebody@example.org")
    first = app.run().text[0].value
    assert first == owner_of("a") and "somebody" not in first
    log_in("b")
    second = app.run().text[0].value
    log_in("a", iss="https://other.example.org")
    assert len({first, second, app.run().text[0].value}) == 3
    log_in(None)
    assert app.run().exception
    assert current_owner() == settings.LOCAL_OWNER, "the server that keeps house is nobody's visitor"


def test_the_intended_use_is_accepted_by_each(log_in, monkeypatch):
    monkeypatch.setattr("pages.views.common.guard.ask_once", ask_once)
    intended_use.accept(log_in("a"), IN_WORDS)
    assert "I understand" not in labels(opened("photo"))
    log_in("b")
    assert "I understand" in labels(opened("photo"))


def test_where_people_log_in_the_machine_is_not_theirs_whatever_it_listens_on(log_in, monkeypatch, tmp_path):
    monkeypatch.setenv("NEUROMER_SHARED", "")
    monkeypatch.setattr(st, "get_option", lambda name: "127.0.0.1" if name == "server.address" else None)
    with pytest.raises(DataError, match="allows no paths"):
        allowed_path(str(tmp_path))


@pytest.mark.parametrize("named", [".", "data", "data/owners/a/datasets/faces", "data/../data/records.db"])
def test_a_path_to_what_people_keep_is_not_taken(log_in, monkeypatch, tmp_path, named):
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NEUROMER_PATHS", str(tmp_path))
    assert allowed_path(str(tmp_path / "sets")) == (tmp_path / "sets").resolve()
    with pytest.raises(DataError, match="what people keep"):
        allowed_path(str(tmp_path / named))


def test_what_is_made_when_it_is_taken_home_is_made_for_whom_it_was_offered(log_in, monkeypatch):
    offered = []
    monkeypatch.setattr(st, "download_button", lambda _, make, *__, **___: offered.append(make))
    app = AppTest.from_string(
        "from engine import settings\n"
        "from pages.views.common.downloads import download_button\n"
        "from pages.views.common.owner import current_owner\n"
        "settings.ask_for_owner(current_owner)\n"
        "download_button('Owner', lambda: settings.library_folder().name, 'owner.csv', 'owner')"
    )
    owners = [log_in(subject) for subject in "ab" if (log_in(subject), app.run())]
    with ThreadPoolExecutor(1) as thread:
        assert [thread.submit(make).result() for make in offered] == owners
        assert thread.submit(settings.owner).result() == settings.LOCAL_OWNER


@pytest.fixture
def theirs(log_in, monkeypatch):
    """Somebody's person, session and recordings, kept and in memory; afterwards another one is logged in."""
    owner = log_in("a")
    someone = person("Seven77", owner=owner)
    visit = session(someone, "their visit", owner=owner)
    film = recording(visit, owner=owner)
    settings.ask_for_owner(lambda: owner)
    held = RECORDINGS.keep_example("Two people", "their recording")
    log_in("b")
    yield {"person": someone.id, "session": visit.id, "kept": film.id, "recording": held.token}
    settings.ask_for_owner(lambda: owner)
    RECORDINGS.discard(held.token)


@pytest.mark.parametrize("name", NAMES)
def test_an_address_of_somebody_elses_opens_nothing(theirs, name):
    app = opened(name, **theirs)
    assert not app.exception
    said = words(app)
    assert "Seven77" not in said and "their visit" not in said and AT_WORK not in said


def test_the_same_address_opens_it_for_whom_it_belongs_to(theirs, log_in):
    log_in("a")
    assert "Seven77" in words(opened("sessions", person=theirs["person"]))
    assert "their visit" in words(opened("sessions", person=theirs["person"], session=theirs["session"]))
    assert AT_WORK in words(opened("video", recording=theirs["recording"]))
