"""Pictures written as recordings."""

import io
from pathlib import Path

import numpy as np
import pytest
from recording_files import number_of, numbered
from skimage import data

from engine.videos import open_video, write_video


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi"])
def test_what_is_written_is_read(tmp_path, suffix):
    path = tmp_path / f"clip{suffix}"
    assert write_video(map(numbered, range(30)), 30, path) == 30
    with open_video(path, "clip") as video:
        frames = list(video.frames())
    assert [number_of(frame.picture) for frame in frames] == list(range(30))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(30) / 30, atol=1e-3)
    assert video.problems == []


def test_quality_is_high():
    picture = np.ascontiguousarray(data.astronaut()[:256, 100:356])
    file = io.BytesIO()
    write_video([picture] * 5, 60, file)
    with open_video(file.getvalue(), "clip") as video:
        found = [frame.picture for frame in video.frames()]
    # Colour is stored for two by two pixels, brightness for each.
    gray = [image.astype(float) @ (0.299, 0.587, 0.114) for image in (picture, found[-1])]
    assert np.abs(gray[0] - gray[1]).mean() < 2.2


def test_a_variable_rate_is_written():
    file = io.BytesIO()
    stamps = [0.0, 0.02, 0.07, 0.08]
    write_video(map(numbered, range(4)), 50, file, times_s=stamps)
    with open_video(file.getvalue(), "clip") as video:
        np.testing.assert_allclose([frame.time_s for frame in video.frames()], stamps, atol=1e-4)


def test_a_broken_rate_and_odd_sides():
    file = io.BytesIO()
    write_video((numbered(number)[:63, :95] for number in range(30)), 30000 / 1001, file)
    with open_video(file.getvalue(), "clip") as video:
        assert (video.width, video.height) == (94, 62)
        assert video.rate == pytest.approx(30000 / 1001)


def test_a_title_is_kept():
    import av

    file = io.BytesIO()
    write_video([numbered(0)], 25, file, title="synthetic: nobody")
    with av.open(io.BytesIO(file.getvalue())) as container:
        assert container.metadata["title"] == "synthetic: nobody"


@pytest.mark.parametrize(
    "frames",
    [[], [np.zeros((8, 8), np.uint8)], [np.zeros((16, 16, 3), np.float32)], [numbered(0), numbered(0)[:32]]],
)
def test_what_cannot_be_written(frames):
    with pytest.raises(ValueError, match="Expected"):
        write_video(frames, 25, io.BytesIO())


def test_an_unknown_container():
    with pytest.raises(ValueError, match="container"):
        write_video([numbered(0)], 25, io.BytesIO(), container="hls")


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(OSError):
        write_video([numbered(0)], 25, Path(tmp_path / "missing" / "clip.mp4"))
