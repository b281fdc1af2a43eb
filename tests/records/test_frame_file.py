import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from engine.faces.landmarks import LEVEL_DEG, head_pose
from engine.features.action_units import NUMBERS, told
from engine.recognition.resting_face import Rest, RestingFace
from engine.records.frames import frames_csv, openface_pose
from tests.records.recorded import LABELS, REGIONS, analysis, empty, track


def rows(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def openface_matrix(pose):
    """Rx·Ry·Rz, right-handed about x right, y down, z away, written out."""
    (sx, sy, sz), (cx, cy, cz) = np.sin(pose), np.cos(pose)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return about_x @ about_y @ about_z


@pytest.mark.parametrize("pose", [(0.3, 0, 0), (0, 0.4, 0), (0, 0, 0.5), (0.3, -0.4, 0.5), (-0.6, 0.7, -0.8)])
def test_a_head_turned_as_openface_turns_it_is_written_as_openface_writes_it(pose):
    level = np.zeros((468, 3))
    level[[33, 263, 234, 454], 0] = [-1, 1, -2, 2]
    level[10, 1], level[152, 1] = -2, 2
    # The mesh's own tilt, which head_pose takes out again.
    tilt = openface_matrix((-np.radians(LEVEL_DEG), 0, 0))
    turned = level @ (openface_matrix(pose) @ tilt).T
    assert openface_pose([head_pose(turned)])[0] == pytest.approx(pose, abs=1e-9)


def test_signs_are_openfaces():
    down_left_clockwise = openface_pose([[0, -10, 0], [-10, 0, 0], [0, 0, 10]])
    assert down_left_clockwise == pytest.approx(np.radians(10) * np.eye(3), abs=1e-12)


def test_a_row_a_frame_and_a_gap_without_success():
    found = rows(frames_csv(analysis()))
    assert [int(row["frame"]) for row in found] == list(range(1, 181))
    assert {row["face_id"] for row in found} == {"0"} and {row["person"] for row in found} == {"1"}
    lost = [row for row in found if row["success"] == "0"]
    assert [int(row["frame"]) for row in lost] == list(range(152, 160))
    assert all(row["pose_Rx"] == row["eyes_open"] == row["p_happy"] == row["motion_nose"] == "" for row in lost)
    assert np.diff([float(row["timestamp"]) for row in found]) == pytest.approx(1 / 30, abs=2e-6)
    seen = next(row for row in found if row["success"] == "1")
    assert (seen["box_x"], seen["box_width"], seen["eyes_open"]) == ("100.0", "160.0", "0.3")
    assert float(seen["pose_Ry"]) == pytest.approx(-np.radians(10), abs=0.01)


def test_motion_and_probabilities_are_the_tracks():
    one = track()
    found = [row for row in rows(frames_csv(analysis(one))) if row["success"] == "1"]
    motion = [[float(row[f"motion_{region.replace(' ', '_')}"]) for region in REGIONS] for row in found]
    assert np.array(motion) == pytest.approx(one.motion, abs=5e-5)
    shares = [[float(row[f"p_{label}"]) for label in LABELS] for row in found]
    assert np.array(shares) == pytest.approx(one.probabilities, abs=5e-5)


def test_units_and_gaze_stand_under_openfaces_names():
    one = track()
    units = np.zeros((len(one.frame), 17, 2), np.float32)
    units[:, NUMBERS.index(12)] = 1.0, 3.0
    units[:, NUMBERS.index(4)] = -2.0
    units[5] = np.nan
    gaze = np.tile(np.float32([10, -20]), (len(one.frame), 1))
    found = rows(frames_csv(analysis(replace(one, units=units, units_rested=True, gaze_deg=gaze))))
    names = [name for name in found[0] if name.startswith("AU") and name[-1] in "rc" and name[-2] == "_"]
    numbers = [f"{number:02d}" for number in (1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 20, 23, 25, 26, 45)]
    assert names == [f"AU{number}_{kind}" for kind in "rc" for number in numbers]
    first = found[0]
    assert (first["AU12_r"], first["AU12_c"], first["AU12_right"], first["AU12_left"]) == ("2.0", "1", "1.0", "3.0")
    assert (first["AU04_r"], first["AU04_c"]) == ("0.0", "0")
    assert float(first["gaze_angle_x"]) == pytest.approx(np.radians(10), abs=1e-4)
    assert float(first["gaze_angle_y"]) == pytest.approx(-np.radians(20), abs=1e-4)
    assert found[5]["AU12_r"] == found[5]["AU12_c"] == found[5]["AU12_left"] == "" and found[5]["pose_Rx"] != ""
    for row, number in enumerate(numbers):
        assert (first[f"AU{number}_r"] != "") == told(rested=True)[row]


def test_a_track_without_units_leaves_their_cells_empty():
    found = rows(frames_csv(analysis()))
    assert all(row["AU12_r"] == row["AU12_c"] == row["gaze_angle_x"] == "" for row in found)


def test_a_lost_frame_has_the_time_at_which_somebody_else_was_seen():
    one, other = track(events=()), track(2, (), gaps=())
    uneven = other.time_s.copy()
    uneven[152] += 0.011
    found = rows(frames_csv(analysis(one, replace(other, time_s=uneven))))
    at = [row for row in found if row["frame"] == "153"]
    assert [row["success"] for row in at] == ["0", "1"] and at[0]["timestamp"] == at[1]["timestamp"]


def test_people_answered_in_other_labels_leave_the_rest_empty():
    one, other = track(), track(2)
    other = replace(other, labels=("positive", "negative"), probabilities=other.probabilities[:, :2])
    found = rows(frames_csv(analysis(one, other)))
    assert found[0]["p_positive"] == "" and found[0]["p_happy"] == "0.05"
    assert found[-1]["p_positive"] == "0.05" and found[-1]["p_happy"] == ""


def test_nobody_leaves_the_columns():
    assert (
        frames_csv(empty())
        .decode("utf-8-sig")
        .startswith("frame,face_id,timestamp,success,gaze_angle_x,gaze_angle_y,pose_Rx")
    )
    assert rows(frames_csv(empty())) == []
    none = track(events=(), duration_s=0, gaps=())
    assert rows(frames_csv(analysis(none))) == []


def test_change_from_rest_stands_where_that_rest_is_known():
    one = track()
    assert {row["change_from_rest"] for row in rows(frames_csv(analysis(one)))} == {""}
    rest = RestingFace.of(one.labels, one.probabilities[:10])
    found = [row for row in rows(frames_csv(analysis(replace(one, rest=Rest(rest))))) if row["success"] == "1"]
    told = np.array([float(row["change_from_rest"]) for row in found])
    np.testing.assert_allclose(told, rest.largest_change(one.probabilities)[0], atol=1e-4)
