"""The thread that works on the newest frame."""

import gc
import os
import threading
import time
import weakref

import numpy as np
import pytest
from drawn import face, nobody

from engine.errors import LiveError, ModelError
from engine.recognition.live import CameraSlots, LiveRunner, LiveSettings
from engine.recognition.live.runner import warm_up

PATIENCE_S = 30.0  # a machine may be busy; nothing waits so long where all is well


def nothing(pipeline):
    """Stand in for what is done before the first frame."""


def wait_for(true):
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def start():
    """Start runners, and stop them afterwards."""
    started = []

    def begin(cameras=None, prepare=nothing, silent_s=PATIENCE_S, **options):
        cameras = cameras or CameraSlots(lambda: 2)
        started.append(LiveRunner(cameras=cameras, prepare=prepare, silent_s=silent_s, **options))
        return started[-1]

    yield begin
    for runner in started:
        runner.stop()


def test_only_the_newest_frame_waits_and_the_others_are_counted(start):
    go = threading.Event()
    runner = start(prepare=lambda pipeline: go.wait(PATIENCE_S))
    assert runner.state().phase == "starting"
    for number in range(4):
        assert runner.offer(nobody(50 * number), number / 30)
    assert runner.state().dropped == 3 and runner.state().frames == 0
    seen = []
    see = runner.pipeline.see
    runner.pipeline.see = lambda picture, time_s: seen.append(int(picture[0, 0, 0])) or see(picture, time_s)
    go.set()
    wait_for(lambda: runner.state().frames)
    assert seen == [150] and runner.state().phase == "running" and runner.state().lag_s > 0


def test_a_first_frame_that_does_not_come_is_said_with_what_to_do_until_it_comes(start):
    go = threading.Event()
    runner = start(prepare=lambda pipeline: go.wait(PATIENCE_S), unreached_s=0.1)
    assert runner.state().warnings == ()
    wait_for(lambda: runner.state().warnings)
    (said,) = runner.state().warnings
    assert "no network" in said and "Start again" in said and runner.state().phase == "starting"
    runner.offer(nobody(), 0.0)
    assert runner.state().warnings == ()
    go.set()


def test_frames_become_states(start):
    runner = start()
    for number in range(3):
        runner.offer(face(), number / 30)
        wait_for(lambda number=number: runner.state().frames == number + 1)
    state = runner.state()
    assert len(state.faces) == 1 and state.dropped == 0 and state.error is None
    runner.pipeline.teach(1, "happy")
    assert runner.pipeline.adaptation(1).corrections


def test_a_frame_that_cannot_be_read_is_said_and_the_stream_goes_on(start):
    runner = start()
    for count, bad in enumerate([np.zeros((4, 4), np.uint8), "no picture"], 1):
        runner.offer(bad, 0.0)
        wait_for(lambda count=count: runner.state().failed == count)
        assert "could not be read" in runner.state().error and "goes on" in runner.state().error
    runner.offer(nobody(), 0.0)
    wait_for(lambda: runner.state().frames == 1)
    assert runner.state().error is None and runner.state().failed == 2


def test_what_goes_wrong_beforehand_is_said_and_frames_are_still_seen(start):
    def fails(pipeline):
        raise ModelError("A file is missing.", "Install it.")

    runner = start(prepare=fails)
    wait_for(lambda: runner.state().error)
    assert runner.state().error == "A file is missing. Install it."
    runner.offer(nobody(), 0.0)
    wait_for(lambda: runner.state().frames)


def test_a_pause_takes_no_frames(start):
    runner = start()
    runner.offer(face(), 0.0)
    wait_for(lambda: runner.state().frames)
    runner.pause()
    assert not runner.offer(face(), 0.1) and runner.state().phase == "paused" and runner.state().faces == ()
    runner.resume()
    assert runner.offer(face(), 5.0)
    wait_for(lambda: runner.state().frames == 2)
    assert runner.state().phase == "running" and len(runner.state().faces) == 1


def test_stop_ends_the_thread_and_lets_everything_go(start):
    before = threading.active_count()
    runner = start()
    picture = face().copy()
    runner.offer(picture, 0.0)
    wait_for(lambda: runner.state().frames)
    held = [weakref.ref(each) for each in (runner.pipeline, runner.pipeline._people.find(1), picture)]
    runner.offer(nobody(), 0.1)
    del picture
    runner.stop()
    gc.collect()
    assert [reference() for reference in held] == [None] * 3
    assert threading.active_count() == before and runner.ended
    assert runner.state().phase == "ended" and runner.state().faces == () and not runner.offer(face(), 1.0)
    runner.stop()
    runner.pause()
    with pytest.raises(LiveError, match="has been stopped"):
        runner.pipeline.teach(1, "happy")


def test_a_third_is_told_that_the_server_is_busy(start):
    cameras = CameraSlots(lambda: 2)
    first, _ = start(cameras), start(cameras)
    with pytest.raises(LiveError, match="busy: 2 cameras"):
        start(cameras)
    first.stop()
    assert cameras.taken == 1
    start(cameras)
    assert cameras.taken == 2


def test_a_choice_that_cannot_be_takes_no_place():
    cameras = CameraSlots(lambda: 1)
    with pytest.raises(ModelError):
        LiveRunner(LiveSettings(model="none"), cameras, prepare=nothing)
    assert cameras.taken == 0


def test_a_browser_that_is_gone_gives_its_place_back(start):
    cameras = CameraSlots(lambda: 1)
    runner = start(cameras, idle_s=0.05)
    wait_for(lambda: runner.ended)
    wait_for(lambda: cameras.taken == 0)
    assert "No frame has come" in runner.state().error and runner.state().phase == "ended"


def test_a_camera_that_falls_silent_is_said_what_was_not_final_becomes_known_and_frames_may_come_again(start):
    runner = start(silent_s=0.2)
    runner.offer(face(), 0.0)
    wait_for(lambda: runner.pipeline.state.frames and not runner.pipeline.state.faces)
    state = runner.state()
    assert state.phase == "silent" and state.faces == () and "plugged in" in state.warnings[0]
    runner.offer(face(), 9.0)
    wait_for(lambda: runner.state().frames == 2)
    assert not runner.ended


def test_leaving_twice_frees_one_place():
    cameras = CameraSlots(lambda: 3)
    leave, _ = cameras.admit(), cameras.admit()
    leave()
    leave()
    assert cameras.taken == 1


@pytest.mark.filterwarnings("error")
def test_what_is_done_before_the_first_frame_goes_through(start):
    runner = start(prepare=lambda pipeline: warm_up(pipeline.classifier))
    runner.offer(nobody(), 0.0)
    wait_for(lambda: runner.state().frames)
    assert runner.state().error is None


@pytest.mark.parametrize(
    ("named", "most"), [("5", 5), ("0", os.cpu_count()), ("many", os.cpu_count()), ("", os.cpu_count())]
)
def test_the_environment_names_how_many_there_is_room_for(monkeypatch, named, most):
    monkeypatch.setenv("NEUROMER_LIVE", named)
    assert CameraSlots().most == most
