"""A visitor's camera without a browser: speaks WebRTC with the page Live as a browser does, and shows a drawn face."""

import asyncio
import json
import threading
import time
from functools import cache

import aiortc
import av
import numpy as np

from engine.recognition.live.addresses import keep_to_own_addresses
from engine.synthetic import synthetic_clip

FPS = 15
PATIENCE_S = 60.0


class Film(aiortc.VideoStreamTrack):
    """Shows pictures, (height, width, 3) uint8 RGB, again and again."""

    def __init__(self, pictures):
        super().__init__()
        self._pictures, self._at = pictures, 0

    async def recv(self):
        """Return the next one when it is due."""
        await asyncio.sleep(1 / FPS)
        frame = av.VideoFrame.from_ndarray(self._pictures[self._at % len(self._pictures)], "rgb24")
        self._at += 1
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


@cache
def face(seconds=2):
    """Return pictures of a face for `Film`."""
    clip = synthetic_clip(0, duration_s=seconds, fps=FPS, size=(320, 240), head_motion=0.4)
    return [np.ascontiguousarray(frame.picture) for frame in clip.frames()]


def watch(visitor, pictures, seconds):
    """Turn the camera on, have it looked at for so long, and press Stop; return how many pictures came back.

    `visitor` is a ``Visitor`` on the page Live, who agrees.
    """
    keep_to_own_addresses()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait_for(work):
        return asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE_S)

    camera = _Camera(pictures)
    try:
        visitor.set("checkbox", "live consent", "bool_value", True)
        offer = {"playing": True, "sdpOffer": wait_for(camera.offer())}
        visitor.set("component_instance", "live camera", "json_value", json.dumps(offer))
        end = time.monotonic() + PATIENCE_S
        while (answer := _answer(visitor)) is None:
            assert time.monotonic() < end, visitor.words()
            visitor.run()
        wait_for(camera.answered(answer))
        visitor.set("component_instance", "live camera", "json_value", json.dumps({"playing": True}))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            visitor.run()
            time.sleep(0.5)
        visitor.set("component_instance", "live camera", "json_value", json.dumps({"playing": False}))
        return camera.back
    finally:
        wait_for(camera.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _answer(visitor):
    shown = visitor.find("component_instance", "live camera")
    given = None if shown is None else json.loads(shown.json_args).get("sdp_answer_json")
    return json.loads(given) if given else None


class _Camera:
    def __init__(self, pictures):
        self._pictures, self._connection, self._task, self.back = pictures, None, None, 0

    async def offer(self):
        self._connection = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
        self._connection.addTrack(Film(self._pictures))
        self._connection.on("track", self._take)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        return {"sdp": self._connection.localDescription.sdp, "type": "offer"}

    async def answered(self, answer):
        await self._connection.setRemoteDescription(aiortc.RTCSessionDescription(**answer))

    def _take(self, track):
        async def count():
            while True:
                await track.recv()
                self.back += 1

        self._task = asyncio.ensure_future(count())

    async def close(self):
        if self._connection is not None:
            await self._connection.close()
        if self._task is not None:
            self._task.cancel()
