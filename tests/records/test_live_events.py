"""Events of a camera become the files that those of a recording become."""

import csv
import io
import json

from engine.recognition.analysis import Event
from engine.recognition.live import LiveEvent, LiveState
from engine.records.events import analysis_json, events_csv
from engine.records.live import as_analysis

LABELS = ("happy", "sad")


def event(onset_s, kind="micro"):
    return Event(onset_s, onset_s + 0.1, onset_s + 0.3, kind, "happy", True, {"happy": 0.8, "sad": 0.2}, 3.0)


STATE = LiveState(
    frames=900,
    time_s=30.0,
    size=(640, 480),
    fps=29.5,
    dropped=4,
    events=(
        LiveEvent(1, 2, event(9.0), 20, True),
        LiveEvent(2, 1, event(4.0), 20, True),
        LiveEvent(3, 2, event(7.0), 0, False),
    ),
    warnings=("No face is seen.",),
)


def test_a_row_an_event_by_person_and_onset():
    rows = list(csv.DictReader(io.StringIO(events_csv(as_analysis(STATE, LABELS)).decode("utf-8-sig"))))
    assert [(row["event"], float(row["onset_s"])) for row in rows] == [("1-1", 4.0), ("2-1", 7.0), ("2-2", 9.0)]
    assert {row["file"] for row in rows} == {"camera"} and {row["p_happy"] for row in rows} == {"0.8"}


def test_json_tells_the_stream_and_what_went_wrong():
    found = json.loads(analysis_json(as_analysis(STATE, LABELS, "llem")))
    assert (found["file"], found["fps"], found["frames"], found["duration_s"]) == ("camera", 29.5, 900, 30.0)
    assert [len(each["events"]) for each in found["faces"]] == [1, 2] and found["enhanced"] == "llem"
    assert found["warnings"][0] == "No face is seen." and found["warnings"][1].startswith("4 pictures were left out")


def test_nothing_spotted_is_a_file_too():
    found = as_analysis(LiveState(), LABELS)
    assert found.tracks == () and json.loads(analysis_json(found))["faces"] == []
    assert events_csv(found).decode("utf-8-sig").startswith("file,event")
