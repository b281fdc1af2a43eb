"""No request leaves the machine, and nothing is written but what was asked for: whole sessions, watched."""

import http.client
import json
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import skimage
from serving import only_accepted, serving
from watching import Watched, why_not

from engine.synthetic import synthetic_clip, true_event
from engine.videos import write_video

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

ROOT = Path(__file__).parents[1]
PHOTO = Path(skimage.__file__).parent / "data" / "astronaut.png"

# UDP sends nothing by connecting: these reach nobody, but they are what is asked of the system.
STRAYS = """
import socket, subprocess, sys
from pathlib import Path
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "child"], check=True)
    Path("{temporary}/allowed").write_text("")
else:
    for family, address in [
        (socket.AF_INET, ("203.0.113.7", 443)),
        (socket.AF_INET6, ("2001:db8::7", 443)),
        (socket.AF_INET, ("224.0.0.251", 5353)),
        (socket.AF_INET, ("127.0.0.53", 53)),
        (socket.AF_INET, ("127.0.0.1", 443)),
    ]:
        with socket.socket(family, socket.SOCK_DGRAM) as spoken:
            try:
                spoken.connect(address)
            except OSError:
                pass
    Path.home().joinpath("stray").write_text("")
    Path.home().joinpath("folder").mkdir()
    Path("{temporary}/moved").write_text("")
    Path("{temporary}/moved").rename(Path.home() / "moved")
"""

ANSWERING = """
import sys
from engine.__main__ import main
assert main(["classify", {photo!r}]) == 0
assert main(["spot", {recording!r}]) == 0

from engine.recognition.live import LivePipeline
from engine.recognition.live.runner import warm_up
from engine.videos import open_video
pipeline = LivePipeline()
warm_up(pipeline.classifier)
with open_video({recording!r}, "camera") as video:
    for frame in video.frames():
        state = pipeline.see(frame.picture, frame.time_s)
assert len(state.faces) == 1
"""


@pytest.fixture
def watched(tmp_path):
    return Watched(tmp_path)


def test_what_strays_is_seen(watched):
    script = watched.temporary / "script.py"
    script.write_text(STRAYS.format(temporary=watched.temporary))
    watched.run(script)
    seen = watched.strayed()
    assert [line for line in seen if "wrote" in line] == [
        f"mkdir: wrote {watched.home / 'folder'}",
        f"openat: wrote {watched.home / 'stray'}",
        f"rename: wrote {watched.home / 'moved'}",
    ]
    assert [line for line in seen if "spoke" in line] == ["spoke to 2001:db8::7", "spoke to 203.0.113.7"]
    looked_up = [line for line in seen if "looked a name up" in line]
    assert len(looked_up) == 2 and all(any(by in line for line in looked_up) for by in ("224.0.0.251", "127.0.0.53"))
    assert len(seen) == 7


def test_a_photo_a_recording_and_a_camera_stay_here(watched):
    event = true_event("surprise", 0.5, rise_s=0.15, hold_s=0.05, fall_s=0.2, intensity=0.9)
    clip = synthetic_clip(3, face=2, duration_s=1.2, fps=50, size=(200, 200), events=[event], head_motion=0.3)
    recording = watched.temporary / "recording.webm"
    write_video((frame.picture for frame in clip.frames()), 50, recording)
    said = watched.run("-c", ANSWERING.format(photo=str(PHOTO), recording=str(recording)))
    assert "happy" in said and "one face, one expression spotted" in said
    assert watched.strayed() == []
    assert only_accepted(watched.data)


def test_a_training_stays_here(watched):
    pytest.importorskip("tensorflow")
    random = np.random.default_rng(0)
    faces, labels = random.integers(0, 256, (30, 48, 48), np.uint8), np.arange(30) % 3
    data = watched.temporary / "faces.npz"
    np.savez(data, x=faces, y=labels, classes=["anger", "happiness", "neutral"])
    said = watched.run("-m", "engine", "train", "paper", "--data", data, "--epochs", 1, "--split", "hold-out")
    assert "finished" in said
    assert watched.strayed() == []
    assert list(watched.data.glob("runs/*/model.onnx"))


def test_a_dashboard_stays_here_whoever_knocks(watched):
    # The agent interface runs pages without a browser; it is off otherwise.
    with serving(watched.home, "--server.enableAgentApi=true", under=watched.under, **watched.environment) as running:
        for page in sorted((ROOT / "pages").glob("*.py")):
            question = json.dumps({"page": page.stem}).encode()
            address = f"{running.address}/_stcore/agent/interact"
            asked = urllib.request.Request(address, question, {"Content-Type": "application/json"})
            assert json.load(urllib.request.urlopen(asked, timeout=60))["status"] == "ready"
        stranger = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        knock = {"Connection": "Upgrade", "Upgrade": "websocket", "Origin": "http://elsewhere.invalid"}
        knock |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        stranger.request("GET", "/_stcore/stream", headers=knock)
        assert stranger.getresponse().status == 403
        stranger.close()
    assert watched.strayed() == []
    assert only_accepted(watched.data)
