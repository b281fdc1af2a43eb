"""A camera's frames as they come: faces followed, expressions named and spotted, spikes at work; nothing is stored."""

from engine.recognition.live.classifier import LiveSettings
from engine.recognition.live.events import LiveEvent
from engine.recognition.live.frames import LiveFrames
from engine.recognition.live.pipeline import LivePipeline
from engine.recognition.live.runner import CAMERAS, CameraSlots, LiveRunner
from engine.recognition.live.state import LiveFace, LiveState, Timeline

__all__ = [
    "CAMERAS",
    "LiveEvent",
    "LiveFace",
    "LiveFrames",
    "LivePipeline",
    "LiveRunner",
    "LiveSettings",
    "LiveState",
    "CameraSlots",
    "Timeline",
]
