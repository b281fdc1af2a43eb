"""The page Sessions: a person, consent, what is kept, corrected, compared, and deleted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.records import audit, consents, database, kept, keys, people, pictures, sessions
from engine.records.corrections import Name
from tests.records.kept_people import ME, later, person, recording, session
from tests.records.recorded import analysis, track

PAGE = Path(__file__).parents[2] / "pages" / "sessions.py"


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())
    yield
    database.close()


def opened(**address):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return checked(app.run())


@pytest.fixture(autouse=True)
def no_navigation(monkeypatch):
    """Only a page's first run without a browser knows the others."""
    monkeypatch.setattr("streamlit.page_link", lambda page, label, **more: st.markdown(label))


def checked(app):
    assert not app.exception
    return app


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    return checked(app.run())


def write(app, key, value):
    next(each for each in [*app.text_input, *app.text_area, *app.number_input] if each.key == key).set_value(value)
    return app


def texts(app):
    return "\n".join(each.value for each in [*app.markdown, *app.info, *app.success, *app.warning, *app.error])


def told(app):
    """The same without the escapes that keep others' words from being Markdown."""
    return texts(app).replace("\\", "")


def tab(app, name):
    app.session_state["sessions tabs"] = name
    return checked(app.run())


def test_a_first_hour_from_person_to_correction():
    app = opened()
    assert "Nobody yet" in texts(app)
    press(write(app, "sessions pseudonym", "P-01"), "Create")
    (made,) = people.listed(ME)
    assert app.query_params["person"] == made.person.id
    assert "Nothing is agreed yet" in told(app)
    press(app, "Keep this consent")
    (consent,) = consents.listed(ME, made.person.id)
    assert consent.purposes == ["records"] and consent.given_by == "the person"
    press(write(app, "sessions title", "first visit"), "Create")
    (visit,) = sessions.listed(ME, made.person.id)
    assert app.query_params["session"] == visit.session.id
    assert "Nothing is kept in this session yet" in texts(app)
    there = recording(visit.session)
    checked(app.run())
    assert "person 1" not in texts(app)
    press(app, "sad")
    assert kept.review(ME, there.id).corrections.log == (Name("1-1", "sad"),)
    press(app, "Next event")
    press(app, "This is no expression")
    assert [each.said["do"] for each in kept.history(ME, there.id)] == ["name", "reject"]
    assert any(str(each.options[1]).endswith("rejected") for each in app.selectbox if each.label == "Look at event")
    press(app, "Undo")
    assert kept.review(ME, there.id).corrections.log == (Name("1-1", "sad"),)


def test_an_empty_page_offers_somebody_who_does_not_exist():
    app = press(opened(), "Try it with a made-up person")
    assert "the faces are drawn, and show nobody" in told(app)
    assert "synthetic" in app.header[0].value
    assert list(app.dataframe[0].value["title"]) == ["Visit 3", "Visit 2", "Visit 1"]
    assert "Try it" not in [each.label for each in opened().button]


def test_every_key_is_shown_and_none_stands_twice():
    visit = session()
    recording(visit)
    app = opened(session=visit.id)
    shown = [each.proto.shortcut for each in app.button if each.proto.shortcut]
    assert len(shown) == len(set(shown))
    assert {"j", "k", "x", "z", "1", "7"} <= set(shown)


def test_two_windows_that_change_one_event():
    visit = session()
    there = recording(visit)
    app = opened(session=visit.id)
    kept.correct(ME, there.id, Name("1-1", "fear"))
    press(app, "sad")
    assert "Event 1-1 was changed in another window" in told(app)
    assert [each.expression for each in kept.review(ME, there.id).corrections.log] == ["fear"]
    press(app, "sad")
    assert [each.expression for each in kept.review(ME, there.id).corrections.log] == ["fear", "sad"]


def test_two_windows_that_take_back():
    visit = session()
    there = recording(visit)
    kept.correct(ME, there.id, Name("1-1", "fear"))
    app = opened(session=visit.id)
    kept.correct(ME, there.id, Name("1-2", "fear"))
    press(app, "Undo")
    assert "Something else was changed in another window" in told(app)
    assert len(kept.review(ME, there.id).corrections) == 2


def test_two_windows_that_write_the_words():
    visit = session()
    app = opened(session=visit.id)
    sessions.write_words(ME, visit.id, "theirs")
    press(write(app, f"sessions words {visit.id} text", "mine"), "Keep these words")
    assert "was changed in another window" in told(app) and "In another window was written: theirs" in told(app)
    press(app, "Keep these words")
    assert sessions.get(ME, visit.id).words == "mine"


def test_notes_and_words_are_kept():
    visit = session()
    there = recording(visit)
    app = opened(session=visit.id)
    write(app, "sessions note text", "smiled *twice*")
    press(write(app, f"sessions note at {there.id}", 2.5), "Write it down")
    assert ", 2.50 s into interview.mp4" in told(app) and "smiled \\*twice\\*" in texts(app)
    press(write(app, f"sessions words {visit.id} text", "calm"), "Keep these words")
    assert sessions.get(ME, visit.id).words == "calm"
    checked(app.run())
    press(app, "Delete")
    assert not sessions.notes(ME, visit.id)


def test_sessions_are_compared():
    made = person()
    for day in range(3):
        held = datetime.now(UTC) - timedelta(days=10 - day)
        visit = sessions.create(ME, made.id, f"visit {day}", held)
        recording(visit, analysis(track(events=track().events[: day + 1])))
    app = tab(opened(person=made.id), "Over time")
    assert len(app.get("plotly_chart")) == 1
    (table,) = app.dataframe
    assert list(table.value["events"]) == [1, 2, 3]
    assert list(table.value["title"]) == ["visit 0", "visit 1", "visit 2"]


def test_once_consent_has_ended_nothing_is_shown(monkeypatch):
    made = person()
    visit = session(made)
    recording(visit)
    now = audit.now() + timedelta(days=40)
    monkeypatch.setattr(audit, "now", lambda: now)
    for address in ({"person": made.id}, {"session": visit.id}):
        app = opened(**address)
        assert "consent of “P-01” ended on" in told(app)
        assert not app.dataframe
        assert not app.get("plotly_chart")


def test_consent_taken_back_takes_the_pictures_along():
    made = person()
    there = recording(session(made))
    pictures.keep(ME, there.id, b"a face", "image/jpeg", "apex", "1-1", later(10))
    app = tab(opened(person=made.id), "Consent")
    press(app, "Taken back by the person")
    with database.reading() as db:
        assert not pictures.of_person(db, people.get(ME, made.id))


def test_a_person_is_deleted_only_by_their_pseudonym_and_with_a_receipt():
    made = person()
    recording(session(made))
    app = tab(opened(person=made.id), "This person")
    write(app, "sessions delete sure", "P-02")
    press(app, "Delete for good")
    assert "another pseudonym; nothing was deleted" in texts(app)
    write(app, "sessions delete sure", "P-01")
    press(app, "Delete for good")
    assert people.listed(ME) == []
    assert "Deleted on" in texts(app)
    press(app, "Put away")
    assert "Deleted on" not in texts(app)


@pytest.mark.parametrize("address", [{"person": "0" * 32}, {"session": "no such thing"}, {"person": "'; DROP TABLE"}])
def test_an_address_of_nothing_is_said(address):
    app = opened(**address)
    assert "There is no" in texts(app)


def test_somebody_elses_is_as_if_it_were_not_there():
    other = person(owner="another")
    visit = session(other, owner="another")
    for address in ({"person": other.id}, {"session": visit.id}):
        assert "There is no" in texts(opened(**address))


def test_files_leave_only_by_consent():
    visit = session(person(purposes=("records",)))
    recording(visit)
    app = opened(session=visit.id)
    assert "has not agreed to: write reports and files" in told(app)
    assert not app.get("download_button")


def test_a_sessions_report_is_offered_with_pictures_only_where_they_are_agreed_to():
    for purposes, toggles in ((("records", "sharing"), 0), (("records", "sharing", "pictures"), 1)):
        app = opened(session=session(person(f"P-{toggles}", purposes)).id)
        labels = [each.proto.label for each in app.get("download_button")]
        assert labels[:2] == ["Report, PDF", "Report, HTML"]
        assert [each.label for each in app.toggle] == ["With the pictures that are kept"] * toggles


def test_what_people_wrote_is_shown_as_they_wrote_it():
    made = person("[link](http://evil.example) :red[x]")
    visit = session(made, "**bold** $x$")
    recording(visit, analysis(file="![x](http://evil.example/a.png).mp4"))
    for app in (opened(person=made.id), opened(session=visit.id)):
        for each in [*app.markdown, *app.header]:
            assert "](http" not in each.value and "**bold**" not in each.value
