"""What the figure of recordings is measured on."""

import numpy as np

from engine.bench.figures.video import loop
from engine.videos import open_video, write_video


def test_a_looped_recording_shows_the_same_again_and_again(tmp_path):
    pictures = [np.full((48, 64, 3), 20 * number, np.uint8) for number in range(12)]
    write_video(pictures, 30, tmp_path / "once.mp4")
    loop(tmp_path / "once.mp4", 3, tmp_path / "thrice.mp4")
    with open_video(tmp_path / "once.mp4", "once") as once, open_video(tmp_path / "thrice.mp4", "thrice") as thrice:
        one, three = list(once.frames()), list(thrice.frames())
    assert thrice.problems == []
    np.testing.assert_allclose([frame.time_s for frame in three], np.arange(36) / 30, atol=1e-3)
    for number, frame in enumerate(three):
        np.testing.assert_array_equal(frame.picture, one[number % 12].picture)
