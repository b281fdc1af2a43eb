"""Recordings whose pictures change their size or are turned on the way, as streams grow and telephones are turned."""

import io

import av
import cv2
import numpy as np
import pytest

from engine.recognition.video.analysing import analyse, analyse_frames
from engine.recognition.video.sizes import Sizes
from engine.synthetic import synthetic_clip, true_event
from engine.videos import Frame, open_video

FPS = 30


@pytest.fixture(scope="module")
def pictures():
    """A drawn face with one short expression, at 1.2 s."""
    event = true_event("happy", 1.2, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.9)
    clip = synthetic_clip(3, face=2, duration_s=2.4, fps=FPS, size=(320, 240), events=[event], head_motion=0.5)
    return [frame.picture for frame in clip.frames()]


@pytest.fixture(scope="module")
def control(pictures):
    return spotted(pictures)


def spotted(pictures):
    return analyse_frames((Frame(number, number / FPS, each) for number, each in enumerate(pictures)), "clip")


def sized(pictures, scale_of):
    return [
        cv2.resize(each, None, fx=scale_of(number), fy=scale_of(number), interpolation=cv2.INTER_AREA)
        for number, each in enumerate(pictures)
    ]


def turned(picture):
    """The same scene by a telephone that is turned: as large around the middle, portrait instead of landscape."""
    tall = np.full((320, 240, 3), picture.mean((0, 1)), np.uint8)
    tall[40:280] = picture[:, 40:280]
    return tall


CHANGES = {
    "a stream grows": lambda pictures: sized(pictures, lambda number: (0.5, 0.75, 1.0)[min(2, number // 8)]),
    "and shrinks": lambda pictures: sized(pictures, lambda number: 1.0 if number < 60 else 0.5),
    "turned before": lambda pictures: [turned(each) if number < 18 else each for number, each in enumerate(pictures)],
    "turned after": lambda pictures: [turned(each) if number >= 60 else each for number, each in enumerate(pictures)],
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_neither_hides_an_event_nor_makes_one(change, pictures, control):
    analysis = spotted(CHANGES[change](pictures))
    (expected,), (found,) = ([event for track in each.tracks for event in track.events] for each in (control, analysis))
    assert (found.kind, found.onset_seen, found.end_seen) == (expected.kind, True, True)
    for name in ("onset_s", "apex_s", "offset_s"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=0.1)
    (track,) = analysis.tracks
    assert len([warning for warning in analysis.warnings if "pictures change" in warning]) == 1
    assert len(track.gaps) == (2 if change == "a stream grows" else 1)
    assert all(end_s - begin_s < 2.5 / FPS for begin_s, end_s in track.gaps)


@pytest.mark.parametrize("change_s", [1.8, 2.4])
def test_an_expression_under_way_goes_on_across_a_change(change_s):
    event = true_event("happy", 1.4, rise_s=0.2, hold_s=0.9, fall_s=0.3, intensity=0.9)
    clip = synthetic_clip(3, face=2, duration_s=4.2, fps=FPS, size=(320, 240), events=[event], head_motion=0.5)
    drawn = [frame.picture for frame in clip.frames()]
    changed = spotted(sized(drawn, lambda number: 0.5 if number < FPS * change_s else 1.0))
    (found,) = (each for track in changed.tracks for each in track.events)
    assert (found.kind, found.onset_seen, found.end_seen) == ("macro", True, True)
    assert (found.onset_s, found.offset_s) == pytest.approx((event.onset_s, event.offset_s), abs=0.15)


def test_boxes_are_in_the_pixels_of_their_own_pictures(pictures):
    (track,) = spotted(sized(pictures[:30], lambda number: 1.0 if number < 15 else 0.5)).tracks
    np.testing.assert_allclose(track.box[20] / track.box[10], 0.5, rtol=0.15)


def grown(pictures, sizes):
    """The bytes of a stream as WebRTC records it: VP8, each part of another size."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        stream = output.add_stream("libvpx", FPS, options={"deadline": "realtime", "cpu-used": "8"})
        stream.width, stream.height, stream.pix_fmt = *sizes[0], "yuv420p"
        output.start_encoding()
        each = len(pictures) // len(sizes)
        for part, size in enumerate(sizes):
            encoder = av.CodecContext.create("libvpx", "w")
            encoder.width, encoder.height, encoder.pix_fmt = *size, "yuv420p"
            encoder.framerate, encoder.time_base = FPS, stream.time_base
            encoder.options = {"deadline": "realtime", "cpu-used": "8"}
            packets = []
            for number in range(part * each, (part + 1) * each):
                frame = av.VideoFrame.from_ndarray(cv2.resize(pictures[number], size), "rgb24")
                frame.pts, frame.time_base = round(number / FPS / stream.time_base), stream.time_base
                packets += encoder.encode(frame)
            for packet in [*packets, *encoder.encode(None)]:
                packet.stream, packet.time_base = stream, stream.time_base
                output.mux(packet)
    return file.getvalue()


def test_each_picture_of_a_file_has_its_own_size(pictures):
    sizes = [(160, 120), (320, 240), (240, 320)]
    data = grown(pictures[:30], sizes)
    with open_video(data, "grown.webm") as video:
        frames = list(video.frames())
        (late,) = video.frames(0.9, 0.92)
    assert [frame.size for frame in frames] == [size for size in sizes for _ in range(10)]
    assert all(frame.picture.shape[1::-1] == frame.size for frame in frames) and video.problems == []
    assert late.size == sizes[2]
    analysis = analyse(data, "grown.webm")
    assert [warning for warning in analysis.warnings if "change their size or are turned 2 times" in warning]


def test_a_sentence_says_how_pictures_change():
    sizes = Sizes()
    assert not sizes.take(Frame(0, 0.0, np.zeros((60, 80, 3), np.uint8))) and sizes.sentences() == []
    assert sizes.take(Frame(1, 0.5, np.zeros((80, 60, 3), np.uint8)))
    assert not sizes.take(Frame(2, 0.6, np.zeros((80, 60, 3), np.uint8)))
    assert sizes.sentences() == [
        "The pictures change from 80 × 60 to 60 × 80 pixels at 0.50 s: motion is not followed across that."
    ]
    assert sizes.usual == (60, 80)
