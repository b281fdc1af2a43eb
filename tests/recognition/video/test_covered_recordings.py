"""Recordings in which something covers the face for a while."""

from dataclasses import replace

import numpy as np
import pytest

from engine.faces.covering import REGIONS
from engine.recognition.video.analysing import analyse_frames
from engine.synthetic import synthetic_clip

FPS = 15


@pytest.fixture(scope="module")
def analysis():
    """Three seconds of a drawn face; from 1 to 2 s a blue cloth hangs before its mouth."""
    clip = synthetic_clip(3, duration_s=3.0, fps=FPS, size=(320, 240))

    def frames():
        for frame in clip.frames():
            picture = frame.picture.copy()
            if 1.0 <= frame.time_s < 2.0:
                height = len(picture)
                picture[round(0.58 * height) : round(0.9 * height), 100:220] = (90, 130, 190)
            yield replace(frame, picture=picture)

    return analyse_frames(frames(), "cloth")


def test_the_frames_in_which_it_is_covered_are_known(analysis):
    (track,) = analysis.tracks
    assert track.covered.shape == (len(track.time_s), len(REGIONS))
    assert not track.covered[:, 0].any()
    covered_s = track.time_s[track.covered[:, 1]]
    np.testing.assert_allclose([covered_s[0], covered_s[-1]], [1.0, 2.0 - 1 / FPS], atol=0.11)
    assert len(covered_s) == pytest.approx(FPS, abs=3)


def test_it_is_said_when_and_what(analysis):
    (said,) = [sentence for sentence in analysis.warnings if "covered" in sentence]
    assert said.startswith("The face is covered (mouth) from 1.0 to ")
