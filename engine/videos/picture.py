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


@dataclass(frozen=True)
class Frame:
    """One picture of a recording and when it is shown.

    Attributes
    ----------
    number
        Its place among the frames, from 0; see `engine.videos.Video.frames`.
    time_s
        When it is shown, in seconds from the first frame.
    picture
        (height, width, 3) uint8 RGB, upright, with square pixels.
    """

    number: int
    time_s: float
    picture: np.ndarray


@dataclass(frozen=True)
class Layout:
    """How the frames of a recording become pictures.

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
    def of(cls, frame: VideoFrame, aspect: float, long_side: int | None) -> "Layout":
        """Return the layout of a recording by its first frame.

        Parameters
        ----------
        frame
            Carries size and rotation flag.
        aspect
            Width of a stored pixel over its height.
        long_side
            Of the pictures, in pixels; None leaves them as large as they are.
        """
        # Stretched, never squeezed, so that no line or column is lost.
        width = round(frame.width * max(aspect, 1.0))
        height = round(frame.height / min(aspect, 1.0))
        shrink = 1.0 if long_side is None else min(1.0, long_side / max(width, height))
        scaled = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        transposed, mirrored, flipped = _turn(frame)
        if transposed:
            width, height = height, width
        return cls(width, height, scaled, transposed, mirrored, flipped)

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


def _turn(frame: VideoFrame) -> tuple[bool, bool, bool]:
    """Return whether to transpose, mirror and flip, by the frame's display matrix."""
    side_data = cast(SideDataContainer, frame.side_data)  # PyAV's own types know only of motion vectors in it
    matrix = next((bytes(data) for data in side_data if data.type == Type.DISPLAYMATRIX), b"")
    if len(matrix) < 36:
        return False, False, False
    # Nine numbers of 32 bits, a row after the other; a point (x, y) goes to (a x + c y, b x + d y), y pointing down.
    a, b, _, c, d = np.frombuffer(matrix, np.int32, 5)
    if abs(int(b)) + abs(int(c)) > abs(int(a)) + abs(int(d)):
        return True, bool(c < 0), bool(b < 0)
    return False, bool(a < 0), bool(d < 0)
