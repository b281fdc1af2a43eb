"""Pictures that a file holds more than once: distinct ones are counted, and their rate judges."""

import io

import av
import numpy as np
import pytest
from skimage import data

from engine.recognition.analysis import Recording
from engine.recognition.video.repeats import Repeats, distinct_share
from engine.recognition.video.warnings import recording_warnings
from engine.videos import open_video

COUNT = 120
HEAD = np.ascontiguousarray(data.astronaut()[:256, 64:384]).astype(np.float32)


def scene(number, noise, moving=True):
    """Picture so many 60ths of a second after the first: a head that sways, and a sensor's noise of its own."""
    at = 6 * np.sin(number / 23) + 3 * np.sin(number / 7) if moving else 0.0
    rows, columns = slice(8, 200), np.clip(np.arange(20, 276) + at, 0, 318)
    left = columns.astype(int)
    part = (columns - left).astype(np.float32)[:, None]
    picture = HEAD[rows, left] * (1 - part) + HEAD[rows, left + 1] * part
    picture = picture + noise * np.random.default_rng(number).standard_normal(picture.shape[:2])[..., None]
    return np.clip(picture, 0, 255).astype(np.uint8)


def recorded(numbers, rate, codec, **options):
    """The bytes of a recording of these scenes."""
    pictures = {number: scene(number, 3.0) for number in set(numbers)}
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        stream = output.add_stream(codec, rate, options=options)
        stream.width, stream.height = 256, 192
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number in numbers:
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pictures[number], "rgb24")))
        output.mux(stream.encode(None))
    return file.getvalue()


def counted(data, rate):
    repeats = Repeats()
    with open_video(data, "clip") as video:
        for frame in video.frames():
            repeats.take(frame.picture)
    return rate * repeats.distinct_share()


def stored(distinct, rate):
    """Which 60th of a second each picture of a file shows, where ``distinct`` a second are stored as ``rate``."""
    return [number * distinct // rate * 60 // distinct for number in range(COUNT)]


@pytest.mark.parametrize(
    ("distinct", "rate", "codec", "options"),
    [
        (15, 60, "libx264", {"preset": "veryfast"}),
        (15, 60, "libvpx", {"deadline": "realtime", "cpu-used": "8", "b": "600k"}),
        (30, 60, "libx264", {"preset": "veryfast", "bf": "0"}),
        (20, 60, "mpeg4", {"b": "800k"}),
        (24, 30, "libx264", {"preset": "veryfast", "crf": "20"}),
        (24, 30, "mjpeg", {}),
        (25, 60, "libx264", {"preset": "veryfast", "crf": "20"}),
        (12, 24, "mpeg4", {"bf": "2"}),
        (10, 25, "mjpeg", {}),
    ],
)
def test_distinct_pictures_are_counted(distinct, rate, codec, options):
    assert counted(recorded(stored(distinct, rate), rate, codec, **options), rate) == pytest.approx(distinct, rel=0.01)


def irregular(rate, new, seed):
    """Which 60th of a second each picture of a file shows, where so large a share is new, at random."""
    fresh = np.random.default_rng(seed).random(COUNT) < new
    fresh[0] = True
    return (60 // rate * np.maximum.accumulate(np.where(fresh, np.arange(COUNT), 0))).tolist()


@pytest.mark.parametrize(
    ("new", "rate", "codec", "options"),
    [
        (0.7, 30, "mjpeg", {}),
        (0.5, 30, "mpeg4", {"b": "800k"}),
        (0.4, 60, "mjpeg", {}),
        (0.7, 30, "libx264", {"preset": "veryfast", "crf": "23"}),
        (0.7, 30, "libx264", {"preset": "veryfast", "crf": "28", "bf": "0"}),
        (0.5, 30, "libx264", {"preset": "veryfast", "crf": "23", "tune": "zerolatency"}),
    ],
)
def test_pictures_that_repeat_without_a_rhythm_are_counted_too(new, rate, codec, options):
    numbers = irregular(rate, new, 1)
    true = rate * len(set(numbers)) / COUNT
    assert counted(recorded(numbers, rate, codec, **options), rate) == pytest.approx(true, rel=0.2)


def test_stretches_in_which_next_to_nothing_moves_do_not_judge():
    moving, calm = np.tile([3.0, 0.2, 0.2, 0.2], 24), np.random.default_rng(0).uniform(0.25, 0.35, 96)
    assert distinct_share(np.r_[calm, calm, moving, calm]) == pytest.approx(1 / 4)


@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("libx264", {"preset": "veryfast"}),
        ("libx264", {"preset": "veryfast", "bf": "3", "crf": "30"}),
        ("libx264", {"preset": "veryfast", "bf": "0", "crf": "33"}),
        ("mpeg2video", {"bf": "2", "g": "12"}),
        ("libvpx", {"deadline": "realtime", "cpu-used": "8", "b": "400k"}),
    ],
)
@pytest.mark.parametrize("moving", [True, False])
def test_what_an_encoder_does_is_no_repetition(codec, options, moving, monkeypatch):
    if not moving:
        monkeypatch.setitem(globals(), "scene", lambda number, noise, still=scene: still(number, noise, moving=False))
    assert counted(recorded(range(COUNT), 60, codec, **options), 60) == 60


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        (np.tile([3.0, 0.2, 0.2, 0.2], 40), 1 / 4),
        (np.tile([3.0, 3.0, 3.0, 3.0, 0.1], 40), 4 / 5),
        (np.tile([2.0, 0.1], 15), 1 / 2),
        (np.tile([2.0, 1.1], 60), 1),
        (np.random.default_rng(0).uniform(1, 1.5, 200), 1),
        (np.zeros(100), 1),
        (np.full(100, np.nan), 1),
        (np.tile([0.1, 0.001], 60), 1),
        (np.r_[np.zeros(80), 1, 3, 5, 3, 1, np.zeros(100)], 1),
        (np.zeros(0), 1),
    ],
    ids=["15 in 60", "24 in 30", "short", "B-frames", "noise", "nothing", "unknown", "faint", "a blink", "none"],
)
def test_changes_tell_the_share(changes, share):
    assert distinct_share(changes) == pytest.approx(share)


@pytest.mark.parametrize(
    ("fps", "share", "words"),
    [
        (60.0, 0.25, ["60 frames a second, of which 15 are distinct", "too slow"]),
        (30.0, 0.8, ["of which 24 are distinct", "too slow"]),
        (60.0, 0.5, ["of which 30 are distinct", "times are as rough"]),
        (60.0, 1.0, []),
        (15.0, 1.0, ["15 frames a second: too slow"]),
    ],
)
def test_the_rate_of_distinct_pictures_judges(fps, share, words):
    recording = Recording("clip", 320, 240, fps, 4.0, round(4 * fps), share)
    said = recording_warnings(recording, np.arange(round(4 * fps)) / fps, (), [], [])
    (*rates, nobody) = said
    assert "No face" in nobody and len(rates) == bool(words)
    assert all(word in rate for rate in rates for word in words)
