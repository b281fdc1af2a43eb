"""The study of faces that are turned."""

import cv2
import numpy as np
from skimage import data

from engine.__main__ import main
from engine.studies.turned_faces import turned


def test_a_turned_picture_stands_in_the_middle():
    picture = np.full((40, 40, 3), 200, np.uint8)
    picture[:20, 15:25] = 0  # a mark at the top
    for degrees, (row, column) in {0: (180, 240), 90: (240, 300), 180: (300, 240), 270: (240, 180)}.items():
        frame = turned(picture, degrees)
        assert frame.shape == (480, 480, 3)
        assert frame[row, column].max() < 20
        assert frame[480 - row, 480 - column].min() > 180


def test_it_counts(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("engine.studies.turned_faces.STEP_DEG", 180)
    (tmp_path / "set" / "happy").mkdir(parents=True)
    cv2.imwrite(str(tmp_path / "set" / "happy" / "a.png"), data.astronaut()[30:190, 140:300, ::-1])
    assert main(["study", "turned-faces", "--data", str(tmp_path / "set"), "--pictures", "1"]) == 0
    said = capsys.readouterr().out
    assert "1 of them right when upright" in said
    assert said.count("100.0 %") == 3
