from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.records import database, practice
from engine.settings import LOCAL_OWNER

PAGE = Path(__file__).parents[2] / "pages" / "practice.py"


@pytest.fixture(autouse=True)
def own_database(tmp_path, monkeypatch):
    database.close()
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path))
    yield
    database.close()


@pytest.fixture
def browser(monkeypatch):
    """A browser that shows each face for as long as it is asked to, and ``late_s`` longer; returns what it showed."""
    from pages.views.practice import flash, rounds

    shown = {"late_s": 0.0, "trials": []}

    def play(_, trial, play, take):
        asked = play and play != shown.get("play")
        shown["play"] = play
        if asked:
            shown["trials"].append(trial)
            take({"play": play, "shown_ms": 1000 * (trial.duration_s + shown["late_s"]), "frame_ms": 16.7})

    monkeypatch.setattr(rounds, "show_flash", play)
    monkeypatch.setattr(flash.practice, "face", lambda *_: __import__("numpy").zeros((4, 4, 3), "uint8"))
    return shown


def opened(view="Lessons"):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["practice view"] = view
    app.run()
    return checked(app)


def checked(app):
    assert not app.exception and not app.error
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return checked(app.run())


def names(app, answer):
    """See the next face and name it."""
    press(app, "Show the face")
    app.run()  # the browser has told how long it stood
    return press(app, answer)


def test_lessons_show_each_expression_and_what_moves():
    app = opened()
    assert any("lip corners up (AU12)" in text.value for text in app.markdown)
    assert len(app.get("video")) == 1 and len(app.get("plotly_chart")) == 1
    next(each for each in app.get("button_group") if each.label == "Expression").set_value("fear")
    assert any("lips stretched (AU20)" in text.value for text in checked(app.run()).markdown)


def test_a_test_says_nothing_until_it_is_over(browser):
    app = press(opened("Test"), "Begin")
    for _ in range(13):
        names(app, "happy")
        assert not app.success and not app.info
    names(app, "happy")
    assert app.subheader[0].value == "2 of 14 named as they were shown"
    assert len({trial.person for trial in browser["trials"]}) > 3
    table = next(table.value for table in app.table if "expression" in table.value.columns)
    assert list(table["right"]) == ["0 of 2"] * 3 + ["2 of 2"] + ["0 of 2"] * 3


def test_practice_says_what_was_right_and_can_be_stopped(browser):
    app = press(opened("Practise"), "Begin")
    names(app, "surprise")
    was = browser["trials"][0].expression
    said = [*app.success, *app.info]
    assert [was in box.value for box in said] == [True]
    names(app, browser["trials"][0].expression)
    app = press(app, "Stop here")
    assert any("too few faces to tell how long you need" in text.value for text in app.markdown)
    next(each for each in app.get("button_group") if each.label == "Do").set_value("Results")
    (rounds, _) = [table.value for table in checked(app.run()).table]
    assert list(rounds["round"]) == ["practice"]


def test_results_are_kept_only_when_asked_and_forgotten_when_asked(browser):
    app = press(opened("Practise"), "Begin")
    names(app, "happy")
    press(app, "Stop here")
    assert not database.is_there()
    next(each for each in app.get("button_group") if each.label == "Do").set_value("Results")
    press(checked(app.run()), "Keep my results")
    next(each for each in app.get("button_group") if each.label == "Do").set_value("Practise")
    names(press(checked(app.run()), "Another round"), "sad")
    press(app, "Stop here")
    later = opened("Results")
    assert [box.value for box in later.subheader] == ["Week by week"]
    assert next(iter(later.table[0].value["right"])).endswith("of 2")
    press(later, "Forget all results")
    assert "no result yet" in later.info[0].value and practice.listed(LOCAL_OWNER) == []


def test_a_face_that_stood_too_long_is_not_counted(browser):
    browser["late_s"] = 1.0
    app = press(opened("Test"), "Begin")
    app = press(app, "Show the face")
    app.run()
    assert "doesn’t count" in app.warning[0].value
    assert next(button for button in app.button if button.label == "happy").disabled
    browser["late_s"] = 0.0
    names(app, "happy")
    assert not app.warning


def test_without_a_result_that_is_said():
    assert "no result yet" in opened("Results").info[0].value


def test_ones_own_face_waits_for_the_camera():
    app = opened("Read my face")
    assert any("not stored" in text.value.replace("\n", " ") for text in app.markdown)


def test_a_lesson_without_a_film_for_whom_it_moves_too_much():
    app = opened()
    assert _asks_for_motion(app) and len(app.image) == 4
    next(each for each in app.toggle if each.label.startswith("Still")).set_value(True).run()
    assert not checked(app).get("video") and len(app.image) == 4 and not _asks_for_motion(app)


def _asks_for_motion(app):
    return any("st-key-practice-film" in each.proto.body for each in app.get("html"))


def test_ones_own_rest_is_taken_out_and_only_numbers_of_it_are_remembered(make_face, monkeypatch):
    from types import SimpleNamespace

    from pages.views.practice import mirror

    shown = {"face": make_face({"sad": 0.55, "neutral": 0.45})}
    monkeypatch.setattr(mirror, "recognise", lambda _: SimpleNamespace(faces=(shown["face"],)))
    monkeypatch.setattr(mirror.st, "camera_input", lambda *_, **__: SimpleNamespace(getvalue=lambda: b""))
    app = opened("Read my face")
    assert "**sad**" in app.info[0].value
    press(app, "This is my face at rest")
    assert "**neutral**" in app.info[0].value
    (kept,) = app.session_state["held by Practice: rest"].values()
    assert not kept.crop.size and kept.prepared is None
    shown["face"] = make_face({"sad": 0.55, "happy": 0.3, "neutral": 0.15})
    app.run()
    assert "**happy**" in app.success[0].value
    press(app, "Forget how my face rests")
    assert "**sad**" in app.info[0].value


def test_what_is_surely_an_expression_is_no_rest(make_face, monkeypatch):
    from types import SimpleNamespace

    from pages.views.practice import mirror

    monkeypatch.setattr(
        mirror, "recognise", lambda _: SimpleNamespace(faces=(make_face({"happy": 0.95, "sad": 0.05}),))
    )
    monkeypatch.setattr(mirror.st, "camera_input", lambda *_, **__: SimpleNamespace(getvalue=lambda: b""))
    app = opened("Read my face")
    next(button for button in app.button if button.label == "This is my face at rest").click().run()
    assert "That is no rest" in app.error[0].value
    assert not app.session_state["held by Practice: rest"]


def test_imported_sets_are_offered_only_where_their_licence_is_said_to_allow_it(browser, tmp_path):
    import numpy as np

    from engine.datasets import store

    pictures, labels = np.zeros((20, 48, 48), np.uint8), np.repeat(["happy", "sad"], 10)
    for name in ("allowed", "silent"):
        np.savez(tmp_path / f"{name}.npz", x=pictures, y=labels)
        store.import_set(tmp_path / f"{name}.npz", name)
    store.keep_licence("allowed", store.Licence("CC BY 4.0", practice=True))
    app = opened("Test")
    assert any("licence allows it: silent" in text.value for text in app.markdown)
    box = next(each for each in app.selectbox if each.label == "Faces")
    assert box.options == ["Drawn people", "allowed"]
    box.select("allowed").run()
    press(app, "Begin")
    for _ in range(4):
        names(app, "happy")
    assert app.subheader[0].value == "2 of 4 named as they were shown"
    next(each for each in app.get("button_group") if each.label == "Do").set_value("Results")
    checked(app.run())
    assert list(app.table[0].value["faces"]) == ["allowed"] and not [
        b for b in app.button if b.label.startswith("Keep")
    ]
