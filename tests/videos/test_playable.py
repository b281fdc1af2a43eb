import numpy as np
import pytest
from recording_files import encode, number_of, numbered

from engine.videos import open_video
from engine.videos.playable import playable_copy, played_as

CASES = [
    ("mp4", "libx264", {}, "video/mp4"),
    ("mov", "libx264", {}, "video/mp4"),
    ("mp4", "mpeg4", {}, None),
    ("mp4", "libx265", {}, None),
    ("mp4", "libsvtav1", {}, "video/mp4"),
    ("webm", "libvpx", {}, "video/webm"),
    ("webm", "libvpx-vp9", {}, "video/webm"),
    ("matroska", "libx264", {}, None),
    ("avi", "mpeg4", {}, None),
    ("mpeg", "mpeg2video", {}, None),
    ("asf", "wmv2", {}, None),
    ("gif", "gif", {}, None),
]


@pytest.mark.parametrize(("container", "codec", "more", "mime"), CASES)
def test_what_browsers_play_is_told_by_container_and_codec(container, codec, more, mime):
    data = encode([numbered(number) for number in range(8)], container=container, codec=codec, **more)
    assert played_as(data) == mime


@pytest.mark.parametrize("stamps", [range(20), [0, 1, 2, 10, 11, 40, 41], [12, 13, 20, 21]])
def test_a_copy_shows_each_picture_at_its_own_time(stamps):
    pictures = [numbered(number) for number in range(len(stamps))]
    data = encode(pictures, list(stamps), container="matroska", codec="libx264")
    copy = playable_copy(data, "recording")
    assert played_as(copy) == "video/mp4"
    with open_video(data, "recording") as video, open_video(copy, "copy") as copied:
        asked = [(frame.time_s, number_of(frame.picture)) for frame in video.frames()]
        made = [(frame.time_s, number_of(frame.picture)) for frame in copied.frames()]
    assert made[0][0] == 0, "a player counts from the first picture"
    made = made[len(made) - len(asked) :]
    assert [number for _, number in made] == [number for _, number in asked]
    assert np.allclose([time for time, _ in made], [time for time, _ in asked], atol=1e-3)


def test_a_copy_is_small_and_upright():
    large = [np.full((1200, 800, 3), shade, np.uint8) for shade in (10, 100, 200)]
    copy = playable_copy(encode(large, rotation=90), "large")
    with open_video(copy, "copy", long_side=None) as video:
        assert (video.width, video.height) == (640, 426)
