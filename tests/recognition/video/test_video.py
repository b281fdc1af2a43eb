"""From a recording to its events."""

import gc
import io
import json
import threading
import time
import weakref

import cv2
import numpy as np
import pytest
from skimage import data
from told import Told

from engine.errors import ModelError, VideoError
from engine.models import shipped
from engine.recognition.analysis import REGIONS
from engine.recognition.video.analysing import analyse, analyse_frames
from engine.synthetic import synthetic_clip, true_event
from engine.tasks import Cancelled, Progress
from engine.videos import Frame, read_ahead, write_video

HEAD = np.ascontiguousarray(data.astronaut()[10:230, 110:340])
SIZE = (210, 300)


def scene(*lefts, scale=0.8):
    """A picture with the head at some distances from its left side."""
    picture = np.full((*SIZE, 3), 120, np.uint8)
    head = cv2.resize(HEAD, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for left in lefts:
        picture[5 : 5 + head.shape[0], left : left + head.shape[1]] = head[:, : SIZE[1] - left]
    return picture


def frames(pictures, fps=30.0, stamps=None):
    for number, picture in enumerate(pictures):
        yield Frame(number, number / fps if stamps is None else stamps[number], picture)


def found_in(pictures, fps=30.0, stamps=None, **options):
    return analyse_frames(frames(pictures, fps, stamps), "clip", **options)


def recording(pictures, fps=30, **options):
    file = io.BytesIO()
    write_video(pictures, fps, file, **options)
    return file.getvalue()


def has(analysis, words):
    return [warning for warning in analysis.warnings if words in warning]


@pytest.fixture(scope="module")
def clip():
    """A drawn face with one short expression."""
    event = true_event("happy", 1.2, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.8)
    return synthetic_clip(3, face=2, duration_s=3.5, fps=60, size=(320, 240), events=[event], head_motion=0.5)


@pytest.fixture(scope="module")
def analysed(clip):
    return analyse(recording([frame.picture for frame in clip.frames()], 60), "happy.mp4")


def test_a_known_event_is_found(clip, analysed):
    (track,) = analysed.tracks
    (truth,) = clip.events
    (event,) = [event for event in track.events if event.onset_s < truth.offset_s and event.offset_s > truth.onset_s]
    assert event.kind == "micro" and event.origin == "spotted"
    assert event.apex_s == pytest.approx(truth.apex_s, abs=0.05)
    assert event.onset_s < event.apex_s < event.offset_s
    assert event.strength > 1
    assert event.expression == max(event.probabilities, key=event.probabilities.get)
    assert sum(event.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_numbers_of_a_track(analysed):
    (track,) = analysed.tracks
    count = 210
    assert (analysed.recording.frames, analysed.recording.width, analysed.recording.height) == (count, 320, 240)
    assert analysed.recording.fps == pytest.approx(60) and analysed.recording.duration_s == pytest.approx(3.5)
    np.testing.assert_array_equal(track.frame, np.arange(count))
    np.testing.assert_allclose(track.time_s, np.arange(count) / 60, atol=1e-3)
    assert track.motion.shape == (count, len(REGIONS)) and track.box.shape == (count, 4)
    assert track.pose_deg.shape == (count, 3) and track.eyes_open.shape == (count,)
    assert track.probabilities.shape == (count, len(track.labels))
    np.testing.assert_allclose(track.probabilities.sum(1), 1, atol=1e-4)
    kinds = [getattr(track, name).dtype for name in ("frame", "time_s", "box", "pose_deg", "motion", "eyes_open")]
    assert kinds == [np.int64, np.float64, *[np.float32] * 4]
    assert track.gaps == () and track.labels == shipped.load().labels
    assert json.loads(json.dumps(analysed.as_json()))["faces"][0]["person"] == 1
    assert analysed.warnings == ()


def test_boxes_are_in_pixels_of_the_recording_and_probabilities_are_asked_for_ten_times_a_second(monkeypatch):
    asked = []
    model = shipped.load(threads=1)
    monkeypatch.setattr(
        model, "with_embeddings", lambda crops, answer=model.with_embeddings: asked.append(len(crops)) or answer(crops)
    )
    large = cv2.resize(scene(60), None, fx=5, fy=5)
    analysis = analyse(recording([large] * 16), "large.mp4")
    (track,) = analysis.tracks
    assert (analysis.recording.width, analysis.recording.height) == (1500, 1050)
    (same,) = found_in([scene(60)] * 2).tracks
    np.testing.assert_allclose(track.box[5], same.box[1] * 5, rtol=0.06)
    assert sum(asked) == 6 + 1  # half a second at ten a second with both ends, and the two frames above


def test_another_model_answers():
    analysis = found_in([scene(60)] * 8, model="paper")
    assert analysis.tracks[0].labels == shipped.load("paper").labels
    with pytest.raises(ModelError, match="no model"):
        found_in([scene(60)], model="none")


def test_a_face_that_leaves_and_comes_back_is_one_track_with_a_gap():
    analysis = found_in([scene(60)] * 20 + [scene()] * 30 + [scene(70)] * 25)
    (track,) = analysis.tracks
    ((start, end),) = track.gaps
    assert start == pytest.approx(19 / 30) and 50 / 30 <= end <= 54 / 30
    assert not np.isin(track.frame, range(20, 50)).any()
    assert has(analysis, "seen for") and has(analysis, "with one gap")


def test_a_break_in_the_recording_is_a_gap():
    stamps = [*(np.arange(20) / 30), *(2 + np.arange(20) / 30)]
    (track,) = found_in([scene(60)] * 40, stamps=stamps).tracks
    np.testing.assert_allclose(track.gaps, [(19 / 30, 2.0)])


def test_two_people_are_two_tracks():
    analysis = found_in(scene(5 + number // 4, 160, scale=0.6) for number in range(24))
    assert [track.person for track in analysis.tracks] == [1, 2]
    left, right = sorted(analysis.tracks, key=lambda track: track.box[0, 0])
    assert left.box[-1, 0] - left.box[0, 0] == pytest.approx(5, abs=2)
    assert abs(right.box[-1, 0] - right.box[0, 0]) < 2
    assert has(analysis, "2 people are seen")


def test_no_face():
    analysis = found_in([scene()] * 12)
    assert analysis.tracks == () and has(analysis, "No face was found")
    assert analysis.as_json()["faces"] == []


def test_a_face_in_a_few_frames_is_nobody():
    analysis = found_in([scene()] * 20 + [scene(60)] * 4 + [scene()] * 20)
    assert analysis.tracks == ()


def test_a_slow_recording_is_unfit_for_micro_expressions():
    slow = found_in([scene(60)] * 20, fps=15)
    (warning,) = has(slow, "too slow for micro-expressions")
    assert "15 frames a second" in warning
    assert slow.tracks[0].gaps == ()
    assert not has(found_in([scene(60)] * 20, fps=30000 / 1001), "too slow")


def test_uneven_times_are_said():
    stamps = np.cumsum([0.0, *([0.033] * 9 + [0.15]) * 3])
    assert has(found_in([scene(60)] * 31, stamps=stamps), "uneven")
    assert not has(found_in([scene(60)] * 31), "uneven")


def test_a_dark_and_a_small_face_are_said():
    assert has(found_in([scene(60) // 6] * 12), "very dark")
    assert has(found_in([scene(60, scale=0.35)] * 12), "pixels wide")
    assert all("rests is not known" in said for said in found_in([scene(60, scale=0.9)] * 12).warnings)


def test_damage_is_among_the_warnings_and_the_rest_is_analysed():
    data = recording([scene(60 + number % 3) for number in range(90)])
    start = len(data) // 2
    analysis = analyse(data[:start] + bytes(len(data) // 20) + data[start + len(data) // 20 :], "damaged.mp4")
    assert has(analysis, "damaged at")
    assert 40 < analysis.recording.frames < 90
    assert len(analysis.tracks) == 1


def test_a_portrait_recording():
    analysis = analyse(recording([np.ascontiguousarray(scene(60).transpose(1, 0, 2)[::-1])] * 2), "turned.mp4")
    assert (analysis.recording.width, analysis.recording.height) == SIZE


@pytest.mark.parametrize("source", [b"", b"no recording at all, only words", "missing.mp4"])
def test_what_is_no_recording_is_one_sentence(source):
    with pytest.raises(VideoError):
        analyse(source, "clip")


def test_no_frames():
    with pytest.raises(VideoError, match="no frames"):
        analyse_frames([], "clip")


def test_progress_tells_frames_of_frames():
    progress = Told()
    analyse(recording([scene(60)] * 10), "clip.mp4", progress=progress)
    told = progress.steps
    assert [done for done, _, _ in told] == list(range(11))
    assert {(total, words) for _, total, words in told} == {(10, "analysing clip.mp4")}


def test_cancel_ends_at_once_with_its_threads():
    calls = []
    data = recording([scene(60)] * 60)
    before = threading.active_count()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        analyse(data, "clip", progress=Progress(cancelled=lambda: calls.append(0) or len(calls) > 5))
    assert len(calls) == 6
    assert time.monotonic() - start < 30  # a machine may be busy
    assert threading.active_count() == before


def test_memory_does_not_grow_with_length():
    """Of hundreds of frames only a few exist at a time."""
    made, most = [], []

    def pictures():
        for number in range(150):
            picture = scene(60 + number % 2)
            made.append(weakref.ref(picture))
            most.append(sum(reference() is not None for reference in made))
            yield Frame(number, number / 30, picture)
            del picture

    analyse_frames(read_ahead(pictures()), "clip")
    gc.collect()
    assert max(most) <= 10
    assert all(reference() is None for reference in made)
