"""Under the camera: events and their replays, spikes at work, and teaching."""

from engine.recognition.live import LiveFrames
from pages.views.common import guard
from pages.views.live.events import show_events
from pages.views.live.spikes import show_spikes
from pages.views.live.teach import show_teaching


def show_tabs(frames: LiveFrames) -> None:
    """Show one of them at a time: what is not looked at costs nothing."""
    views = {"Events": show_events, "Spikes": show_spikes, "Teach it": show_teaching}
    guard.show_tabs("live tabs", views, frames)
