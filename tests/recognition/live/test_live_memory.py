"""What is held of a camera, within its bounds; and times, steps of teaching."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import LiveError
from engine.faces.landmarks import Landmarks
from engine.features.aligned_face import align_face
from engine.recognition.analysis import Event
from engine.recognition.face_pictures import FacePicture
from engine.recognition.live.events import COARSE_S, EVERY_S, FINE_S, SIDE, EventStore, FaceBuffer, cut_out, size_of
from engine.recognition.live.plastic import MOST_STEPS, UndoableAdapter
from engine.recognition.live.state import ROWS, TimelineBuffer
from engine.recognition.live.stream import StreamClock
from engine.spiking.person_adapter import PersonAdapter


def ticks(times):
    clock = StreamClock()
    return clock, [clock.take(time_s) for time_s in times]


@pytest.mark.parametrize(("fps", "slow"), [(5, True), (15, True), (30000 / 1001, False), (30, False), (60, False)])
def test_the_rate_is_that_of_the_frames_times(fps, slow):
    clock, taken = ticks(3.25 + np.arange(int(4 * fps)) / fps)
    assert clock.fps == pytest.approx(fps) and clock.too_slow is slow
    # Until two frames have come nobody knows that so much time between them is usual.
    assert not any(tick.broke_off for tick in taken[2:])
    assert taken[0].time_s == 0 and [tick.step_s for tick in taken[1:]] == pytest.approx([1 / fps] * (len(taken) - 1))


def test_the_rate_follows_a_camera_that_slows_down():
    clock, _ = ticks([*(np.arange(90) / 30), *(3 + np.arange(1, 40) / 15)])
    assert clock.fps == pytest.approx(15) and clock.too_slow


def test_a_break_starts_the_rate_anew():
    clock, taken = ticks([*(np.arange(60) / 30), *(10 + np.arange(10) / 30)])
    assert [tick.broke_off for tick in taken].index(True) == 60 and clock.fps is None


@given(st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")), st.just(float("inf"))), max_size=30))
def test_our_times_rise_whatever_comes(times):
    clock, taken = ticks(times)
    ours = [tick.time_s for tick in taken if tick is not None]
    assert all(later > earlier for earlier, later in pairwise(ours))
    assert clock.fps is None or clock.fps > 0


def test_the_timeline_keeps_half_a_minute_and_no_more():
    recent = TimelineBuffer(("a", "b"))
    assert len(recent.timeline().time_s) == 0
    for number in range(1200):
        recent.push(number / 32, np.array([0.25, 0.75]) + number, np.zeros(2))
    kept = recent.timeline()
    np.testing.assert_allclose(kept.time_s, np.arange(239, 1200) / 32)
    np.testing.assert_allclose(kept.probabilities, np.arange(239, 1200)[:, None] + [0.25, 0.75])
    recent.gap(41.0)
    recent.gap(42.0)
    assert np.isnan(recent.timeline().smoothed).all(1).sum() == 1
    for number in range(20_000):
        recent.push(50 + number / 1000, np.zeros(2), np.zeros(2))
    assert len(recent.timeline().time_s) <= ROWS
    assert np.diff(recent.timeline().time_s).max() < 10  # the latest 30 s of a fast camera


def mesh(seed=0):
    points = np.random.default_rng(seed).uniform(20, 100, (468, 3)).astype(np.float32)
    return Landmarks(points, 1.0)


def test_faces_are_held_for_some_seconds_and_older_ones_more_thinly():
    picture = np.random.default_rng(1).integers(0, 256, (60, 60, 3), np.uint8)
    landmarks, faces = mesh(), FaceBuffer()
    sample = align_face(picture, landmarks, 0.0)
    for number in range(25 * 20):
        faces.push(1 + number % 2, cut_out(picture, landmarks, replace(sample, time_s=number / 20)))
    times = np.array([face.time_s for face in faces.between(1, -1, 99)])
    late = times >= times[-1] - FINE_S
    np.testing.assert_allclose(np.diff(times[late]), 0.1)
    assert late.sum() == pytest.approx(10 * FINE_S, abs=1)
    assert (~late).sum() == pytest.approx((COARSE_S - FINE_S) * 10, abs=2) and times[-1] - times[0] <= COARSE_S + 0.1
    assert [face.time_s for face in faces.between(2, 15.0, 15.2)] == [15.05, 15.15]
    assert faces.between(3, 0, 99) == []


def test_a_fast_camera_leaves_a_tenth_of_a_second_between_older_faces_and_bytes_are_bounded():
    picture = np.random.default_rng(1).integers(0, 256, (60, 60, 3), np.uint8)
    landmarks, faces = mesh(), FaceBuffer()
    sample = align_face(picture, landmarks, 0.0)
    for number in range(480):
        faces.push(1, cut_out(picture, landmarks, replace(sample, time_s=number / 60)))
    times = np.array([face.time_s for face in faces.between(1, 0, 99)])
    assert np.diff(times[times < 1.9]).min() >= EVERY_S and np.diff(times[times > 2.1]).max() < 0.02
    first = faces.between(1, 0, 0)[0]
    assert first.picture.shape == (SIDE, SIDE, 3)
    small = FaceBuffer(most_bytes=3 * size_of(first))
    for number in range(9):
        small.push(1, cut_out(picture, landmarks, replace(sample, time_s=number / 30)))
    assert [face.time_s for face in small.between(1, 0, 9)] == [6 / 30, 7 / 30, 8 / 30]


def pictures(count, start_s=0.0):
    blank = np.zeros((8, 8, 3), np.uint8)
    return [FacePicture(start_s + number / 30, blank, np.zeros((4, 2))) for number in range(count)]


def event(onset_s=0.1):
    return Event(onset_s, onset_s + 0.1, onset_s + 0.2, "micro", "negative", True, {"negative": 1.0})


SIZE = size_of(pictures(1)[0])


def test_the_oldest_events_that_nobody_keeps_lose_their_pictures_first():
    events = EventStore(most_bytes=20 * SIZE)
    for _ in range(2):
        events.put(1, event(), pictures(8))
    events.keep(1)
    for _ in range(2):
        events.put(1, event(), pictures(8))
    assert [held.pictures for held in events.all()] == [8, 0, 8, 8]
    assert (events.spotted, events.lost) == (4, 1) and len(events.faces(1)[0]) == 8
    with pytest.raises(LiveError, match="event 2 are no longer held"):
        events.faces(2)


def test_what_is_kept_is_bounded():
    events = EventStore(kept_bytes=10 * SIZE)
    for _ in range(2):
        events.put(1, event(), pictures(8))
    events.keep(1)
    with pytest.raises(LiveError, match="no room to keep event 2: 1 are kept"):
        events.keep(2)
    events.keep(1)
    events.discard(1)
    events.discard(1)
    events.keep(2)
    assert [held.number for held in events.all()] == [2]
    with pytest.raises(LiveError, match="Event 1 is not held"):
        events.keep(1)


def test_the_number_of_events_is_bounded():
    events = EventStore(most=3)
    for _ in range(5):
        events.put(1, event(), [])
    assert [held.number for held in events.all()] == [3, 4, 5] and (events.spotted, events.lost) == (5, 0)


def test_a_long_event_is_held_in_every_second_picture_and_a_late_one_is_not_whole():
    events = EventStore()
    events.put(1, event(), pictures(110))
    events.put(1, event(-1.0), pictures(5))
    first, second = events.all()
    assert first.pictures == 55 and first.whole and not second.whole


def test_each_step_of_teaching_can_be_taken_back():
    taught, named = UndoableAdapter(3), np.array([[0.8, 0.1, 0.1]] * 9)
    answers = [taught.adapter.answers(named)[0]]
    for meant in (1, 2):
        taught.learn(named, meant)
        answers.append(taught.adapter.answers(named)[0])
    assert taught.adapter.corrections == 10 and answers[1].argmax() == 1 and answers[2].argmax() == 2
    assert taught.undo()
    np.testing.assert_array_equal(taught.adapter.answers(named)[0], answers[1])
    taught.reset()
    assert taught.adapter.corrections == 0 and taught.undo()
    np.testing.assert_array_equal(taught.adapter.answers(named)[0], answers[1])
    assert taught.undo() and not taught.undo()
    np.testing.assert_array_equal(taught.adapter.answers(named)[0], answers[0])


def test_steps_that_can_be_taken_back_are_bounded_and_adopted_ones_stay_apart():
    taught, other = UndoableAdapter(2), PersonAdapter(2)
    taught.adopt(other)
    other.correct(np.array([0.9, 0.1]), 1)
    assert taught.adapter.corrections == 0
    for _ in range(MOST_STEPS + 5):
        taught.adopt(other)
    assert sum(taught.undo() for _ in range(MOST_STEPS + 5)) == MOST_STEPS
    with pytest.raises(LiveError, match="one of 3 expressions"):
        taught.adopt(PersonAdapter(3))
