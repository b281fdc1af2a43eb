"""Which ports a server opens for a camera's stream, and that they are shut soon after its browser has gone."""

import inspect
import json
import sys
import time
from pathlib import Path

import aiortc
import psutil
import pytest
import streamlit_webrtc
from serving import serving

sys.path.append(str(Path(__file__).parents[1] / "soak"))
from visitor import Visitor

from tests.coroutines import finished

GONE_S = 20.0
"""Some 3 s where nothing else is at work; without being watched it is two minutes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A running dashboard."""
    home = tmp_path_factory.mktemp("home")
    with serving(home, NEUROMER_DATA=str(home / "data")) as running:
        yield running


async def offer():
    """What a browser with a camera offers; it offers no way to reach it."""
    browser = aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))
    browser.addTransceiver("video")
    description = await browser.createOffer()
    await browser.close()
    return {"playing": True, "sdpOffer": {"sdp": description.sdp, "type": description.type}}


def ports(server):
    """Addresses on which a server has an open UDP port."""
    return [each.laddr.ip for each in psutil.Process(server.pid).net_connections("udp") if each.laddr]


def seconds_until(holds, at_most):
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < at_most
        time.sleep(0.1)
    return time.monotonic() - began


def test_only_this_machine_is_listened_to_and_ports_are_shut_once_the_browser_is_gone(server):
    with Visitor(server.port, "live") as visitor:
        visitor.set("checkbox", "live consent", "bool_value", True)
        visitor.set("component_instance", "live camera", "json_value", json.dumps(finished(offer())))
        seconds_until(lambda: visitor.run() and "Starting" in visitor.words(), 60)
        seconds_until(lambda: ports(server), 10)
        assert set(ports(server)) == {"127.0.0.1"}
    assert seconds_until(lambda: not ports(server), 30) < GONE_S


def test_streamlit_webrtc_still_has_what_is_asked_of_it():
    worker = streamlit_webrtc.webrtc.WebRtcWorker
    assert "self.pc" in inspect.getsource(worker) and callable(worker.stop)
    assert callable(streamlit_webrtc.WebRtcStreamerContext._get_worker)
