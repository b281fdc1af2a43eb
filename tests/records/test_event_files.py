import csv
import io
import json

import pytest

from engine.records.correction_file import from_json
from engine.records.corrections import NONE, Add, Move, Name, Reject
from engine.records.events import COLUMNS, analysis_json, events_csv
from tests.records.recorded import LABELS, MACRO, MICRO, analysis, empty, track

ONE = analysis()


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def log(*steps):
    found = NONE
    for step in steps:
        found = found.then(step, ONE)
    return found


def test_a_row_an_event_with_times_kind_and_probabilities():
    first, second, third = rows(events_csv(ONE))
    assert (first["event"], first["person"], first["kind"], first["origin"]) == ("1-1", "1", "micro", "spotted")
    assert [float(first[name]) for name in ("onset_s", "apex_s", "offset_s", "duration_s")] == [1.0, 1.1, 1.3, 0.3]
    assert (first["expression"], first["said_by"], first["machine_certainty"]) == ("surprise", "machine", "0.7")
    assert (first["p_surprise"], first["p_happy"], second["p_happy"]) == ("0.7", "", "0.7")
    assert (third["decided"], third["machine_decided"]) == ("False", "False")
    assert float(second["strength_percent"]) == 8.0


def test_corrections_show_whose_word_it_is():
    found = rows(
        events_csv(ONE, log(Name("1-1", "fear"), Move("1-2", 2, 2.6, 3.6), Reject("1-3"), Add(1, 0, 0.1, 0.2, "sad")))
    )
    assert [(row["event"], row["origin"], row["said_by"]) for row in found] == [
        ("1-a1", "added", "user"),
        ("1-1", "corrected", "user"),
        ("1-2", "corrected", "machine"),
    ]
    added, renamed, moved = found
    assert (renamed["expression"], renamed["machine_expression"]) == ("fear", "surprise")
    assert (moved["offset_s"], moved["spotted_offset_s"]) == ("3.6", "3.5")
    machines = [name for name in COLUMNS if name.startswith(("machine", "spotted"))]
    assert all(added[name] == "" for name in (*machines, "p_surprise"))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0.mp4", 'a "b", c.mp4', "été\n.mp4", "\udcff.mp4"])
def test_awkward_names_stay_text(name):
    found = rows(events_csv(analysis(file=name), NONE.then(Name("1-1", "=1+1"), analysis(file=name))))
    assert len(found) == 3
    assert found[0]["file"] in (name, f"'{name}", name.replace("\udcff", "?")) and found[0]["file"][0] != "="
    assert found[0]["expression"] == "'=1+1"


def test_nobody_and_nothing_leave_the_columns():
    assert events_csv(empty()).decode("utf-8-sig").strip() == ",".join(COLUMNS)
    assert rows(events_csv(analysis(track(events=())))) == []


def test_json_is_what_spot_prints_and_what_led_there():
    found = json.loads(analysis_json(ONE))
    versions, corrections = found.pop("versions"), found.pop("corrections")
    assert found == ONE.as_json() and corrections is None
    assert versions["numpy"] and versions["Python"]


def test_json_keeps_corrections_and_what_was_spotted():
    steps = log(Name("1-1", "fear"), Reject("1-2"))
    found = json.loads(analysis_json(ONE, steps))
    assert [event["expression"] for event in found["faces"][0]["events"]] == ["fear", "negative"]
    kept = found["corrections"]
    assert kept["spotted"] == ONE.as_json()["faces"] and from_json(kept, ONE) == steps
    assert [(each["event"], each["rejected"], each["said_by"]) for each in kept["events"]] == [
        ("1-1", False, "user"),
        ("1-2", True, "machine"),
        ("1-3", False, "machine"),
    ]
    assert set(found) == {*ONE.as_json(), "corrections", "versions"}


def test_probabilities_of_both_models_have_columns():
    (first, _) = rows(events_csv(analysis(track(events=(MICRO, MACRO)))))
    assert {f"p_{label}" for label in LABELS} | {"p_negative", "p_positive"} <= set(first)


def test_json_of_a_name_that_is_no_text():
    assert json.loads(analysis_json(analysis(file="\udcff.mp4")))["file"] == "?.mp4"
