import inspect

import streamlit_webrtc


def test_streamlit_webrtc_still_has_what_is_asked_of_it():
    """That ports are shut once the browser has gone is tried in tests/browser/test_live_network.py."""
    worker = streamlit_webrtc.webrtc.WebRtcWorker
    assert "self.pc" in inspect.getsource(worker) and callable(worker.stop)
    assert callable(streamlit_webrtc.WebRtcStreamerContext._get_worker)
