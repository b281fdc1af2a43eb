import csv
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ImageError
from engine.features.action_units import NUMBERS
from engine.models import shipped
from engine.recognition.face_units import FaceUnits
from engine.records.frames import OPENFACE, openface_pose
from pages.views.photo.answers import Answer, as_csv, as_json

NAMES = ["=cmd|' /C calc'!A0.png", "été, 1.jpg", "bad.gif"]


@pytest.fixture
def answers(make_face):
    faces = tuple(make_face({"happy": 0.9, "sad": 0.1}, number, [("small", "Too small.")]) for number in range(2))
    return [Answer(faces), Answer(), Answer(error=ImageError("Not a picture.", "Choose one."))]


def rows(answers):
    return list(csv.DictReader(io.StringIO(as_csv(NAMES, answers, shipped.load()).decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_face_and_one_for_each_other_picture(answers):
    found = rows(answers)
    assert [row["face"] for row in found] == ["1", "2", "", ""]
    assert [row["error"] for row in found] == ["", "", "", "Not a picture. Choose one."]
    first = found[0]
    assert (first["expression"], first["decided"], first["p_happy"]) == ("happy", "True", "0.9")
    assert (first["x"], first["y"], first["width"], first["height"]) == ("20.0", "20.0", "25.0", "30.0")
    assert first["quality_size_px"] == "30.0" and first["warnings"] == "Too small."
    assert first["model"] == shipped.DEFAULT


class Read:
    """Stands in for what is prepared to read units from."""

    def __init__(self, **more):
        self.found = FaceUnits(np.tile(np.float32([1.0, 2.5]), (len(NUMBERS), 1)), np.float32([10, np.nan]), **more)

    def read(self):
        return self.found


def test_units_and_gaze_stand_in_the_columns_of_a_recording_s_frames(answers):
    seen, unread = (replace(answers[0].faces[0], prepared=Read(unread=why)) for why in ("", "Too small."))
    first, second = rows([Answer((seen, unread)), Answer(), Answer()])[:2]
    columns = [name for name in first if name in OPENFACE or re.fullmatch(r"AU.*_(right|left)", name)]
    assert columns == [*OPENFACE[4:], *(f"AU{number:02d}_{side}" for number in NUMBERS for side in ("right", "left"))]
    assert (first["AU12_r"], first["AU12_c"], first["AU12_right"], first["AU12_left"]) == ("1.75", "1", "1.0", "2.5")
    assert first["AU07_r"] == first["AU07_c"] == first["AU07_left"] == ""
    assert float(first["gaze_angle_x"]) == pytest.approx(np.radians(10), abs=1e-4) and first["gaze_angle_y"] == ""
    held = seen.face.quality
    pose = openface_pose(np.array([held.yaw_deg, held.pitch_deg, held.roll_deg]))[0]
    assert [float(first[f"pose_R{axis}"]) for axis in "xyz"] == pytest.approx(pose, abs=1e-4)
    assert second["AU12_r"] == second["AU12_c"] == "" and second["gaze_angle_x"] != ""


def test_no_name_becomes_a_formula(answers):
    assert rows(answers)[0]["file"] == "'" + NAMES[0]
    assert rows(answers)[2]["file"] == NAMES[1]


def test_json_is_what_the_command_line_prints(answers):
    found = json.loads(as_json(NAMES, answers, shipped.load()))
    assert found["model"] == {
        "name": shipped.DEFAULT,
        "title": "Tiny default",
        "thresholds": dict.fromkeys(shipped.load().labels, 0.5),
    }
    assert [picture["file"] for picture in found["pictures"]] == NAMES
    assert found["pictures"][0]["faces"][1] == answers[0].faces[1].as_json()
    assert found["pictures"][0]["error"] is None and found["pictures"][1]["faces"] == []
    assert found["pictures"][2] == {"file": "bad.gif", "faces": [], "error": "Not a picture. Choose one."}
