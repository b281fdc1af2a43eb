"""A server that several people open says so, and takes only the paths that its operator allows."""

import os
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.errors import DataError
from pages.views.common import shared

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture
def listening(monkeypatch):
    """Let the server listen where a test says."""
    known = st.get_option
    told = {"server.address": "127.0.0.1"}
    monkeypatch.setattr(st, "get_option", lambda name: told[name] if name in told else known(name))
    return lambda address: told.update({"server.address": address})


@pytest.mark.parametrize(
    ("address", "said", "expected"),
    [
        ("127.0.0.1", "", False),
        ("127.0.0.2", "0", False),
        ("::1", "no", False),
        ("localhost", "", False),
        ("127.0.0.1", "1", True),
        ("0.0.0.0", "", True),
        ("::", "0", True),
        ("192.168.1.20", "", True),
        (None, "", True),
        ("", "", True),
        ("unix:///run/neuromer.sock", "", True),
        ("lab.example.org", "", True),
    ],
)
def test_who_can_open_it_is_told_by_where_it_listens_or_by_its_operator(
    listening, monkeypatch, address, said, expected
):
    listening(address)
    monkeypatch.setenv("NEUROMER_SHARED", said)
    assert shared.is_shared() is expected


@pytest.mark.parametrize("page", ["datasets", "train", "evaluate"])
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_pages_with_everybodys_things_say_whose_they_are(listening, page, address):
    listening(address)
    app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60).run()
    assert not app.exception
    said = any("sees, cancels and removes" in text.value for text in app.markdown)
    assert said is (address == "0.0.0.0")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two allowed folders, one that is not, and ways between them."""
    for name in ("sets", "more", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.zip").write_bytes(b"")
    (tmp_path / "sets" / "out").symlink_to(tmp_path / "secret")
    (tmp_path / "secret" / "in").symlink_to(tmp_path / "sets")
    monkeypatch.setenv("NEUROMER_PATHS", os.pathsep.join([str(tmp_path / "sets"), "", str(tmp_path / "more")]))
    return tmp_path


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(
    ("named", "allowed"),
    [
        ("sets/a.zip", True),
        ("sets", True),
        ("more/a.zip", True),
        ("more/none.zip", True),
        ("secret/in/a.zip", True),
        ("secret/a.zip", False),
        ("secret/none.zip", False),
        ("sets/../secret/a.zip", False),
        ("sets/out/a.zip", False),
        ("setsecret", False),
        ("/etc/passwd", False),
        ("~root", False),
        ("a\0b", False),
    ],
)
def test_paths_are_taken_only_below_the_folders_allowed(listening, folders, address, named, allowed):
    listening(address)
    path = named if named[0] in "/~" else f"{folders}/{named}"
    if allowed:
        assert shared.allowed_path(path) == Path(path).resolve()
    else:
        with pytest.raises(DataError, match="lies in no folder that is allowed|is no path"):
            shared.allowed_path(path)


def test_without_folders_a_machine_of_ones_own_takes_any_path_and_a_shared_one_none(listening, tmp_path):
    assert shared.allowed_path(str(tmp_path)) == tmp_path.resolve()
    listening("0.0.0.0")
    with pytest.raises(DataError, match="allows no paths"):
        shared.allowed_path(str(tmp_path))


def test_a_shared_server_does_not_offer_paths(listening):
    listening("0.0.0.0")
    app = AppTest.from_file(str(PAGES / "datasets.py"), default_timeout=60)
    app.session_state["datasets source"] = "Path on this machine"
    app.run()
    assert not app.exception and not app.text_input(key="datasets name 0").value
    assert "datasets path 0" not in [box.key for box in app.text_input]


def test_a_path_that_is_not_allowed_starts_nothing(listening, folders, own_data_folder):
    app = AppTest.from_file(str(PAGES / "datasets.py"), default_timeout=60).run()
    app.segmented_control(key="datasets source").set_value("Path on this machine").run()
    app.text_input(key="datasets path 0").set_value("/etc/passwd").run()
    app.button(key="datasets import").click().run()
    (error,) = app.error
    assert "allowed here" in error.value and "root:" not in error.value
    assert not list((own_data_folder / "jobs").glob("*/job.json"))
