"""From clips to maps of optical flow: a real face whose brows are moved by a known distance."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from clip_folders import CASME2_HEADING, casme2_row, casme_squared, xlsx
from skimage import data

from engine.datasets.clip_sets import flow_set, read_clips
from engine.datasets.clip_sets.flow import onset_and_apex
from engine.datasets.flow_set import FlowSet
from engine.errors import DataError

BROWS = (224, 88)  # x, y between the astronaut's brows


def raised(pixels: float) -> np.ndarray:
    """Return the portrait with what is around the brows moved up."""
    face = data.astronaut()[:256, 96:352]
    y, x = np.mgrid[:256, :256].astype(np.float32)
    near = np.exp(-((x + 96 - BROWS[0]) ** 2 + (y - BROWS[1]) ** 2) / (2 * 16**2)).astype(np.float32)
    return cv2.remap(face, x, y + pixels * near, cv2.INTER_LINEAR)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("casme2")
    raw = root / "CASME2_RAW_selected"
    clips = {"sub01/EP01_01": (0, 1.5, 3.0, 1.5, 0), "sub02/EP01_01": (0, -1.5, -3.0, -1.5, 0)}
    for name, moves in clips.items():
        (raw / name).mkdir(parents=True)
        for number, pixels in enumerate(moves, 1):
            cv2.imwrite(str(raw / name / f"img{number}.png"), raised(pixels)[..., ::-1])
    (raw / "sub02/EP02_02").mkdir()
    for number in (1, 2, 3):
        cv2.imwrite(str(raw / f"sub02/EP02_02/img{number}.png"), np.full((200, 200, 3), 90, np.uint8))
    rows = [
        casme2_row("01", "EP01_01", 1, 3, 5, "1+2", "surprise"),
        casme2_row("02", "EP01_01", 1, "/", 5, "4", "disgust"),
        casme2_row("02", "EP02_02", 1, 2, 3, "4", "disgust"),
    ]
    xlsx(root / "codes.xlsx", [CASME2_HEADING, *rows])
    return root


@pytest.fixture(scope="module")
def measured(folder):
    problems = []
    return flow_set(read_clips(folder), problems=problems), problems


def test_the_form_is_that_of_the_shared_composite(measured, tmp_path):
    flow, _ = measured
    assert flow.flow.shape == (2, 28, 28, 3) and flow.flow.dtype == np.uint8
    assert flow.classes == ("negative", "positive", "surprise")
    assert flow.y.tolist() == [2, 0]
    assert flow.dataset.tolist() == ["casme2", "casme2"]
    assert flow.subject.tolist() == ["casme2/sub01", "casme2/sub02"]
    assert flow.name.tolist() == ["EP01_01", "EP01_01"]
    flow.save(tmp_path / "flow.npz")
    np.testing.assert_array_equal(FlowSet.load(tmp_path / "flow.npz").flow, flow.flow)


def test_raised_and_lowered_brows_move_the_upper_face_up_and_down(measured):
    # In the maps the brows lie near the upper border, what is between them in the middle; y points down.
    up, down = (clip[..., 1].astype(float) for clip in measured[0].flow)
    strongest = np.unravel_index(up.argmin(), up.shape)
    np.testing.assert_allclose(strongest, (2, 14), atol=3)
    np.testing.assert_allclose(np.unravel_index(down.argmax(), down.shape), (2, 14), atol=3)
    # Of a face that moves up only, most of the map is at rest near the top of the scale; and the other way round.
    assert np.median(up) > 170 and np.median(down) < 85


def test_a_clip_without_a_face_is_left_out_and_said(measured):
    (problem,) = measured[1]
    assert problem == "sub02, EP02_02 is left out: No face is found in frame 1."


def test_the_same_face_at_onset_and_apex_does_not_move(folder):
    clip = read_clips(folder).clips[0]
    still = flow_set([replace(clip, onset=1, apex=5)])
    assert set(np.unique(still.flow[0, ..., :2])) == {128}
    assert not still.flow[0, ..., 2].any()


def test_five_classes_and_their_limits(folder, tmp_path):
    clips = read_clips(folder)
    five = flow_set(clips, 5)
    assert five.classes == ("happiness", "disgust", "repression", "surprise", "others")
    assert five.y.tolist() == [3, 1]
    mixed = [clips.clips[0], replace(clips.clips[1], dataset="samm", estimated_emotion="anger")]
    with pytest.raises(DataError, match=r"do not share their five classes \(anger\)"):
        flow_set(mixed, 5)
    with pytest.raises(DataError, match="3 or 5 classes, not in 4"):
        flow_set(clips, 4)
    with pytest.raises(DataError, match="not coded in five"):
        flow_set(read_clips(casme_squared(tmp_path)), 5)


def test_without_a_usable_clip_it_says_why(folder):
    clips = read_clips(folder)
    with pytest.raises(DataError, match=r"None of the 1 clips can be used \(No face is found in frame 1\.\)"):
        flow_set([clips.clips[2]])
    with pytest.raises(DataError, match="no clip of a micro-expression"):
        flow_set([replace(clips.clips[0], kind="macro")])
    with pytest.raises(DataError, match="None of the 1 clips can be used"):
        flow_set([replace(clips.clips[0], estimated_emotion="others")])


def test_the_apex_that_is_not_coded_is_the_middle(folder):
    clip = read_clips(folder).clips[1]
    assert clip.apex is None and onset_and_apex(clip)[1] == 3
    with pytest.raises(DataError, match="not coded"):
        onset_and_apex(replace(clip, offset=None))
    with pytest.raises(DataError, match="its onset, frame 1"):
        onset_and_apex(replace(clip, apex=1))
