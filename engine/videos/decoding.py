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
    account = FrameAccount() if stream.codec_context.name in ONE_EACH else None
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
    for packet in _packets(container, stream, gaps):
        empty = packet.dts is not None and not packet.size  # how an AVI says that the last frame is still shown
        gaps.unshown += packet.is_discard or empty
        if account is not None and packet.size and not packet.is_discard:
            account.put(packet.pts, whole=not packet.is_corrupt)
        try:
            yield from stream.decode(packet)
        except av.FFmpegError:
            if account is None:  # otherwise it will be missed when the next frame comes
                gaps.lose()


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
