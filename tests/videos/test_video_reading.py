"""Recordings: every frame, in the order and at the time at which it is shown, upright."""

import io
from fractions import Fraction

import numpy as np
import pytest
from recording_files import HEIGHT, WIDTH, coloured, corners, encode, number_of, numbered
from told import Told

from engine.tasks import Cancelled
from engine.videos import open_video

COUNT = 60


def read(data, **options):
    with open_video(data, "clip", **options) as video:
        return list(video.frames()), video


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "libx264"),
        ("mov", "libx264"),
        ("matroska", "libx264"),
        ("webm", "libvpx-vp9"),
        ("avi", "mjpeg"),
        ("avi", "mpeg4"),
        ("gif", "gif"),
    ],
)
def test_every_frame_comes_once_in_order(container, codec):
    frames, video = read(encode(map(numbered, range(COUNT)), container=container, codec=codec))
    assert [number_of(frame.picture) for frame in frames] == list(range(COUNT))
    assert [frame.number for frame in frames] == list(range(COUNT))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(COUNT) / 25, atol=1e-3)
    assert (video.width, video.height, video.problems) == (WIDTH, HEIGHT, [])
    assert frames[0].picture.dtype == np.uint8
    assert video.rate == pytest.approx(25) and video.duration_s == pytest.approx(COUNT / 25, abs=0.05)


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_times_are_those_of_presentation_where_frames_are_stored_in_another_order(container):
    options = {"bf": "3", "b-pyramid": "normal", "g": "30", "b-adapt": "0"}
    frames, video = read(encode(map(numbered, range(COUNT)), container=container, options=options))
    assert [number_of(frame.picture) for frame in frames] == list(range(COUNT))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(COUNT) / 25, atol=1e-3)
    assert video.problems == []


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_a_variable_rate_stays_as_it_is(container):
    stamps = np.cumsum([0, *([16, 33, 50, 21] * 10)])
    frames, video = read(encode(map(numbered, range(len(stamps))), [int(at) for at in stamps], container=container))
    np.testing.assert_allclose([frame.time_s for frame in frames], stamps / 1000, atol=1e-3)
    assert [number_of(frame.picture) for frame in frames] == list(range(len(stamps)))
    assert video.problems == []


@pytest.mark.parametrize(
    ("rotation", "mirrored", "expected"),
    [
        (0, False, [[0, 1], [2, 3]]),
        (90, False, [[1, 3], [0, 2]]),
        (180, False, [[3, 2], [1, 0]]),
        (270, False, [[2, 0], [3, 1]]),
        (0, True, [[1, 0], [3, 2]]),
        (90, True, [[3, 1], [2, 0]]),
    ],
)
def test_pictures_are_upright(rotation, mirrored, expected):
    frames, video = read(encode([coloured()] * 3, rotation=rotation, mirrored=mirrored))
    sides = (WIDTH, HEIGHT) if rotation % 180 == 0 else (HEIGHT, WIDTH)
    assert (video.width, video.height) == sides
    assert all(frame.picture.shape == (sides[1], sides[0], 3) for frame in frames)
    assert corners(frames[-1].picture) == expected
    assert frames[0].picture.flags.c_contiguous


def test_portrait_that_is_stored_as_such():
    frames, video = read(encode([coloured().transpose(1, 0, 2).copy()] * 3))
    assert (video.width, video.height) == (HEIGHT, WIDTH)
    assert corners(frames[0].picture) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(("aspect", "size"), [(Fraction(4, 3), (128, 64)), (Fraction(1, 2), (96, 128))])
def test_pixels_are_made_square_by_stretching(aspect, size):
    frames, video = read(encode([coloured()] * 2, aspect=aspect))
    assert (video.width, video.height) == size
    assert frames[0].picture.shape == (size[1], size[0], 3)


def test_pictures_are_read_smaller_and_the_size_of_the_recording_is_kept():
    frames, video = read(encode(map(numbered, range(4)), rotation=90), long_side=48)
    assert (video.width, video.height) == (HEIGHT, WIDTH)
    assert frames[0].picture.shape == (48, 32, 3)


@pytest.mark.parametrize("container", ["mp4", "matroska", "avi", "webm"])
@pytest.mark.parametrize("start", [0.0, 0.5, 1.0, 1.99, 2.36])
def test_a_jump_shows_what_reading_through_shows(container, start):
    codec = {"webm": "libvpx-vp9", "avi": "mjpeg"}.get(container, "libx264")
    options = {"g": "12"} | ({"bf": "2"} if codec == "libx264" else {})
    data = encode(map(numbered, range(COUNT)), container=container, codec=codec, options=options)
    with open_video(data, "clip") as video:
        through = [frame for frame in video.frames() if start - 1e-6 <= frame.time_s < start + 0.3]
        jumped = list(video.frames(start, start + 0.3))
        again = list(video.frames(start, start + 0.3))
        whole = list(video.frames())
    assert len(whole) == COUNT and video.problems == []
    for found in (jumped, again):
        assert [(frame.number, frame.time_s) for frame in found] == [(frame.number, frame.time_s) for frame in through]
        for frame, expected in zip(found, through, strict=True):
            np.testing.assert_array_equal(frame.picture, expected.picture)


def test_a_jump_beyond_the_end_shows_nothing():
    with open_video(encode(map(numbered, range(5))), "clip") as video:
        assert list(video.frames(100.0)) == []


@pytest.mark.parametrize("container", ["mp4", "matroska"])
def test_sound_that_lasts_longer_is_no_lack_of_pictures(container):
    data = encode(map(numbered, range(25)), container=container, sound_s=3)
    frames, video = read(data)
    assert len(frames) == 25 and video.problems == []
    assert video.duration_s == pytest.approx(1, abs=0.05)


def test_a_path_bytes_and_an_open_file_are_read_alike(tmp_path):
    data = encode(map(numbered, range(5)))
    path = tmp_path / "clip.bin"
    path.write_bytes(data)
    file = io.BytesIO(data)
    for source in (path, str(path), data, file):
        assert [number_of(frame.picture) for frame in read(source)[0]] == list(range(5))
    assert not file.closed


def test_progress_and_cancel():
    progress = Told(lambda: len(progress.steps) == 3)
    with open_video(encode(map(numbered, range(10))), "clip") as video, pytest.raises(Cancelled):
        list(video.frames(progress=progress))
    assert progress.steps == [(0, 10, "reading clip"), (1, 10, "reading clip"), (2, 10, "reading clip")]
