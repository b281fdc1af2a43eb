"""A camera's stream is closed soon after its browser has gone, whether that has said so or not.

streamlit-webrtc waits until ICE has had no answer for half a minute; a stream that never came about it keeps until the
visit is forgotten. Until then ports stay open, and a place among the cameras that are watched stays taken.
"""

import threading
import time
from weakref import WeakSet

from streamlit import runtime
from streamlit_webrtc import WebRtcStreamerContext
from streamlit_webrtc.webrtc import WebRtcWorker

from engine.recognition.live import LiveFrames
from pages.views.common.page_state import visitor

LOOK_S = 0.5
GRACE_S = 2.0
"""A page whose connection broke off connects again within a second."""
_WATCHED: "WeakSet[WebRtcWorker]" = WeakSet()


def close_when_gone(context: WebRtcStreamerContext, frames: LiveFrames) -> None:
    """Have this visitor's stream closed once its browser has been gone for `GRACE_S`; may be called at each run."""
    worker = context._get_worker()
    if not isinstance(worker, WebRtcWorker) or worker in _WATCHED or not runtime.exists():
        return
    _WATCHED.add(worker)
    threading.Thread(target=_watch, args=(worker, frames, visitor()), name="live leaving", daemon=True).start()


def _watch(worker: WebRtcWorker, frames: LiveFrames, session_id: str) -> None:
    seen = time.monotonic()
    while worker.pc.connectionState != "closed":
        if runtime.get_instance().is_active_session(session_id):
            seen = time.monotonic()
        elif time.monotonic() - seen >= GRACE_S:
            frames.ended()
            worker.stop()
            return
        time.sleep(LOOK_S)
