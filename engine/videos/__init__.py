"""Recordings: read by presentation time, in bounded memory and without losing a frame silently; and written."""

from engine.videos.ahead import read_ahead
from engine.videos.picture import Frame
from engine.videos.reading import Video, open_video
from engine.videos.writing import write_video

__all__ = ["Frame", "Video", "open_video", "read_ahead", "write_video"]
