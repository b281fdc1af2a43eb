"""From a container's packets to whole frames, with account kept of every one that is missing."""

import math
from collections.abc import Iterator
from contextlib import suppress

import av
from av import Packet, VideoFrame
from av.container import InputContainer
from av.video.frame import PictureType
from av.video.stream import VideoStream

from engine.videos.timing import DecodingGaps, FrameAccount

HEALING_S = 1.0  # after a break, wait at most so long for a frame that is whole by itself
MOST_HELD = 8  # a run of frames drawn between two others is usually of 3
STUMBLES = 50  # errors of the container in a row after which nothing more is expected
PATIENCE = 2000  # packets without a single picture after which a file is given up
ONE_EACH = ("h264", "hevc", "mjpeg", "ffv1", "rawvideo", "huffyuv")  # codecs with exactly one frame shown a packet


def first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """Return the first frame that can be decoded at all, or None."""
    for tried, packet in enumerate(_packets(container, stream, DecodingGaps())):
        with suppress(av.FFmpegError):
            for frame in stream.decode(packet):
                if _shuffled(container, stream):
                    frame.pts = 0
                return frame
        if tried > PATIENCE:
            break
    return None


def whole_frames(container: InputContainer, stream: VideoStream, gaps: DecodingGaps) -> Iterator[VideoFrame]:
    """Yield frames in the order in which they are shown, from where the container stands.

    Parameters
    ----------
    container, stream
        From `engine.videos.container`.
    gaps
        Is told of each frame that is missing; its `DecodingGaps.mend` is the caller's, once a frame has its time.

    Yields
    ------
    VideoFrame
        Whole as far as the decoder knows. Frames that it marks as damaged are left out, and so are those after a break
        that build on what is missing, until the next that is whole by itself, for at most `HEALING_S`: a smeared face
        would be taken for one that moves.
    """
    counted = stream.codec_context.name in ONE_EACH and not _shuffled(container, stream)
    account = FrameAccount() if counted else None
    held: list[VideoFrame] = []  # drawn between the frames before and after them, so no better than the one after
    known, healed_s = gaps.lost, -math.inf
    for frame in _decoded(container, stream, gaps, account):
        if account is not None:
            gaps.lose(account.take(frame.pts))
        spoilt = frame.is_corrupt or (account is not None and account.spoilt(frame.pts))
        shown_s = math.inf if frame.time is None else frame.time
        if spoilt or gaps.lost > known:
            gaps.lose(len(held))
            held.clear()
            known = gaps.lost
            healed_s = shown_s + HEALING_S if healed_s == -math.inf else healed_s
        if spoilt or (shown_s < healed_s and not frame.key_frame):
            gaps.lose()
            known = gaps.lost
            continue
        healed_s = -math.inf
        held.append(frame)
        if frame.pict_type != PictureType.B or len(held) > MOST_HELD:
            yield from held
            held.clear()
    yield from held
    if account is not None:
        gaps.lose(account.take(None))


def _decoded(
    container: InputContainer, stream: VideoStream, gaps: DecodingGaps, account: FrameAccount | None
) -> Iterator[VideoFrame]:
    order = _Order() if _shuffled(container, stream) else None
    for packet in _packets(container, stream, gaps):
        if order is not None:
            order.begin(packet.dts)
        empty = packet.dts is not None and not packet.size  # how an AVI says that the last frame is still shown
        gaps.unshown += packet.is_discard or empty
        if account is not None and packet.size and not packet.is_discard:
            account.put(packet.pts, whole=not packet.is_corrupt)
        try:
            frames = stream.decode(packet)
            yield from frames if order is None else map(order, frames)
        except av.FFmpegError:
            if account is None:  # otherwise it will be missed when the next frame comes
                gaps.lose()


def _shuffled(container: InputContainer, stream: VideoStream) -> bool:
    """Tell whether frames are stored in another order than they are shown in, and numbered as they are stored."""
    return container.format.name == "avi" and stream.codec_context.has_b_frames


class _Order:
    """Gives frames of an AVI the time stamps of the places in which they are shown."""

    def __init__(self) -> None:
        self._begin: int | None = None
        self._delay: int | None = None  # packets that the decoder takes before it gives the first frame
        self._last = -1

    def begin(self, number: int | None) -> None:
        """Take the number of a packet; the first one's counts."""
        self._begin = number if self._begin is None else self._begin

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        """Return the next frame that is shown, with its time stamp."""
        number = frame.dts  # of the packet on which it came out; the last ones come out on none
        if self._delay is None:
            self._delay = (number or 0) - (self._begin or 0)
        self._last = self._last + 1 if number is None else number - self._delay
        frame.pts = self._last
        return frame


def _packets(container: InputContainer, stream: VideoStream, gaps: DecodingGaps) -> Iterator[Packet]:
    stumbles = 0
    while stumbles < STUMBLES:
        try:
            for packet in container.demux(stream):
                stumbles = 0
                yield packet
            return
        except av.FFmpegError:
            stumbles += 1
            gaps.lose()
