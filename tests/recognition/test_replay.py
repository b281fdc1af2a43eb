import io
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import skimage
from PIL import Image

from engine.errors import VideoError
from engine.faces import analyse
from engine.features.optical_flow import dense_flow, global_motion, motion_as_flow
from engine.recognition.analysis import REGIONS, Event, Track
from engine.recognition.magnify import magnify_motion
from engine.recognition.replay import EYES_PX, SIDE, Replay, onset_and_apex, replay, slow_motion
from engine.videos import write_video

FPS, COUNT = 30.0, 24
TURN_DEG = 5 * np.sin(np.arange(COUNT) / 4)


def event(onset, apex, offset):
    return Event(onset, apex, offset, "micro", "happy", True, {"happy": 1.0})


@pytest.fixture(scope="module")
def nodding():
    """A recording of a face that moves and turns as a whole and shows nothing, and its track."""
    picture = np.asarray(Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png").convert("RGB"))
    picture = picture[:260, 90:390]
    frames = []
    for index, turn in enumerate(TURN_DEG):
        matrix = cv2.getRotationMatrix2D((130, 120), turn, 1.0)
        matrix[:, 2] += (6 * np.cos(index / 3), 4 * np.sin(index / 5))
        frames.append(cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE))
    target = io.BytesIO()
    write_video(frames, FPS, target)
    (face,) = analyse(frames[0], reach="live")
    none = np.zeros
    track = Track(
        1,
        np.arange(COUNT),
        np.arange(COUNT) / FPS,
        np.repeat([face.detection.box], COUNT, axis=0).astype(np.float32),
        np.stack([none(COUNT), none(COUNT), -TURN_DEG], 1).astype(np.float32),
        none((COUNT, len(REGIONS)), np.float32),
        np.ones(COUNT, np.float32),
        np.ones((COUNT, 1), np.float32),
        ("happy",),
    )
    return target.getvalue(), track


@pytest.fixture(scope="module")
def still(nodding):
    return replay(nodding[0], "nodding.mp4", nodding[1], event(0.3, 0.4, 0.5))


def test_the_face_is_held_still(still):
    assert still.faces.shape == (len(still.time_s), SIDE, SIDE, 3) and still.faces.dtype == np.uint8
    onset = still.gray(still.at(0.3))
    for index in range(len(still.faces)):
        off = np.linalg.norm(dense_flow(onset, still.gray(index))[64:192, 64:192], axis=2)
        assert off.mean() < 0.8, "pixels of a face 256 wide; it moved by up to 12 of the recording's"


def test_points_lie_on_the_face(still):
    eyes = still.points[:, 33], still.points[:, 263]
    assert np.linalg.norm(eyes[1] - eyes[0], axis=1) == pytest.approx(EYES_PX, rel=0.1)
    (found,) = analyse(still.faces[still.at(0.4)], reach="photo")
    off = np.linalg.norm(found.landmarks.points[:, :2] - still.points[still.at(0.4)], axis=1)
    assert off.mean() < 4


def test_only_the_event_and_a_little_around_it_is_read(still):
    assert still.step == 1 and still.fps == pytest.approx(FPS)
    assert still.time_s[0] == pytest.approx(2 / FPS, abs=1e-3) and still.time_s[-1] == pytest.approx(22 / FPS, abs=1e-3)
    assert still.at(0.3) == 7 and still.at(-1) == 0 and still.at(99) == len(still.time_s) - 1


def test_of_a_long_event_pictures_are_skipped_evenly(nodding, monkeypatch):
    monkeypatch.setattr("engine.recognition.replay.MOST", 10)
    told = []
    seen = replay(nodding[0], "nodding.mp4", nodding[1], event(0.0, 0.4, 0.8), told.append)
    assert seen.step == 3 and np.allclose(np.diff(seen.time_s), 3 / FPS, atol=1e-3)
    assert told == sorted(told) and told[-1] == 1.0


def test_onset_and_apex_alone_are_the_same_two_faces(nodding, still):
    onset, apex = onset_and_apex(nodding[0], "nodding.mp4", nodding[1], event(0.3, 0.4, 0.5))
    for face, at in ((onset, 0.3), (apex, 0.4)):
        assert np.abs(face.astype(float) - still.faces[still.at(at)]).mean() < 1
    both = onset_and_apex(nodding[0], "nodding.mp4", nodding[1], event(0.3, 0.3, 0.5))
    assert np.array_equal(*both)
    with pytest.raises(VideoError, match="not seen"):
        onset_and_apex(nodding[0], "nodding.mp4", nodding[1], event(5.0, 5.5, 6.0))


def test_an_event_without_the_face_is_said(nodding):
    with pytest.raises(VideoError, match="not seen between 5.00 and 6.00 s"):
        replay(nodding[0], "nodding.mp4", nodding[1], event(5.0, 5.5, 6.0))


def test_a_recording_that_ends_too_early_is_said(nodding):
    _, track = nodding
    target = io.BytesIO()
    write_video([np.zeros((64, 64, 3), np.uint8)] * 3, FPS, target)
    with pytest.raises(VideoError, match="No picture can be read"):
        replay(target.getvalue(), "short.mp4", track, event(0.6, 0.65, 0.7))


def test_a_moved_turned_and_scaled_face_is_known_as_a_whole_whatever_its_mouth_does():
    turn = np.deg2rad(2)
    motion = 1.03 * np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0]])
    motion[:, 2] = (1.5, -2.5)
    flow = motion_as_flow(motion, 96, 128)
    assert flow.shape == (96, 128, 2)
    assert flow[0, 0] == pytest.approx(motion @ (0.5, 0.5, 1) - 0.5, abs=1e-5)
    flow[60:90, 30:90] += (4.0, -3.0)
    assert global_motion(flow) == pytest.approx(motion, abs=1e-4)
    assert global_motion(np.zeros((64, 64, 2), np.float32)) == pytest.approx(np.eye(2, 3), abs=1e-9)


def bump(texture, far, place=(60, 70), wide=14.0):
    """Return the texture with what lies around a place moved to the right, by at most ``far`` pixels."""
    y, x = np.mgrid[: texture.shape[0], : texture.shape[1]].astype(np.float32)
    source = x.copy()
    for _ in range(60):
        moved = far * np.exp(-((source - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * wide**2))
        source = 0.5 * (source + x - moved)
    return cv2.remap(texture, source, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


@pytest.fixture(scope="module")
def texture():
    noise = cv2.GaussianBlur(np.random.default_rng(0).uniform(0, 255, (128, 128, 3)).astype(np.float32), (0, 0), 2)
    return ((noise - noise.min()) * (255 / np.ptp(noise))).astype(np.uint8)


@pytest.mark.parametrize("factor", [2, 4])
def test_motion_goes_so_many_times_as_far(texture, factor):
    faces = np.stack([texture, bump(texture, 1.0)])
    larger = magnify_motion(faces, 0, factor)
    assert np.array_equal(larger[0], texture)
    wanted = bump(texture, factor)
    off, before = (np.abs(each.astype(float) - wanted).mean() for each in (larger[1], faces[1]))
    assert off < 0.45 * before
    gray = [cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (texture, larger[1])]
    assert dense_flow(*gray)[70, 60, 0] == pytest.approx(factor, rel=0.35), "flow and its smoothing lose some"


def test_motion_of_the_whole_face_is_not_multiplied(texture):
    shifted = np.roll(texture, 2, axis=1)
    larger = magnify_motion(np.stack([texture, shifted]), 0, 8)
    assert np.abs(larger[1].astype(float) - shifted)[8:-8, 8:-8].mean() < 2


def test_a_factor_of_one_changes_nothing_and_less_is_refused(texture):
    faces = texture[None]
    assert magnify_motion(faces, 0, 1) is faces
    with pytest.raises(ValueError, match="Received 0.5"):
        magnify_motion(faces, 0, 0.5)


@pytest.mark.parametrize("speed", [0.1, 1.0])
def test_the_slow_replay_takes_its_time(still, speed):
    with av.open(io.BytesIO(slow_motion(still.faces, still.time_s, speed))) as video:
        shown = [float(frame.pts * frame.time_base) for frame in video.decode(video=0)]
    assert len(shown) == len(still.faces) + 1
    assert np.diff(shown)[:-1] == pytest.approx(1 / FPS / speed, abs=2e-3)


def test_a_single_picture_is_a_replay_too(texture):
    seen = Replay(np.array([2.0]), texture[None], np.zeros((1, 468, 2), np.float32))
    assert seen.fps == 1.0 and seen.at(0.0) == 0
    assert slow_motion(seen.faces, seen.time_s, 0.5)
    with pytest.raises(ValueError, match="Received 0"):
        slow_motion(seen.faces, seen.time_s, 0)
