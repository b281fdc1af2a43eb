"""The study of covered faces."""

import json

import cv2
import numpy as np
from skimage import data

from engine import datasets
from engine.__main__ import main
from engine.studies.covered_faces import parts


def small_set(folder, count=12):
    (folder / "happy").mkdir(parents=True)
    for number in range(count):
        picture = cv2.resize(data.astronaut()[20:230, 120 + number : 330], (80, 80), interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / "happy" / f"{number}.png"), picture[..., ::-1])
        cv2.imwrite(str(folder / "happy" / f"{number} again.png"), picture[..., ::-1])
    return str(folder)


def test_copies_are_in_one_part(tmp_path):
    faces = datasets.read(small_set(tmp_path / "set"))
    part = parts(faces, 1)
    assert set(part) <= {"learning", "tuning", "report"}
    digests = np.array([faces.pictures[row].tobytes() for row in range(len(faces))])
    for digest in np.unique(digests):
        assert len(set(part[digests == digest])) == 1


def test_it_measures(tmp_path, capsys):
    asked = ["--data", small_set(tmp_path / "set"), "--part", "report", "--pictures", "3", "--json"]
    assert main(["study", "covered-faces", *asked]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bare"] == 3
    assert found["false_alarms"] == 0
    assert sum(row["covered"] + row["lost"] for row in found["regions"].values()) == 3
