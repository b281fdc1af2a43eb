import cv2
import numpy as np
import pytest

from engine.errors import ConsentError, RecordsError
from engine.records import audit, consents, keys, pictures, sessions
from engine.records.corrections import NONE, Name
from engine.records.report import report_html, report_pdf
from engine.records.session_report import session_report
from tests.records.kept_people import ME, later, person, recording, session
from tests.records.recorded import analysis


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())


def a_session(**more):
    """A session with a corrected recording, a note at a moment of it, a note of the whole, and words."""
    visit = session(person("P-07", **more))
    kept = recording(visit, corrections=NONE.then(Name("1-1", "fear"), analysis()))
    sessions.add_note(ME, visit.id, "looked at the door", kept.id, 1.2)
    sessions.add_note(ME, visit.id, "slept badly")
    sessions.write_words(ME, visit.id, "Talked about school.")
    return visit, kept


def with_a_picture(kept, event="1-1"):
    png = cv2.imencode(".png", np.full((8, 6, 3), 77, np.uint8))[1].tobytes()
    return pictures.keep(ME, kept.id, png, "image/png", "apex", event, later(5))


def test_it_says_all_that_is_kept():
    visit, _ = a_session()
    html = report_html(session_report(ME, visit.id))
    told = ("P-07: first visit", "given by the person, until", "interview.mp4, 1.20 s", "looked at the door")
    for said in (*told, "slept badly", "Talked about school.", "corrected (machine: surprise)", "<td>fear</td>"):
        assert said in html
    assert report_pdf(session_report(ME, visit.id)).startswith(b"%PDF")
    assert audit.listed(ME)[0].action == "report written"


def test_an_empty_session_has_a_report_too():
    assert "first visit" in report_html(session_report(ME, session().id))


def test_who_has_not_agreed_to_reports_is_in_none():
    visit, _ = a_session(purposes=("records", "pictures"))
    with pytest.raises(ConsentError, match="write reports"):
        session_report(ME, visit.id)


def test_consent_that_was_taken_back_ends_reports():
    visit, _ = a_session()
    consents.withdraw(ME, consents.listed(ME, visit.person_id)[0].id)
    with pytest.raises(ConsentError, match="took consent back"):
        session_report(ME, visit.id)


def test_somebody_elses_session_is_not_there():
    with pytest.raises(RecordsError, match="no session"):
        session_report("somebody else", a_session()[0].id)


@pytest.mark.parametrize(
    ("purposes", "asked", "count"),
    [
        (("records", "pictures", "sharing"), True, 1),
        (("records", "pictures", "sharing"), False, 0),
        (("records", "sharing"), True, 0),
    ],
)
def test_pictures_are_in_it_only_where_they_are_asked_for_and_agreed_to(purposes, asked, count):
    visit, kept = a_session(purposes=("records", "pictures", "sharing"))
    with_a_picture(kept)
    given = consents.listed(ME, visit.person_id)[0]
    if "pictures" not in purposes:
        consents.take(ME, visit.person_id, "the person", purposes, later(9))
        consents.withdraw(ME, given.id)
    html = report_html(session_report(ME, visit.id, with_pictures=asked))
    assert html.count('<img alt="Event') == count
    assert ("Event 1-1, fear: apex at 1.100 s" in html) == bool(count)


def test_a_picture_of_another_key_does_not_stop_it(monkeypatch):
    visit, kept = a_session()
    with_a_picture(kept)
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())
    assert '<img alt="Event' not in report_html(session_report(ME, visit.id, with_pictures=True))
