"""A person's adaptation on the pages: learnt, used and reset on Sessions; chosen on Photo and Video for one face."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from engine.recognition.video import recordings
from engine.records import adaptation, database
from engine.tasks import Status
from tests.records.corrected_faces import long_recording, swapping, taught_person
from tests.records.kept_people import ME, person, session

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture(autouse=True)
def closed():
    yield
    database.close()


def checked(app):
    assert not app.exception
    return app


def opened(of):
    app = AppTest.from_file(str(PAGES / "sessions.py"), default_timeout=60)
    app.query_params["person"] = of.id
    app.session_state["sessions tabs"] = "Adaptation"
    return checked(app.run())


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    return checked(app.run())


def told(app):
    """What is said, without the escapes that keep others' words from being Markdown."""
    said = [*app.markdown, *app.info, *app.success, *app.warning, *app.error]
    return "\n".join(each.value for each in said).replace("\\", "")


def test_it_is_learnt_recommended_used_and_reset():
    somebody = taught_person()
    app = opened(somebody)
    assert "**24 corrections** to learn from, out of 2 recordings" in told(app)
    press(app, "Learn")
    assert "**Use it**" in told(app) and "Not in use" in told(app)
    table = app.table[0].value
    assert table.iloc[0]["right before"] == "0 %" and int(table.iloc[0]["corrections"]) == 24
    assert "from 2 recordings: how it does on another day is not known" in told(app)
    press(app, "Use it")
    assert adaptation.in_use(ME) == {somebody.id: "P-01"}
    press(app, "Stop using it")
    assert adaptation.in_use(ME) == {}
    swapping(2, session(somebody), 7)
    checked(app.run())
    press(app, "Learn anew")
    assert adaptation.standing(ME, somebody.id).adaptation.corrections == 26
    press(app, "Reset")
    assert adaptation.standing(ME, somebody.id).adaptation is None
    assert "**26 corrections**" in told(app)


def test_too_few_and_no_consent_are_said():
    somebody = person()
    swapping(6, session(somebody))
    app = opened(somebody)
    assert "14 more corrections are needed: 6 of 20" in told(app)
    assert not [each for each in app.button if each.label in ("Learn", "Use it", "Reset")]
    app = opened(person("P-02", ("records",)))
    assert "has not agreed to: have the recogniser learn" in told(app)


def test_a_photo_is_answered_as_the_person_whose_face_it_is_said_to_be():
    app = AppTest.from_file(str(PAGES / "photo.py"), default_timeout=120).run()
    app.segmented_control(key="photo source").set_value("Example")
    checked(app.run())
    assert not [each for each in app.selectbox if each.label == "Whose face this is"]
    somebody = taught_person()
    adaptation.learn(ME, somebody.id)
    adaptation.put_in_use(ME, somebody.id, True)
    checked(app.run())
    (whose,) = (each for each in app.selectbox if each.label == "Whose face this is")
    assert whose.options == ["Anybody’s", "P-01"] and whose.value == ""
    assert "As this person’s own corrections taught" not in told(app)
    whose.set_value(somebody.id)
    checked(app.run())
    assert "As this person’s own corrections taught" in told(app)
    adaptation.reset(ME, somebody.id)
    checked(app.run())
    assert "As this person’s own corrections taught" not in told(app)


def test_in_a_recording_one_face_is_named_as_the_person_it_is_said_to_be(monkeypatch):
    (mine,) = long_recording(["happy", "sad"], seed=3).tracks
    analysis = replace(long_recording(["happy", "sad"], seed=3), tracks=(mine, replace(mine, person=2)))

    def analyse(**asked):
        return SimpleNamespace(
            result=recordings.Analysed(analysis), status=Status("finished"), cancel=lambda: None, asked=asked
        )

    held = recordings.RecordingStore(analyse=analyse)
    for place in ("recordings", "result"):
        monkeypatch.setattr(f"pages.views.video.{place}.RECORDINGS", held)
    somebody = taught_person()
    adaptation.learn(ME, somebody.id)
    adaptation.put_in_use(ME, somebody.id, True)
    stored = held.keep("clip.mp4", b"bytes")
    app = AppTest.from_file(str(PAGES / "video.py"), default_timeout=60)
    app.query_params["recording"] = stored.token
    checked(app.run())
    assert "Event 1-1: happy" in headings(app)
    next(each for each in app.selectbox if each.label == "Whose face this is").set_value(somebody.id)
    checked(app.run())
    assert "most probable sad" in headings(app)
    assert "As for anybody: happy, 64 %" in told(app) and "Person 1 is answered for" in told(app)
    app.session_state[f"video person {stored.token}"] = 2
    checked(app.run())
    assert "Event 2-1: happy" in headings(app)
    adaptation.reset(ME, somebody.id)
    app.session_state[f"video person {stored.token}"] = 1
    checked(app.run())
    assert "Event 1-1: happy" in headings(app) and "is answered for" not in told(app)


def headings(app):
    return " ".join(each.value for each in app.subheader).replace("\\", "")
