import numpy as np
import pytest

from engine.recognition.spotting.gaps import GAP_FRAMES, RECENT, is_gap


@pytest.mark.parametrize(
    ("latest_s", "time_s", "breaks"),
    [
        ([], 100.0, False),
        ([0.0], 0.19, False),
        ([0.0], 0.3, True),
        (np.arange(20) / 30, 19 / 30 + 0.19, False),
        (np.arange(20) / 30, 19 / 30 + 0.21, True),
        (np.arange(10) / 5, 9 / 5 + GAP_FRAMES / 5 - 0.01, False),
        (np.arange(10) / 5, 9 / 5 + GAP_FRAMES / 5 + 0.01, True),
    ],
)
def test_a_break_is_long_and_longer_than_usual(latest_s, time_s, breaks):
    assert is_gap(list(latest_s)[-RECENT - 1 :], time_s) is breaks
