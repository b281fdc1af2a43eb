"""What is no recording, or one that asks for too much, is one sentence."""

import io

import pytest
from recording_files import encode, numbered, sound, wiped

from engine import settings
from engine.errors import VideoError
from engine.videos import open_video

PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
CONCATENATION = b"ffconcat version 1.0\nfile '/etc/passwd'\n"


def refused(source):
    with pytest.raises(VideoError) as caught, open_video(source, "clip") as video:
        list(video.frames())
    return str(caught.value)


@pytest.mark.parametrize(
    "data", [PLAYLIST, CONCATENATION, b"some text\n" * 20, b"\0" * 500, b"RIFF\0\0\0\0WAVEfmt ", b"x"]
)
def test_other_files(data, tmp_path):
    for suffix in (".mp4", ".m3u8", ".txt"):
        path = tmp_path / f"clip{suffix}"
        path.write_bytes(data)
        assert "not a recording" in refused(path)
    assert "not a recording" in refused(data)


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/clip.mp4", "concat:a.mp4|b.mp4", "missing.mp4", "rtsp://127.0.0.1:9/a"]
)
def test_a_name_is_only_ever_a_file(name):
    assert "cannot be read: No such file" in refused(name)


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b"])
def test_a_name_that_cannot_be(name):
    assert "cannot be read" in refused(name)


def test_a_folder(tmp_path):
    assert "folder" in refused(tmp_path)


def test_an_empty_file():
    assert "empty (0 bytes)" in refused(b"")


def test_sound_alone():
    assert "no video track" in refused(sound())


def test_a_file_without_its_index():
    data = encode(map(numbered, range(20)))
    assert "index is damaged or missing" in refused(data[: len(data) // 2])


def test_nothing_but_damage():
    data = encode(map(numbered, range(20)), muxing={"movflags": "faststart"})
    start = data.index(b"mdat") + 4
    assert "No frame of the recording can be read" in refused(wiped(data, start, len(data) - start))


def test_too_many_bytes(monkeypatch):
    monkeypatch.setattr(settings, "VIDEO_MAX_BYTES", 1000)
    assert "at most" in refused(encode(map(numbered, range(20))))


@pytest.mark.parametrize(("limit", "value"), [("VIDEO_MAX_PIXELS", 5000), ("VIDEO_MAX_SIDE", 80)])
def test_too_large_pictures(monkeypatch, limit, value):
    monkeypatch.setattr(settings, limit, value)
    assert "96 × 64 pixels" in refused(encode(map(numbered, range(3))))


def test_an_unknown_coding():
    data = encode(map(numbered, range(3)), container="avi", codec="mjpeg")
    assert "not known here" in refused(data.replace(b"MJPG", b"Q1Q2"))


def test_a_movie_that_names_another_file_does_not_open_it(tmp_path, monkeypatch):
    """QuickTime can say that its frames lie in another file: a data reference that is not "in this file"."""
    outside = tmp_path / "outside.bin"
    data = encode(map(numbered, range(20)), container="mov", muxing={"movflags": "faststart"})
    at = data.index(b"dref")
    # One entry of type "url " with flag 1 (self-contained); without the flag it names a file.
    assert data[at + 16 : at + 20] == b"url " and data[at + 23] == 1
    outside.write_bytes(data)
    linked = data[: at + 23] + b"\0" + data[at + 24 :]
    opened = []
    monkeypatch.setattr("builtins.open", lambda *names, **_: opened.append(names) or io.BytesIO())
    with open_video(linked, "clip") as video:
        list(video.frames())
    assert opened == []
