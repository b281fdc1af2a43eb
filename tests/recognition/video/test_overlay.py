from dataclasses import replace

import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.recognition.analysis import REGIONS, Analysis, Event, Recording, Track
from engine.recognition.frame_answers import answered_frames, contradiction
from engine.recognition.video.overlay import COLUMNS, frame_times, overlay

RECORDING = Recording("clip.mp4", 200, 100, 10.0, 1.0, 10)


def track(frames, times, shares=0.9):
    count = len(frames)
    probabilities = np.full((count, 7), (1 - shares) / 6, np.float32)
    probabilities[:, SEVEN.index("happy")] = shares
    return Track(
        1,
        np.array(frames, np.int64),
        np.array(times, np.float64),
        np.tile(np.float32([20, 10, 100, 50]), (count, 1)),
        np.zeros((count, 3), np.float32),
        np.zeros((count, len(REGIONS)), np.float32),
        np.zeros(count, np.float32),
        probabilities,
        SEVEN,
    )


def test_frames_with_a_face_have_their_own_times_and_the_others_lie_between():
    times = frame_times(Analysis(RECORDING, (track([2, 3, 5], [0.25, 0.3, 0.52]),)))
    assert len(times) == 10 and times[0] == 0 and times[9] == pytest.approx(0.9)
    assert times[[2, 3, 5]] == pytest.approx([0.25, 0.3, 0.52]) and times[4] == pytest.approx(0.41)
    assert np.all(np.diff(times) > 0)


@pytest.mark.parametrize(("shares", "sign"), [(0.9, 1), (0.3, -1)])
def test_a_face_is_a_row_of_shares_of_the_picture_and_undecided_is_below_0(shares, sign):
    analysis = Analysis(RECORDING, (track([0, 1], [0.0, 0.1], shares),))
    numbers = np.frombuffer(overlay(analysis), "<f4")
    assert len(numbers) == 10 + 2 * COLUMNS
    assert numbers[10:17] == pytest.approx([0, 0.1, 0.1, 0.5, 0.5, SEVEN.index("happy"), sign * shares])


def test_frames_are_counted_by_their_most_probable_expression():
    found = track([0, 1, 2, 3], [0, 0.1, 0.2, 0.3])
    found.probabilities[3] = np.eye(7)[SEVEN.index("sad")]
    said = answered_frames(found)
    assert list(said.shares().items())[:2] == [("happy", 0.75), ("sad", 0.25)]
    assert said.decided.all()
    assert answered_frames(replace(found, labels=tuple("abcdefg"))).decided.sum() == 0, "no card tells of these"


@pytest.mark.parametrize(
    ("expression", "shares", "other"),
    [
        ("sad", 0.9, ("happy", 0.75)),
        ("happy", 0.9, None),
        ("sad", 0.3, None),
        ("positive", 0.9, None),
    ],
)
def test_frames_contradict_an_event_where_most_of_them_surely_show_something_else(expression, shares, other):
    found = track([0, 1, 2, 3, 4], [0, 0.1, 0.2, 0.3, 0.4], shares)
    found.probabilities[3] = np.eye(7)[SEVEN.index("sad")]
    assert contradiction(found, Event(0.0, 0.1, 0.3, "macro", expression, True)) == other
