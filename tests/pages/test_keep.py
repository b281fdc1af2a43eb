"""“Keep in a session” as the pages offer it: where, whom, which pictures, and what is said afterwards."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.records import database, kept, keys, people, pictures, sessions
from tests.records.kept_people import ME, person, session
from tests.records.recorded import analysis, track


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())
    yield
    database.close()


def page():
    import streamlit as st

    from pages.views.common.keep import offer_to_keep

    st.page_link = lambda page, label, **more: st.markdown(label)  # there is no navigation here
    offer_to_keep("video", st.session_state["found"], "test")


def opened(found):
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["found"] = found
    app.session_state["test keep"] = True
    app.run()
    assert not app.exception
    return app


def found(*people_seen, pictures=None):
    from pages.views.common.keep import Found

    return lambda: Found(analysis(*map(track, people_seen or (1,))), pictures=pictures or {})


def choose(app, label, value):
    boxes = [*app.get("button_group"), *app.selectbox, *app.text_input]
    next(each for each in boxes if each.label == label).set_value(value)
    app.run()
    return app


def press(app):
    next(each for each in app.button if each.label == "Keep").click()
    app.run()
    assert not app.exception
    return app


def said(app):
    return "\n".join(each.value for each in [*app.markdown, *app.success, *app.warning, *app.error]).replace("\\", "")


def test_nothing_is_found_or_opened_before_somebody_asks():
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["found"] = lambda: 1 / 0
    assert not app.run().exception
    assert not database.is_there()


def test_without_anybody_it_says_where_to_begin():
    assert "Create a person and take consent on the page Sessions first" in said(opened(found()))


def test_it_is_kept_where_was_chosen_and_can_be_opened():
    visit = session(title="first visit")
    session(person("P-02"))
    app = press(opened(found()))
    assert "Kept in “first visit”." in said(app)
    assert [each.kind for each in kept.listed(ME, visit.id)] == ["video"]
    assert "Open that session" in said(app)
    assert "is in this session already" in said(press(app))


def test_a_new_session_is_made_only_once_it_is_kept():
    made = person()
    app = opened(found())
    assert sessions.count(ME, made.id) == 0
    choose(app, "Title", "second visit")
    press(app)
    assert "is in this session already" in said(press(app))  # not in one more new one
    (visit,) = sessions.listed(ME, made.id)
    assert (visit.session.title, visit.recordings) == ("second visit", 1)


def test_of_several_faces_only_those_that_are_the_persons():
    visit = session()
    app = opened(found(1, 2))
    assert next(each for each in app.button if each.label == "Keep").disabled
    press(choose(app, "Faces that are this person’s", [2]))
    (there,) = kept.listed(ME, visit.id)
    assert [each.person for each in kept.review(ME, there.id).analysis.tracks] == [2]


def test_pictures_are_kept_only_where_they_are_chosen():
    visit = session()
    shown = {"Onset and apex": lambda each: {"apex": np.zeros((8, 8, 3), np.uint8)}}
    app = opened(found(pictures=shown))
    assert not app.date_input
    choose(app, "Pictures too, encrypted", ["Onset and apex"])
    assert "with 3 pictures" in said(press(app))
    (there,) = kept.listed(ME, visit.id)
    assert len(pictures.listed(ME, there.id)) == 3


@pytest.mark.parametrize("without", ["consent", "key"])
def test_without_consent_or_key_no_picture_is_kept(monkeypatch, without):
    visit = session(person(purposes=("records",) if without == "consent" else ("records", "pictures")))
    app = opened(found(pictures={"Onset and apex": lambda each: {"apex": np.zeros((8, 8, 3), np.uint8)}}))
    if without == "key":
        monkeypatch.setenv(keys.VARIABLE, "a word")
        choose(app, "Pictures too, encrypted", ["Onset and apex"])
        assert "is no key of 32 bytes" in said(app)
    else:
        assert not app.get("button_group")
    press(app)
    (there,) = kept.listed(ME, visit.id)
    with database.reading() as db:
        assert not pictures.of_person(db, people.listed(ME)[0].person)
    assert there.kind == "video"


def test_once_consent_has_ended_it_is_said_and_nothing_is_kept():
    from engine.records import consents

    made = person()
    visit = session(made)
    consents.withdraw(ME, consents.listed(ME, made.id)[0].id)
    app = opened(found())
    assert "took consent back" in said(app)
    assert not [each for each in app.button if each.label == "Keep"]
    with database.reading() as db:
        assert db.get(type(visit), visit.id) is not None
