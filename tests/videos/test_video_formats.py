"""Recordings in every container that cameras, phones and old programs write, under any ending."""

from pathlib import Path

import numpy as np
import pytest
from recording_files import encode, number_of, numbered

from engine.videos import open_video
from engine.videos.container import is_recording

FORMATS = [
    ("mp4", "libx264", ".mp4 .m4v .MP4"),
    ("mov", "libx264", ".mov .qt"),
    ("3gp", "mpeg4", ".3gp .3g2"),
    ("avi", "mpeg4", ".avi .AVI .divx"),
    ("matroska", "libx264", ".mkv"),
    ("webm", "libvpx", ".webm"),
    ("mpegts", "libx264", ".mts .m2ts .MTS .m2t"),
    ("mpeg", "mpeg2video", ".mpg .mpeg .vob .mod"),
    ("asf", "wmv2", ".wmv .asf"),
    ("flv", "flv", ".flv"),
    ("gif", "gif", ""),
]


@pytest.mark.parametrize(("container", "codec", "endings"), FORMATS)
def test_every_frame_of_every_container(container, codec, endings):
    data = encode([numbered(number) for number in range(20)], container=container, codec=codec)
    with open_video(data, "recording") as video:
        frames = list(video.frames())
    assert [number_of(frame.picture) for frame in frames] == list(range(20))
    assert np.allclose([frame.time_s for frame in frames], np.arange(20) / 25, atol=0.011)
    assert is_recording(Path("IMG_0001"), data[:512]) == (container != "gif")
    for ending in endings.split():
        assert is_recording(Path("clip" + ending), None)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(400)),
        ("photo", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)),
        ("photo", b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(400)),
        ("notes.txt", b"GOOD MORNING\n" + b"G" * 400),
        ("letter", b"G" + b"x" * 400),
        ("", b""),
    ],
)
def test_what_is_no_recording(name, head):
    assert not is_recording(Path(name), None) and not is_recording(Path(name), head)
