"""From a decoded frame to an upright picture with square pixels, no larger than wanted."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from av import VideoFrame
from av.sidedata.sidedata import SideDataContainer, Type

LONG_SIDE = 1280
"""Pixels of the longer side that pictures are read with at most. A face that fills a tenth of a 4K frame's width still
has 128 pixels then, as many as its motion is measured on, and every later step costs a ninth."""


Turn = tuple[bool, bool, bool]
_UPRIGHT: Turn = (False, False, False)


@dataclass(frozen=True)
class Frame:
    """One picture of a recording and when it is shown.

    Attributes
    ----------
    number
        Its place among the frames, from 0; see `engine.videos.Video.frames`.
    time_s
        When it is shown, in seconds on the recording's own clock; see `engine.videos.Video`.
    picture
        (height, width, 3) uint8 RGB, upright, with square pixels.
    layout
        How it was made of what is stored; None where nothing was stored.
    """

    number: int
    time_s: float
    picture: np.ndarray
    layout: "Layout | None" = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in the recording's own pixels; `picture` may be smaller."""
        if self.layout is not None:
            return self.layout.width, self.layout.height
        return self.picture.shape[1], self.picture.shape[0]


@dataclass(frozen=True)
class Layout:
    """How a frame of a recording becomes a picture.

    Attributes
    ----------
    width, height
        Of the upright picture in the recording's own pixels, made square.
    scaled
        Width and height to which a frame is scaled before it is turned.
    transposed, mirrored, flipped
        What turns it: rows and columns exchanged, then left and right, then up and down.
    """

    width: int
    height: int
    scaled: tuple[int, int]
    transposed: bool = False
    mirrored: bool = False
    flipped: bool = False

    @classmethod
    def of(cls, stored: tuple[int, int], aspect: float, turn: Turn, long_side: int | None) -> "Layout":
        """Return the layout of a frame.

        Parameters
        ----------
        stored
            Width and height of the frame as it is stored.
        aspect
            Width of a stored pixel over its height.
        turn
            Whether to transpose, mirror and flip it.
        long_side
            Of the picture, in pixels at most; None leaves it as large as it is.
        """
        # Stretched, never squeezed, so that no line or column is lost.
        width = round(stored[0] * max(aspect, 1.0))
        height = round(stored[1] / min(aspect, 1.0))
        shrink = 1.0 if long_side is None else min(1.0, long_side / max(width, height))
        scaled = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        if turn[0]:
            width, height = height, width
        return cls(width, height, scaled, *turn)

    def picture(self, frame: VideoFrame) -> np.ndarray:
        """Return (height, width, 3) uint8 RGB."""
        # Bilinear in swscale averages over what a pixel covers when it shrinks; its threads cost more than they bring.
        width, height = self.scaled
        rgb: np.ndarray = frame.reformat(width, height, "rgb24", interpolation="BILINEAR", threads=1).to_ndarray()
        if self.transposed:
            rgb = cv2.transpose(rgb)
        if self.mirrored or self.flipped:
            rgb = cv2.flip(rgb, -1 if self.mirrored and self.flipped else 1 if self.mirrored else 0)
        return rgb


class Layouts:
    """The layout of each frame of a recording, whose size, form of pixels and rotation may change on the way.

    Parameters
    ----------
    long_side
        See `Layout.of`.
    """

    def __init__(self, long_side: int | None) -> None:
        self._long_side = long_side
        self._aspect, self._turn = 1.0, _UPRIGHT
        self._known: tuple[object, Layout] | None = None

    def take(self, frame: VideoFrame, aspect: float) -> Layout:
        """Return the layout of the next frame; frames are given in the order in which they are shown.

        Parameters
        ----------
        frame
            Carries size and rotation flag.
        aspect
            Width of a stored pixel over its height, as the stream says now.
        """
        turn = _turn(frame)
        # A form of pixels belongs to a coded sequence, which a frame begins that is whole by itself; so does a turn
        # that is said within the stream, while one that the container says is on every frame.
        if frame.key_frame or self._known is None:
            self._aspect = aspect if 1 / 8 <= aspect <= 8 else 1.0
            self._turn = turn or _UPRIGHT
        elif turn is not None:
            self._turn = turn
        key = (frame.width, frame.height, self._aspect, self._turn)
        if self._known is None or self._known[0] != key:
            self._known = key, Layout.of((frame.width, frame.height), self._aspect, self._turn, self._long_side)
        return self._known[1]


def _turn(frame: VideoFrame) -> Turn | None:
    """Return whether to transpose, mirror and flip, by the frame's display matrix; None where it has none."""
    side_data = cast(SideDataContainer, frame.side_data)  # PyAV's own types know only of motion vectors in it
    matrix = next((bytes(data) for data in side_data if data.type == Type.DISPLAYMATRIX), b"")
    if len(matrix) < 36:
        return None
    # Nine numbers of 32 bits, a row after the other; a point (x, y) goes to (a x + c y, b x + d y), y pointing down.
    a, b, _, c, d = np.frombuffer(matrix, np.int32, 5)
    if abs(int(b)) + abs(int(c)) > abs(int(a)) + abs(int(d)):
        return True, bool(c < 0), bool(b < 0)
    return False, bool(a < 0), bool(d < 0)
