"""Pictures of drawn clips: the same every time, found by the face models, and moving where the truth says."""

import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace

import av
import numpy as np
import pytest

from engine.__main__ import main
from engine.faces import analyse
from engine.synthetic import EXAMPLES, mp4_bytes, synthetic_clip
from engine.synthetic.fields import HeadPose
from engine.synthetic.person import person
from tests.synthetic.face_points import points_of

STILL = {"head_motion": 0, "gaze_motion": 0, "light_change": 0, "blinks_a_minute": 0}
EYES = [33, 133, 362, 263]


def _clip(**changes):
    return synthetic_clip(0, **({"duration_s": 1, "fps": 20} | changes))


def test_a_picture_does_not_depend_on_those_before_it():
    clip = _clip(size=(320, 240))
    in_order = [frame.picture for frame in clip.frames()]
    assert len(in_order) == clip.count == 20
    assert np.array_equal(_clip(size=(320, 240)).picture(13), in_order[13])
    assert not np.array_equal(in_order[12], in_order[13])


def test_another_process_draws_the_same_picture():
    code = (
        "import hashlib; from engine.synthetic import synthetic_clip; "
        "clip = synthetic_clip(0, duration_s=1, fps=20, size=(320, 240)); "
        "print(hashlib.sha256(clip.picture(7).tobytes()).hexdigest())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
    assert told.strip() == hashlib.sha256(_clip(size=(320, 240)).picture(7).tobytes()).hexdigest()


def test_a_clip_without_motion_and_noise_stands_still():
    clip = _clip(events=[], noise=0, **STILL)
    first = clip.picture(0)
    assert first.shape == (480, 640, 3) and first.dtype == np.uint8
    assert all(np.array_equal(clip.picture(number), first) for number in (1, 9, 19))


def test_noise_has_the_variance_of_a_sensor():
    clip, clean = _clip(events=[], **STILL), _clip(events=[], noise=0, **STILL)
    off = clip.picture(3).astype(float) - clean.picture(3)
    bright = clean.picture(3)
    for low, high in ((60, 90), (150, 190)):
        level = (bright >= low) & (bright < high)
        assert level.sum() > 5_000
        expected = 0.035 * bright[level].mean() + 1.2 + 1 / 12
        assert off[level].var() == pytest.approx(expected, rel=0.08)
        assert abs(off[level].mean()) < 0.1


def test_another_number_is_refused():
    with pytest.raises(IndexError, match="from 0 to 19"):
        _clip().picture(20)


def test_a_motion_of_a_tenth_of_a_pixel_changes_the_picture_by_as_much():
    # With texture, small shifts change gray values in proportion: twice the motion, twice the change.
    still = np.full((480, 640, 3), 128, np.uint8)

    def seen(strength):
        picture = still.copy()
        person(0).draw(picture, HeadPose(320, 226, 1.55), {12: strength} if strength else {})
        return picture[270:370, 240:400].astype(float)

    rest = seen(0)
    changes = [np.abs(seen(strength) - rest).mean() for strength in (0.01, 0.02, 0.04)]  # the corner: 0.2 pixels a 0.01
    assert changes[0] > 0.05
    assert 1.5 < changes[1] / changes[0] < 2.5
    assert 1.5 < changes[2] / changes[1] < 2.5


@pytest.mark.parametrize("seed", range(4))
def test_a_drawn_face_is_found_and_its_mesh_follows(seed):
    def mesh(strengths, closure=0.0):
        picture = np.full((480, 640, 3), (150, 160, 170), np.uint8)
        person(seed).draw(picture, HeadPose(320, 226, 1.55), strengths, closure)
        faces = analyse(picture, reach="live")
        assert len(faces) == 1
        assert faces[0].landmarks.presence > 0.95
        points = faces[0].landmarks.points[:, :2]
        return points - points[EYES].mean(axis=0)

    rest, smile, brows = mesh({}), mesh({12: 1.0}), mesh({1: 1.0, 2: 1.0})
    frown, jaw, shut = mesh({4: 1.0}), mesh({26: 1.0}), mesh({}, closure=1.0)
    assert (rest[[61, 291], 1] - smile[[61, 291], 1] > 5).all()
    assert smile[291, 0] - smile[61, 0] > rest[291, 0] - rest[61, 0] + 8
    assert (rest[[55, 285, 105, 334], 1] - brows[[55, 285, 105, 334], 1]).mean() > 2.5
    assert (frown[[55, 285], 1] - rest[[55, 285], 1]).mean() > 3
    assert jaw[14, 1] - rest[14, 1] > 12

    def opening(points):
        return np.mean([points[145, 1] - points[159, 1], points[374, 1] - points[386, 1]])

    # The mesh follows lids weakly on photos, too: of 400 faces of FER2013 hardly one has less than 0.6 of the median.
    assert opening(shut) < 0.95 * opening(rest)


def test_two_people_are_found_side_by_side():
    clip = replace(EXAMPLES["Two people"](), noise=0.0)
    faces = analyse(clip.picture(0), reach="live")
    assert len(faces) == 2
    left, right = sorted(faces, key=lambda face: face.detection.box[0])
    for person_, face in enumerate((left, right), start=1):
        corner = points_of(clip, 0, person_)["left mouth corner"]
        assert np.linalg.norm(face.landmarks.points[291, :2] - corner) < 12


def test_every_example_has_the_events_that_its_name_promises():
    clips = {name: make() for name, make in EXAMPLES.items()}
    kinds = {name: sorted(event.kind for event in clip.events) for name, clip in clips.items()}
    assert kinds["One micro-expression"] == ["micro"]
    assert set(kinds["Micro and macro expressions"]) == {"micro", "macro"}
    assert kinds["No expression, only blinks and head motion"] == []
    assert len(clips["Two people"].actors) == 2
    assert clips["No expression, only blinks and head motion"].blinks
    assert all(4 <= clip.duration_s <= 12 for clip in clips.values())


def test_an_mp4_says_that_it_is_synthetic():
    clip = synthetic_clip(0, duration_s=0.2, fps=25, size=(160, 120), events=[])
    with av.open(io.BytesIO(mp4_bytes(clip))) as file:
        assert file.metadata["title"].startswith("synthetic")
        assert sum(1 for _ in file.decode(video=0)) == clip.count


def test_the_command_writes_a_recording_and_its_truth(tmp_path, capsys):
    target = tmp_path / "clip.mp4"
    assert main(["synthesise", "--seed", "3", "--duration", "0.2", "--fps", "20", "--output", str(target)]) == 0
    truth = json.loads((tmp_path / "clip.json").read_text("utf-8"))
    assert truth["synthetic"] is True and truth["frames"] == 4
    assert "synthetic" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.json", "clip.mp4"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "x.avi"], "x.avi"),
        (["--output", "x.mp4", "--seed", "-1"], "-1"),
        (["--output", "x.mp4", "--duration", "0"], "0 s"),
        (["--output", "x.mp4", "--duration", "nan"], "nan"),
        (["--output", "x.mp4", "--fps", "0"], "0 frames"),
        (["--output", "x.mp4", "--people", "9"], "9 people"),
        (["--output", "no/such/folder/x.mp4", "--duration", "0.1"], "no/such/folder"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["synthesise", *arguments]) == 1
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


def test_who_talks_speaks_about_half_of_the_time_and_shows_no_expression():
    clip = synthetic_clip(5, duration_s=60, fps=30, size=(160, 120), events=[], talking=True)
    shown = [clip.strengths(number) for number in range(clip.count)]
    share = sum(bool(each) for each in shown) / clip.count
    assert 0.3 < share < 0.85 and clip.events == ()
    assert set().union(*shown) == {14, 17, 20, 23, 25, 26}
    assert 0 < max(max(each.values(), default=0.0) for each in shown) <= 1
    assert not any(synthetic_clip(5, duration_s=1, events=[]).strengths(number) for number in range(60))
