"""Damaged recordings: what can be read is read, and what is missing is said with its time."""

import re
from itertools import pairwise

import numpy as np
import pytest
from recording_files import encode, number_of, numbered, wiped

from engine.videos import open_video
from engine.videos.timing import DecodingGaps, FrameAccount, FrameClock

COUNT = 200
KEYS = {"g": "25", "sc_threshold": "0"}


def busy(count=COUNT, seed=0):
    """Numbered frames with noise around, so that each takes some bytes."""
    random = np.random.default_rng(seed)
    for number in range(count):
        picture = numbered(number)
        picture[:8] = random.integers(0, 255, picture[:8].shape)
        picture[58:] = random.integers(0, 255, picture[58:].shape)
        yield picture


def read(data):
    with open_video(data, "clip") as video:
        frames = list(video.frames())
    return frames, video.problems


def times(sentence):
    return [float(number) for number in re.findall(r"(\d+\.\d+) (?:to|s)\b", sentence)]


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("matroska", "libx264"), ("webm", "libvpx-vp9")])
def test_damage_in_the_middle_is_named_and_reading_goes_on(container, codec):
    data = encode(busy(), container=container, codec=codec, options=KEYS if codec == "libx264" else {"g": "25"})
    frames, problems = read(wiped(data, len(data) // 2, len(data) // 30))
    assert COUNT - 80 <= len(frames) < COUNT
    # A frame is shown at its own time, before the break and after it.
    shown = [(number_of(frame.picture), round(frame.time_s * 25)) for frame in frames]
    assert sum(number != place for number, place in shown) <= 2
    assert shown[-1] == (COUNT - 1, COUNT - 1)
    assert len(problems) == 1
    missing = sorted(set(range(COUNT)) - {place for _, place in shown})
    begin, end = times(problems[0])[:2]
    assert begin == pytest.approx((missing[0] - 1) / 25, abs=0.01)
    assert end == pytest.approx((missing[-1] + 1) / 25, abs=0.01)
    if codec == "libx264" and container == "mp4":
        assert f"{len(missing)} frames could not be read" in problems[0]


def test_after_a_break_reading_goes_on_soon_even_without_a_whole_frame():
    data = encode(busy(), options={"g": "1000", "sc_threshold": "0", "keyint_min": "1000"})
    frames, problems = read(wiped(data, len(data) // 2, 2000))
    assert COUNT - 35 <= len(frames) < COUNT
    (said,) = problems
    assert "may be smeared" in said


def test_motion_jpeg_loses_the_frames_that_are_damaged_and_no_other():
    data = encode(busy(), container="avi", codec="mjpeg")
    frames, problems = read(wiped(data, len(data) // 2, len(data) // 50))
    assert COUNT - 8 <= len(frames) < COUNT
    assert "lacks" in problems[-1] or "could not be read" in problems[-1]
    told = " ".join(problems).replace("one frame", "1 frames")
    lacking = sum(map(int, re.findall(r"(?<=lacks )\d+|\d+(?= frames could)", told)))
    assert lacking == COUNT - len(frames)


@pytest.mark.parametrize(
    ("container", "codec", "muxing"),
    [
        ("mp4", "libx264", {"movflags": "faststart"}),
        ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
        ("matroska", "libx264", {}),
        ("webm", "libvpx-vp9", {}),
        ("avi", "mjpeg", {}),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_a_file_that_is_cut_off_is_read_to_there(container, codec, muxing, share):
    data = encode(busy(), container=container, codec=codec, muxing=muxing)
    frames, problems = read(data[: int(len(data) * share)])
    assert COUNT * (share - 0.2) < len(frames) < COUNT * (share + 0.1)
    assert [number_of(frame.picture) for frame in frames[:-1]] == list(range(len(frames) - 1))
    if "frag" not in muxing.get("movflags", ""):  # which cannot know how long it was to become
        assert problems


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_does_no_harm(seed):
    random = np.random.default_rng(seed)
    container = ("mp4", "matroska", "avi")[seed % 3]
    data = bytearray(encode(busy(40), container=container, codec="mjpeg" if container == "avi" else "libx264"))
    for at in random.integers(200, len(data), 8):
        data[at] = random.integers(256)
    frames, _ = read(bytes(data))
    stamps = [frame.time_s for frame in frames]
    assert 1 <= len(frames) <= 60
    assert all(later > earlier for earlier, later in pairwise(stamps))


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([0, 0.04, 0.04, 0.08], [0, 0.04, 0.06, 0.08]),
        ([0, 0.04, 0.02, 0.08], [0, 0.04, 0.06, 0.08]),
        ([0, 0.04, 5.0, 0.0, 0.04], [0, 0.04, 5.0, 5.04, 5.08]),
        ([0, None, None, 0.12], [0, 0.04, 0.08, 0.12]),
    ],
)
def test_times_that_go_back_stand_still_or_lack_are_mended(stamps, expected):
    clock = FrameClock(0.04)
    np.testing.assert_allclose([clock(stamp) for stamp in stamps], expected, atol=1e-9)
    assert any("mended" in said or "order" in said or "without a time" in said for said in clock.sentences())


def test_times_that_never_move_are_counted():
    clock = FrameClock(0.04)
    found = [clock(1.0) for _ in range(50)]
    assert np.diff(found).min() > 0
    assert np.diff(found[10:]).max() == pytest.approx(0.04)


def test_sound_times_are_left_alone():
    clock = FrameClock(0.04)
    stamps = [0, 0.01, 0.5, 0.51, 1.2]
    assert [clock(stamp) for stamp in stamps] == stamps
    assert clock.sentences() == []


def test_a_long_stretch_without_frames_is_said():
    clock = FrameClock(0.04)
    for stamp in (0, 0.04, 3.5, 3.54):
        clock(stamp)
    assert clock.sentences() == ["From 0.04 to 3.50 s the recording holds no frames."]


def test_many_breaks_are_few_sentences():
    gaps = DecodingGaps()
    for number in range(500):
        gaps.lose(2)
        gaps.mend(number / 10, whole=True)
    said = gaps.sentences()
    assert len(said) == 21 and "960 frames more" in said[-1].lower()
    assert gaps.lost == 1000


def test_an_account_misses_what_never_came():
    account = FrameAccount()
    for stamp in (0, 3, 1, 2, 4, 5):
        account.put(stamp, whole=stamp != 4)
    assert [account.take(stamp) for stamp in (0, 1, 3, 4)] == [0, 0, 1, 0]
    assert account.spoilt(4) and not account.spoilt(3)
    assert account.take(None) == 1
