"""Frames of a stream go back at once with what is known drawn into them; also over WebRTC, without a browser."""

import asyncio
import fractions
import math
import threading
import time

import numpy as np
import pytest
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection
from av import VideoFrame
from drawn import clip, face

from engine.errors import LiveError
from engine.recognition.live import CameraSlots, LiveFrames, LiveRunner
from tests.coroutines import finished

CLOCK = fractions.Fraction(1, 90_000)
MARK = (0, 255, 0)


def marked(picture, state, person):
    """Stand in for drawing: what is known becomes the brightness of a corner."""
    drawn = picture.copy()
    drawn[:32, :32] = MARK if state.faces else 0
    return drawn


def as_frame(picture, time_s=0.0, form="rgb24"):
    frame = VideoFrame.from_ndarray(picture, "rgb24").reformat(format=form)
    frame.pts, frame.time_base = None if time_s is None else round(time_s / CLOCK), CLOCK
    return frame


@pytest.fixture
def frames():
    """Frames with a runner, stopped afterwards."""
    made = LiveFrames(marked)
    made.runner = LiveRunner(cameras=CameraSlots(lambda: 1), prepare=lambda pipeline: None)
    yield made
    made.close()


def wait_for(true, patience_s=30.0):
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_without_a_runner_frames_go_back_as_they_came():
    frames = LiveFrames(marked)
    frame = as_frame(face())
    assert frames.callback(frame) is frame and frames.live is None
    with pytest.raises(LiveError, match="stopped"):
        _ = frames.working
    frames.ended()
    frames.close()


@pytest.mark.parametrize("form", ["yuv420p", "rgb24", "nv12", "gray"])
def test_a_frame_goes_back_at_its_own_time_with_what_is_known(frames, form):
    first = frames.callback(as_frame(face(), 0.5, form))
    wait_for(lambda: frames.runner.state().faces)
    frame = as_frame(face(), 0.54, form)
    drawn = frames.callback(frame)
    assert (drawn.pts, drawn.time_base) == (frame.pts, frame.time_base) and first.time == pytest.approx(0.5, abs=1e-4)
    assert (drawn.width, drawn.height, drawn.format.name) == (240, 180, "yuv420p")
    picture = drawn.to_ndarray(format="rgb24").astype(int)
    assert np.abs(picture[4:28, 4:28] - MARK).max() < 12
    seen = as_frame(face(), 0, form).to_ndarray(format="rgb24").astype(int)
    assert np.abs(picture[40:] - seen[40:]).mean() < 3
    assert np.abs(first.to_ndarray(format="rgb24")[4:28, 4:28].astype(int)).max() < 12, "nothing was known yet"


def test_a_face_is_answered_for_at_the_frames_own_times(frames):
    seen = []
    see = frames.runner.pipeline.see
    frames.runner.pipeline.see = lambda picture, time_s: seen.append(time_s) or see(picture, time_s)
    for number, time_s in enumerate((10.0, 10.5, None), 1):
        frames.callback(as_frame(face(), time_s))
        wait_for(lambda number=number: len(seen) == number)
    assert seen[:2] == pytest.approx([10.0, 10.5], abs=1e-4) and math.isnan(seen[2])
    wait_for(lambda: frames.runner.state().out_of_order == 1)


def test_odd_sizes_lose_a_line(frames):
    odd = np.ascontiguousarray(face()[:179, :239])
    drawn = frames.callback(as_frame(odd))
    assert (drawn.width, drawn.height) == (238, 178)


def test_drawing_that_fails_lets_the_frame_through_and_is_logged_once(frames, caplog):
    def fails(picture, state, person):
        raise ZeroDivisionError

    frames.draw = fails
    frame = as_frame(face())
    assert frames.callback(frame) is frame and frames.callback(frame) is frame
    assert len(caplog.records) == 1 and "could not be drawn on" in caplog.text


def test_of_frames_that_come_together_the_last_is_drawn_and_the_others_are_counted(frames):
    came = [as_frame(face(), number / 30) for number in range(3)]
    (drawn,) = finished(frames.newest(came))
    assert drawn.pts == came[-1].pts and frames.skipped == 2


def test_the_end_of_the_stream_ends_the_runner_and_close_lets_go(frames):
    runner = frames.runner
    frames.ended()
    wait_for(lambda: runner.ended)
    assert frames.live is None
    frames.close()
    assert frames.runner is None
    with pytest.raises(LiveError):
        _ = runner.pipeline


def test_two_who_begin_at_once_get_one_runner():
    frames, cameras, made = LiveFrames(marked), CameraSlots(lambda: 2), []

    def make():
        time.sleep(0.05)
        made.append(LiveRunner(cameras=cameras, prepare=lambda pipeline: None))
        return made[-1]

    threads = [threading.Thread(target=frames.begin, args=(make,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and cameras.taken == 1 and frames.begin(make) is made[0]
    frames.ended()
    assert frames.over
    assert frames.begin(make) is made[1] and not frames.over
    frames.close()
    assert cameras.taken == 0


class Camera(MediaStreamTrack):
    """Sends a clip at its own pace."""

    kind = "video"

    def __init__(self):
        super().__init__()
        self._number, self._start = 0, None

    async def recv(self):
        self._start = self._start or time.monotonic()
        picture, time_s = clip()[self._number % len(clip())]
        self._number += 1
        time_s = self._number / 30
        await asyncio.sleep(max(0.0, self._start + time_s - time.monotonic()))
        return as_frame(picture, time_s, "yuv420p")


class Through(MediaStreamTrack):
    """Sends what a callback returns for each frame of another track."""

    kind = "video"

    def __init__(self, track, callback):
        super().__init__()
        self._track, self._callback = track, callback

    async def recv(self):
        return self._callback(await self._track.recv())


async def loopback(frames, enough, patience_s):
    """Send a drawn face through a server with the callback; return the frames that come back."""
    browser, server = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    back, came = asyncio.Queue(), []

    @server.on("track")
    def on_track(track):
        server.addTrack(Through(track, frames.callback))

    @browser.on("track")
    def on_back(track):
        back.put_nowait(track)

    try:
        browser.addTrack(Camera())
        await browser.setLocalDescription(await browser.createOffer())
        await server.setRemoteDescription(browser.localDescription)
        await server.setLocalDescription(await server.createAnswer())
        await browser.setRemoteDescription(server.localDescription)
        end = time.monotonic() + patience_s
        track = await asyncio.wait_for(back.get(), patience_s)
        while not enough(came):
            assert time.monotonic() < end, f"{len(came)} frames came back"
            came.append(await asyncio.wait_for(track.recv(), patience_s))
    finally:
        await asyncio.gather(browser.close(), server.close())
    return came


def test_a_face_sent_over_webrtc_comes_back_with_its_answer(frames):
    def is_marked(frame):
        corner = frame.to_ndarray(format="rgb24")[8:24, 8:24].reshape(-1, 3).mean(axis=0)
        return corner[1] > 150 and corner[0] < 100

    came = finished(loopback(frames, lambda came: len(came) > 10 and is_marked(came[-1]), 20.0))
    state = frames.runner.state()
    assert len(state.faces) == 1 and state.frames > 1 and state.failed == 0
    assert np.all(np.diff([frame.time for frame in came]) > 0)
    assert 0 < state.time_s < 20
