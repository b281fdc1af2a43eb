"""The frames of a recording as CSV, a row a frame and person, in OpenFace's columns where they mean the same.

OpenFace 2 (Baltrušaitis et al. 2018, doi 10.1109/FG.2018.00019; columns: github.com/TadasBaltrusaitis/OpenFace/wiki,
"Output Format") counts frames from 1 and faces from 0, gives times in seconds and turns and gaze in radians, and action
units from 0 to 5 (``AU12_r``) and as present or not (``AU12_c``). A unit that NeuroMER does not measure well enough
(`engine.features.action_units.told`) has empty cells, and so has a frame in which a face is turned too far. Gaze up and
down (``gaze_angle_y``) is against where the person looks usually, and not against the camera. What
OpenFace measures and NeuroMER does not (``confidence``, position in millimetres) has no column here.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.features import action_units
from engine.features.action_units import LEFT, NUMBERS, RIGHT, STRONGEST
from engine.recognition.analysis import REGIONS, Analysis, Track
from engine.sheets import csv_file

MEASURED = (
    *("gaze_angle_x", "gaze_angle_y", "pose_Rx", "pose_Ry", "pose_Rz"),
    *(f"AU{number:02d}_r" for number in NUMBERS),
    *(f"AU{number:02d}_c" for number in NUMBERS),
)
"""What is measured of a face in a picture: gaze, head, intensity and presence of action units, as OpenFace names it."""

HALVES = tuple(f"AU{number:02d}_{side}" for number in NUMBERS for side in ("right", "left"))
"""NeuroMER's own: each action unit in the person's right and left half."""

OPENFACE = ("frame", "face_id", "timestamp", "success", *MEASURED)
"""Columns with OpenFace's names and meaning."""

OWN = (
    "person",
    "box_x",
    "box_y",
    "box_width",
    "box_height",
    "eyes_open",
    *(f"motion_{region.replace(' ', '_')}" for region in REGIONS),
    *HALVES,
)
"""NeuroMER's own: the person from 1 as everywhere else, the face in pixels of the upright picture, the opening of the
eyelids (height over width), the motion of each region in percent of the distance between the eyes, and each action unit
in the person's right and left half. After them comes ``p_EXPRESSION``, what the model for photos says of the frame, and
where a person's rest is known ``change_from_rest``: how many times as probable as at rest the expression is that rose
most, as a natural logarithm."""


def frames_csv(analysis: Analysis) -> bytes:
    """Return a row for each person and frame, from the person's first frame to the last.

    A frame in between in which the face was not seen has ``success`` 0 and no values; its time is that of the same
    frame of another person, or lies evenly between its neighbours. UTF-8, safe to open in a spreadsheet.
    """
    labels = tuple(dict.fromkeys(label for track in analysis.tracks for label in track.labels))
    columns = (*OPENFACE, *OWN, *(f"p_{label}" for label in labels), "change_from_rest")
    known: dict[int, float] = {}
    if len(analysis.tracks) > 1:
        for track in analysis.tracks:
            known |= dict(zip(track.frame.tolist(), track.time_s.tolist(), strict=True))
    return csv_file(columns, (row for track in analysis.tracks for row in _rows(track, labels, known)))


def openface_pose(pose_deg: np.ndarray) -> np.ndarray:
    """Return head turns as OpenFace writes them.

    Both see the picture as x right, y down, z away from the camera. OpenFace takes the rotation apart as Rx·Ry·Rz;
    `engine.faces.landmarks.head_pose` turns by pitch, then yaw, then roll in the picture, so that the parts differ as
    soon as a head is turned about more than one axis.

    Parameters
    ----------
    pose_deg
        (n, 3): yaw, positive to the picture's right; pitch, positive up; roll, positive clockwise as seen; degrees.

    Returns
    -------
    numpy.ndarray
        (n, 3) float64, radians: Rx, positive when the face looks down; Ry, positive when it turns to the picture's
        left (the person's right); Rz, positive when it tilts clockwise as seen.
    """
    # Not above: the Video page opens without SciPy, which takes a second.
    from scipy.spatial.transform import Rotation

    yaw, pitch, roll = np.asarray(pose_deg, float).reshape(-1, 3).T
    # Small letters: about the camera's axes, one after the other. Capitals: about axes that turn along, Rx·Ry·Rz.
    return Rotation.from_euler("xyz", np.column_stack([-pitch, -yaw, roll]), degrees=True).as_euler("XYZ")


def _rows(track: Track, labels: tuple[str, ...], known: dict[int, float]) -> Iterator[list[Any]]:
    if not len(track.frame):
        return
    head = _values(track.box, 1), _values(track.eyes_open[:, None], 4)
    motion, shares = _values(track.motion, 4), _values(track.probabilities, 4)
    count = len(track.frame)
    gaze = track.gaze_deg if len(track.gaze_deg) else np.full((count, 2), np.nan)
    units = track.units if len(track.units) else np.full((count, len(NUMBERS), 2), np.nan)
    told = action_units.told(track.units_rested)
    measured, halves = measured_cells(gaze, track.pose_deg, units, told, track.units_rested)
    at = [track.labels.index(label) if label in track.labels else None for label in labels]
    face, width = track.person - 1, len(OPENFACE) + len(OWN) + len(labels) + 1
    rest = track.rest.face
    change = (
        [""] * len(track.frame) if rest is None else np.round(rest.largest_change(track.probabilities)[0], 4).tolist()
    )
    frames, times = track.frame.tolist(), track.time_s.tolist()
    for row, (frame, time) in enumerate(zip(frames, times, strict=True)):
        if row:
            before, lost = frames[row - 1], frame - frames[row - 1]
            for missing in range(before + 1, frame):
                between = times[row - 1] + (time - times[row - 1]) * (missing - before) / lost
                found = [missing + 1, face, round(known.get(missing, between), 6), 0]
                found += [""] * (len(OPENFACE) - len(found)) + [track.person]
                yield found + [""] * (width - len(found))
        box, eyes = (part[row] for part in head)
        said = ["" if column is None else shares[row][column] for column in at]
        shown = (*box, *eyes, *motion[row], *halves[row], *said, change[row])
        yield [frame + 1, face, round(time, 6), 1, *measured[row], track.person, *shown]


def measured_cells(
    gaze_deg: np.ndarray, pose_deg: np.ndarray, units: np.ndarray, told: np.ndarray, rested: bool
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return what stands in the columns `MEASURED` and `HALVES`, a row a face each; empty cells where nothing is told.

    Parameters
    ----------
    gaze_deg
        (n, 2): where the eyes look, to the picture's right and down; nan where that is not known.
    pose_deg
        (n, 3): yaw, pitch, roll.
    units
        (n, units, 2): intensities in the person's right and left half, nan where they are not known.
    told
        (units,) bool: which are measured well enough.
    rested
        Whether they are told beside the person's own rest.
    """
    halves = np.clip(units, 0, STRONGEST)
    halves[:, ~told] = np.nan
    mean = halves[..., [RIGHT, LEFT]].mean(axis=2)
    called = np.where(np.isnan(mean), np.nan, action_units.is_present(mean, rested))
    parts = (
        _values(np.radians(gaze_deg), 4),
        _values(openface_pose(pose_deg), 4),
        _values(mean, 2),
        [["" if value == "" else int(value) for value in row] for row in _values(called, 0)],
    )
    measured = [[cell for part in row for cell in part] for row in zip(*parts, strict=True)]
    return measured, _values(halves.reshape(len(halves), -1), 2)


def _values(array: np.ndarray, digits: int) -> list[list[Any]]:
    rows = np.round(np.asarray(array, np.float64), digits)
    if not np.isnan(rows).any():
        return rows.tolist()
    return [["" if value != value else value for value in row] for row in rows.tolist()]
