"""Times are those of the recording's own clock, as players, ELAN and ffprobe tell it."""

import json
import shutil
import subprocess
from fractions import Fraction

import av
import numpy as np
import pytest
from recording_files import encode, number_of, numbered, silence

from engine.errors import VideoError
from engine.videos import open_video
from engine.videos.timing import FrameClock

COUNT, RATE = 30, 25


def muxed(path, *, picture_s=0.0, sound_s=None, codec="libx264", bf=0, options=None, sound_codec="aac", tracks=1):
    """A recording whose pictures and whose sound begin at times of their own."""
    with av.open(str(path), "w", options=options or {}) as output:
        streams = [output.add_stream(codec, RATE, options={"g": "10"}) for _ in range(tracks)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
            stream.codec_context.max_b_frames = bf
            stream.codec_context.time_base = Fraction(1, 1000)
        audio = None if sound_s is None else output.add_stream(sound_codec, 16000)
        packets = []
        for stream in streams:
            for number in range(COUNT):
                frame = av.VideoFrame.from_ndarray(numbered(number), "rgb24")
                frame.time_base, frame.pts = Fraction(1, 1000), round(1000 * picture_s) + 40 * number
                packets += stream.encode(frame)
            packets += stream.encode(None)
        if audio is not None:
            heard = silence(3)
            heard.time_base, heard.pts = Fraction(1, 16000), round(16000 * sound_s)
            packets += [*audio.encode(heard), *audio.encode(None)]
        packets = [packet for packet in packets if packet.dts is not None]
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            output.mux(packet)
    return path


CLOCKS = {
    "pictures alone": ("clip.mp4", {}),
    "pictures after the sound": ("clip.mkv", {"picture_s": 1.5, "sound_s": 0.0}),
    "WebM": ("clip.webm", {"picture_s": 0.5, "sound_s": 0.0, "codec": "libvpx", "sound_codec": "libopus"}),
    "as MP4, with an edit list": ("clip.mp4", {"picture_s": 1.5, "sound_s": 0.0}),
    "as QuickTime, frames stored in another order": ("clip.mov", {"picture_s": 0.7, "sound_s": 0.0, "bf": 2}),
    "sound after the pictures": ("clip.mp4", {"sound_s": 1.2}),
    "alone, begun late": ("clip.mkv", {"picture_s": 0.9}),
    "MPEG-TS": ("clip.ts", {"sound_s": 0.0, "options": {"muxdelay": "0"}}),
    "MPEG-TS that begins at ten seconds": ("clip.ts", {"picture_s": 10.6, "sound_s": 10.0, "sound_codec": "mp2"}),
    "fragmented": ("clip.mp4", {"picture_s": 0.4, "sound_s": 0.0, "options": {"movflags": "frag_keyframe+empty_moov"}}),
}


def probed(path):
    """When ffprobe shows each picture, less when it says that the file begins."""
    told = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json"),
            *("-show_entries", "frame=pts_time,best_effort_timestamp_time:format=start_time", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    found = json.loads(told.stdout)
    times = [float(frame.get("pts_time", frame.get("best_effort_timestamp_time"))) for frame in found["frames"]]
    return np.array(times) - float(found["format"]["start_time"])


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="needs ffprobe")
@pytest.mark.parametrize("kind", CLOCKS)
def test_times_are_what_ffprobe_says(kind, tmp_path):
    name, how = CLOCKS[kind]
    path = muxed(tmp_path / name, **how)
    with open_video(path, name) as video:
        frames = list(video.frames())
    np.testing.assert_allclose([frame.time_s for frame in frames], probed(path), atol=2e-6)
    assert [number_of(frame.picture) for frame in frames] == list(range(COUNT))
    assert video.problems == []


@pytest.mark.parametrize(
    ("name", "how", "first_s"),
    [
        ("clip.mkv", {"picture_s": 1.5, "sound_s": 0.0}, 1.5),
        ("clip.mp4", {"picture_s": 1.5, "sound_s": 0.0}, 1.5),
        ("clip.mp4", {"sound_s": 1.2}, 0.0),
        ("clip.mkv", {"picture_s": 0.9}, 0.0),
        ("clip.ts", {"picture_s": 10.6, "sound_s": 10.0, "sound_codec": "mp2"}, 0.6),
    ],
)
def test_zero_is_where_the_first_track_begins(name, how, first_s, tmp_path):
    with open_video(muxed(tmp_path / name, **how), name) as video:
        times = [frame.time_s for frame in video.frames()]
        # Encoders of sound begin with a frame of nothing, up to 64 ms long, which some containers count.
        np.testing.assert_allclose(times, first_s + np.arange(COUNT) / RATE, atol=0.07)
        assert video.start_s == times[0] and video.expected == pytest.approx(COUNT, abs=2)
        later = [frame.time_s for frame in video.frames(first_s + 0.5)]
    assert later == [time_s for time_s in times if time_s >= first_s + 0.5 - 1e-6]
    assert video.problems == []


def bare(codec, form):
    return encode(map(numbered, range(8)), container=form, codec=codec)


@pytest.mark.parametrize(
    "data",
    [
        bare("libx264", "h264"),
        bare("mjpeg", "mjpeg"),
        bare("mpeg4", "m4v"),
        bare("mpeg2video", "mpeg2video"),
    ],
    ids=["h264", "mjpeg", "m4v", "mpeg2"],
)
def test_a_recording_without_a_clock_is_said(data):
    with pytest.raises(VideoError, match="a recording without a clock"):
        open_video(data, "clip")


@pytest.mark.parametrize("head", [b"\0\0\1\0\1\0\x10\x10" + bytes(500), b"\xff\xd8\xff\xe0" + bytes(500)])
def test_photos_and_icons_are_no_recordings_without_a_clock(head):
    with pytest.raises(VideoError, match="not a recording"):
        open_video(head, "clip")


@pytest.mark.parametrize(("stamps", "none"), [([3.0] * 40, True), ([*np.arange(40) / 25, *[1.6] * 9], False)])
def test_times_that_never_move_are_no_clock(stamps, none):
    clock = FrameClock(0.04)
    for stamp in stamps:
        clock(float(stamp))
    assert clock.stands is none


@pytest.mark.parametrize(
    ("tracks", "named"),
    [
        (1, None),
        (2, "has 2 tracks of pictures: track 1 (96 × 64 pixels) is read, track 2 (96 × 64 pixels) is not"),
        (3, "has 3 tracks of pictures: track 1 (96 × 64 pixels) is read, track 2 (96 × 64 pixels), track 3"),
    ],
)
@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
def test_further_tracks_of_pictures_are_named(name, tracks, named, tmp_path):
    with open_video(muxed(tmp_path / name, tracks=tracks), name) as video:
        assert len(list(video.frames())) == COUNT
        assert [named in said for said in video.problems] == ([] if named is None else [True])
