import json
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from engine.datasets import store
from engine.datasets.checks import SENTENCES, Checks
from engine.tasks import task
from engine.tasks.lock import is_held

PAGE = Path(__file__).parents[2] / "pages" / "datasets.py"
COUNT = 80


@pytest.fixture
def source(tmp_path):
    """A set of noise with splits, groups and votes; pictures 0 and 79, of two splits, are copies."""
    labels = np.arange(COUNT) % 2
    votes = np.zeros((COUNT, 10), np.int8)
    votes[np.arange(COUNT), np.where(labels == 0, 1, 3)] = 10
    votes[3] = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0]
    np.savez(
        tmp_path / "noise.npz",
        x=np.random.default_rng(0).integers(0, 256, (COUNT, 48, 48)).astype(np.uint8),
        y=labels,
        classes=np.array(["happy", "sad"]),
        split=np.array(["train"] * 60 + ["test"] * 20),
        group=np.array([*range(COUNT - 1), 0]),
        ferplus=votes,
    )
    return tmp_path / "noise.npz"


@pytest.fixture
def noise(source):
    return store.import_set(source)


@pytest.fixture
def checked(noise):
    """The set with checks: pictures 5 and 6 are blurred, 7 is likely sad... and 10 to 12 are copies."""
    sharpness = np.full(COUNT, 0.7, np.float32)
    sharpness[[5, 6]] = 0.01
    suggested = np.full(COUNT, "", "U8")
    suggested[8] = "fear"
    Checks(
        width=np.full(COUNT, 48, np.int32),
        height=np.full(COUNT, 48, np.int32),
        face_width=np.full(COUNT, 48, np.float32),
        sharpness=sharpness,
        brightness=np.full(COUNT, 120, np.float32),
        contrast=np.full(COUNT, 50, np.float32),
        faces=np.ones(COUNT, np.int16),
        group=np.array([*range(11), 10, 10, *range(13, COUNT)]),
        mirrored=np.arange(COUNT) == 11,
        conflict=np.isin(np.arange(COUNT), (10, 11, 12)),
        label_score=np.linspace(1, 0, COUNT, dtype=np.float32),
        suggested=suggested,
    ).save(store.folder(noise) / "checks.npz")
    return noise


def opened(view="Overview", **state):
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["datasets view"] = view
    for key, value in state.items():
        app.session_state[key] = value
    return fine(app.run())


def fine(app):
    assert not app.exception and not app.error, (app.exception, app.error)
    return app


def said(app):
    return " ".join(text.value for text in app.markdown).replace("\\", "")


def table(app, column):
    return next(table.value for table in app.table if column in table.value.columns)


def alts(app):
    return [image.alt for strip in app.get("image") for image in strip.proto.imgs]


def test_an_empty_library_says_what_can_be_imported():
    app = opened()
    words = said(app)
    for word in ("class folders", "fer2013.csv", "CK+48", ".npz", "Kaggle", "nothing leaves it"):
        assert word in words
    assert not app.tabs and not app.selectbox
    assert app.button(key="datasets import").disabled


def test_an_empty_library_offers_something_to_try(monkeypatch):
    asked = []
    monkeypatch.setattr("pages.views.common.drawn_set.task.start", lambda folder, *given: asked.append(given))
    app = opened()
    fine(app.button(key="datasets drawn").click().run())
    ((arguments, title, topic),) = asked
    assert arguments == ["import", "--drawn", "--name", topic, "--check"] and title == "Drawing faces"


def test_with_a_set_nothing_else_is_offered(noise):
    assert not [button for button in opened().button if button.key == "datasets drawn"]


def test_the_overview_counts(noise):
    app = opened()
    rows = table(app, "expression")
    assert rows.values.tolist() == [["happy", "30", "10", "40", "50 %"], ["sad", "30", "10", "40", "50 %"]]
    (chart,) = app.get("plotly_chart")
    assert "happy 40, sad 40" in chart.proto.alt and "train 60, test 20" in chart.proto.alt
    assert "votes of ten people" in said(app) and "not checked yet" in said(app)
    assert [alt for alt in alts(app) if "Mean" in alt] == [
        "Mean of 40 pictures labelled happy",
        "Mean of 40 pictures labelled sad",
    ]


def test_pictures_come_a_page_at_a_time_and_filtered(noise):
    app = opened("Pictures")
    assert "80 pictures" in said(app) and len(alts(app)) == 30 and alts(app)[0] == "Picture 0, labelled happy"
    app.multiselect[0].set_value(["sad"]).run()
    assert "40 pictures" in said(fine(app)) and all(alt.endswith("sad") for alt in alts(app))
    app.selectbox(key="datasets split noise").set_value("test").run()
    assert "10 pictures" in said(fine(app)) and alts(app)[0] == "Picture 61, labelled sad"
    app.selectbox(key="datasets problem noise").set_value("voters see something else").run()
    assert "No picture fits" in fine(app).info[0].value
    app.selectbox(key="datasets split noise").set_value("any").run()
    assert alts(fine(app)) == ["Picture 3, labelled sad"] and "rather happy?" in said(app)


def test_copies_stand_side_by_side(noise):
    app = opened("Pictures", **{"datasets order noise": "copies side by side"})
    assert alts(app)[:3] == ["Picture 0, labelled happy", "Picture 79, labelled sad", "Picture 1, labelled sad"]


def test_one_picture_is_shown_whole(checked):
    app = opened("Pictures")
    app.button(key="datasets open noise 0").click().run()
    fine(app)
    assert len(app.get("plotly_chart")) == 2
    facts = next(table.value for table in app.table if "Label" in table.value.index)
    assert facts.loc["Label"].item() == "happy" and facts.loc["Votes"].item() == "happy 10"
    assert facts.loc["Problems"].item().replace("\\", "") == "none found"
    assert "the code of a pixel" in said(app)
    assert "Copies of it: 1" in said(app)
    assert "Copy, labelled sad, test" in alts(app)


def test_problems_are_offered_then_counted_and_shown(noise):
    app = opened("Problems")
    assert "not been checked" in app.info[0].value and app.button(key="datasets check noise").label == "Check this set"


def test_found_problems_lead_to_their_pictures(checked):
    app = opened("Problems")
    rows = table(app, "problem")
    counted = {name.replace("\\", ""): count for name, count in zip(rows["problem"], rows["pictures"], strict=True)}
    assert set(SENTENCES) < set(counted) and counted["blurred"] == "2" and counted["has an exact or near copy"] == "3"
    assert "0 of the set's own 1 groups of copies" in said(app)
    app.selectbox(key="datasets look at noise").set_value("copies with different labels").run()
    app.button(key="datasets show").click().run()
    assert [alt.split(",")[0] for alt in alts(fine(app))] == ["Picture 10", "Picture 11", "Picture 12"]


def test_doubtful_labels_come_first_when_asked(checked):
    app = opened("Pictures", **{"datasets order noise": "most doubtful label first"})
    assert alts(app)[0] == "Picture 79, labelled sad"


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("its own", [["train:test", "60", "20", "1"]]),
        ("hold-out", [["hold-out of 20%", "64", "16", "0"]]),
        ("5 folds", [[f"fold {number} of 5", "64", "16", "0"] for number in range(1, 6)]),
    ],
)
def test_splits_tell_sizes_and_copies_across(noise, kind, rows):
    app = opened("Splits", **{"datasets divide noise": kind})
    found = [[cell.replace("\\", "") for cell in row] for row in table(app, "held out").values.tolist()]
    assert [row[0] for row in found] == [row[0] for row in rows] and [row[3] for row in found] == [
        row[3] for row in rows
    ]
    for row, expected in zip(found, rows, strict=True):
        assert int(row[1]) + int(row[2]) == 80 and abs(int(row[2]) - int(expected[2])) <= 1


def test_what_a_leak_is_worth_stands_side_by_side(noise):
    figures = {"n": 16, "accuracy_interval": [0.4, 0.8]}
    store.keep_leak(
        noise,
        {
            "what": "knn",
            "copies_across": 7,
            "by_picture": figures | {"accuracy": 0.654},
            "by_group": figures | {"accuracy": 0.588},
        },
    )
    app = opened("Splits")
    assert table(app, "divided")["accuracy"].tolist() == ["65.4 % (40.0 to 80.0)", "58.8 % (40.0 to 80.0)"]
    assert "the leak pretends 6.6 points" in said(app) and "simple model (nearest neighbours" in said(app)


def test_a_leak_names_the_model_that_it_was_measured_with(noise):
    figures = {"n": 16, "accuracy": 0.5, "accuracy_interval": [0.4, 0.8]}
    store.keep_leak(noise, {"what": "svm", "copies_across": 7, "by_picture": figures, "by_group": figures})
    app = opened("Splits")
    assert "The same svm, trained" in said(app) and "nearest neighbours" not in said(app)


def test_a_path_is_imported_in_the_background_and_then_shown(source):
    app = opened()
    app.segmented_control(key="datasets source").set_value("Path on this machine").run()
    app.text_input(key="datasets path 0").set_value(str(source)).run()
    app.checkbox(key="datasets check too").uncheck().run()
    app.button(key="datasets import").click().run()
    fine(app)
    end = time.monotonic() + 60
    while time.monotonic() < end and any(each.alive for each in task.list_all()):
        time.sleep(0.1)
    fine(app.run())
    assert app.selectbox(key="datasets choice").value == "noise" and "Importing noise" in said(app)
    (found,) = task.list_all()
    app.button(key=f"close {found.id}").click().run()
    assert task.list_all() == [] and "Importing" not in said(fine(app))


def test_a_name_that_exists_is_warned_of_and_a_bad_one_refused(noise, source):
    app = opened()
    app.segmented_control(key="datasets source").set_value("Path on this machine").run()
    app.text_input(key="datasets path 0").set_value(str(source)).run()
    assert "A set named noise is replaced" in app.warning[0].value
    app.text_input(key="datasets name 0").set_value("../up").run()
    app.button(key="datasets import").click().run()
    assert "cannot be named" in app.error[0].value and task.list_all() == []


def task_of(state, **said):
    folder = task.new_folder()
    asked = {"arguments": [], "title": "Checking noise", "about": "noise", "started": time.time()}
    (folder / "job.json").write_text(json.dumps(asked))
    (folder / "status.json").write_text(json.dumps({"state": state, **said}))
    return folder


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("failed", "The disk is full. Make room."),
        ("cancelled", "The disk is full. Make room."),
        ("running", "ended without a word"),
    ],
)
def test_what_ended_badly_is_said_until_closed(state, words):
    task_of(state, what="The disk is full.", remedy="Make room.") if state != "running" else task_of(
        state, done=1, total=2
    )
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert words in said(app) + " ".join(box.value.replace("\\", "") for box in app.error)


def test_what_is_going_on_can_be_cancelled(noise):
    folder = task_of("running")
    with FileLock(folder / "lock"):
        (folder / "status.json").write_text(
            json.dumps({"state": "running", "done": 30, "total": 90, "words": "reading pictures", "seconds_left": 40.0})
        )
        app = opened("Problems")
        assert app.button(key="datasets check noise").disabled
        progress = app.get("progress")[0].proto
        assert "reading pictures, 30 of 90, about 40 s left" in progress.text.replace("\\", "")
        app.button(key=f"cancel {folder.name}").click().run()
        assert is_held(folder / "lock") and (folder / "cancel").exists()


def test_removing_asks_first(noise):
    app = opened()
    app.button(key="datasets remove").click().run()
    assert "deleted from this machine" in said(app) and store.names() == ["noise"]

    def asked():
        from pages.views.datasets.library import _confirm

        _confirm("noise")

    app = AppTest.from_function(asked).run()
    app.button(key="datasets keep").click().run()
    assert store.names() == ["noise"]
    app.button(key="datasets remove now").click().run()
    assert store.names() == [] and "What can be imported" in said(opened())


def test_a_damaged_set_is_a_sentence(noise):
    (store.folder(noise) / "table.npz").write_bytes(b"")
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception and "'noise' is damaged" in app.error[0].value.replace("\\", "")


def test_foreign_words_are_shown_as_written(tmp_path):
    evil = "**[x](http://evil.example)**"
    for label in ("happy", evil.replace("/", "_")):
        (tmp_path / "set" / label).mkdir(parents=True)
        picture = np.random.default_rng(len(label)).integers(0, 256, (48, 48)).astype(np.uint8)
        cv2.imwrite(str(tmp_path / "set" / label / "1.png"), picture)
    store.import_set(tmp_path / "set")
    for view in ("Overview", "Pictures", "Problems", "Splits"):
        app = opened(view)
        shown = [text.value for text in app.markdown] + [button.label for button in app.button]
        shown += [str(cell) for each in app.table for cell in each.value.values.ravel()]
        assert not any("[x](http" in text for text in shown)


def test_damaged_checks_leave_the_set_to_be_looked_at_and_checked_again(checked):
    (store.folder(checked) / "checks.npz").write_bytes(b"PK")
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["datasets view"] = "Problems"
    (error,) = app.run().error
    assert not app.exception and "cannot be read" in error.value
    assert "Check this set" in [button.label for button in app.button]
    assert any("80 pictures" in text.value for text in app.markdown)


def test_pictures_are_left_out_labelled_and_tagged_and_all_is_taken_back(checked):
    app = opened("Pictures", **{f"datasets problem {checked}": "copies"})
    press = lambda label: fine(next(each for each in app.button if each.label == label).click().run())  # noqa: E731
    copies = set(map(int, np.flatnonzero(store.load(checked).group[:, None] == [0, 10]) // 2))
    press("Leave out 3 copies, keep the first of each group")
    out = store.edits(checked).excluded
    assert len(out) == 3 and out < copies and 0 not in out and 10 not in out
    told = " ".join(text.value for text in app.markdown)
    assert "3 pictures left out" in told
    app = opened("Pictures", **{f"datasets problem {checked}": "left out"})
    app.selectbox(key="datasets edit label").set_value("sad").run()
    press("Label so")
    app.text_input(key="datasets edit word").set_value("odd").run()
    press("Tag")
    changed = store.edits(checked)
    assert set(changed.labels) == set(changed.tags["odd"]) == out
    for _ in range(3):
        press("Undo the last change")
    assert not store.edits(checked).excluded and not store.edits(checked).log
    assert not [each for each in app.button if each.label == "Undo the last change"]


def test_copies_stand_together_as_groups(checked):
    app = opened("Problems")
    app.session_state[f"datasets groups {checked}"] = True
    fine(app.run())
    said = " ".join(text.value for text in app.markdown)
    assert "**3 pictures**, labelled happy, sad; in train" in said
    assert "**2 pictures**, labelled happy, sad; in test, train" in said


def test_a_damaged_log_of_changes_is_a_sentence_and_the_rest_works(checked):
    (store.folder(checked) / "edits.json").write_text("{")
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["datasets view"] = "Pictures"
    app.run()
    assert not app.exception and any("edits" in each.value for each in app.error)
    assert [each for each in app.button if each.label in ("happy", "sad")]
