"""Read a recording frame by frame, in the order and at the times at which it is shown."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

import av
from av import Packet, VideoFrame

from engine.datasets.progress import SILENT, Watch
from engine.errors import VideoError
from engine.videos.container import check_size, open_container, video_stream
from engine.videos.frame import Frame
from engine.videos.picture import LONG_SIDE, Layout
from engine.videos.timing import Account, Breaks, Clock

HEALING_S = 2.0  # after a break, wait at most so long for a frame that is whole by itself
_PATIENCE = 2000  # packets without a single picture after which a file is given up
_STUMBLES = 50  # errors of the container in a row after which nothing more is expected
_ONE_EACH = ("h264", "hevc", "mjpeg", "ffv1", "rawvideo", "huffyuv")  # codecs with exactly one frame shown a packet


class Video:
    """A recording that is open; use it in a ``with`` statement, from one thread at a time.

    Attributes
    ----------
    name
        As it was given.
    width, height
        Of the upright pictures in the recording's own pixels, made square; those of `frames` may be smaller.
    rate
        Frames a second as the file states them: an estimate.
    duration_s
        As the file states it: an estimate, 0 where it states none.
    problems
        Sentences on what could not be read or had to be mended; filled by `frames`.
    """

    def __init__(self, source: Path | bytes | BinaryIO, name: str, long_side: int | None = LONG_SIDE) -> None:
        self.name = name
        self.problems: list[str] = []
        self._source, self._long_side = source, long_side
        self._open()
        try:
            first = self._first()
        except BaseException:
            self.close()
            raise
        check_size(first.width, first.height)
        aspect = float(self._stream.codec_context.sample_aspect_ratio or self._stream.sample_aspect_ratio or 1) or 1.0
        self._layout = Layout.of(first, aspect if 1 / 8 <= aspect <= 8 else 1.0, long_side)
        self.width, self.height = self._layout.width, self._layout.height
        self.rate = float(self._stream.average_rate or self._stream.guessed_rate or 0) or 25.0
        stated = self._stream.duration
        if stated is not None:
            self.duration_s = float(stated * self._stream.time_base)
        else:
            self.duration_s = max(0.0, (self._container.duration or 0) / av.time_base)

    def _open(self) -> None:
        self._file, self._container = open_container(self._source)
        try:
            self._stream = video_stream(self._container)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._container.close()
        if self._file is not self._source:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frames(
        self, start_s: float | None = None, stop_s: float | None = None, watch: Watch = SILENT
    ) -> Iterator[Frame]:
        """Read frames in the order in which they are shown; one is held at a time.

        Parameters
        ----------
        start_s, stop_s
            Only frames shown from here on, and before there, in seconds from the first frame.
        watch
            Told how far the reading is, and asked whether to go on.

        Yields
        ------
        Frame
            Its number is exact where reading starts at the first frame; after a jump it is counted on from the time and
            the mean rate, which is exact for a constant one.

        Raises
        ------
        VideoError
            Where no frame can be read at all.
        CancelledError
            Where ``watch`` says so.
        """
        shown = 0
        rate = self.rate
        for time_s, frame in self._shown(start_s or 0.0):
            if stop_s is not None and time_s >= stop_s:
                break
            number = shown if not start_s else round(time_s * rate) if not shown else number + 1
            watch.step(number, max(number + 1, round(self.duration_s * rate)), f"reading {self.name}")
            shown += 1
            yield Frame(number, time_s, self._layout.picture(frame))
        if not shown and not start_s and stop_s is None:
            raise _nothing()

    def _shown(self, start_s: float) -> Iterator[tuple[float, VideoFrame]]:
        """Yield what is shown from ``start_s`` on, in order and with mended times."""
        self._restart(start_s)
        clock, breaks = Clock(1 / self.rate), Breaks()
        last_s, complete = 0.0, False
        try:
            for frame in self._sound(breaks, lambda: last_s):
                stamp = frame.pts
                time_s = clock(None if stamp is None else float((stamp - self._zero) * frame.time_base))
                breaks.mend(time_s)
                last_s = time_s
                if time_s >= start_s - 1e-6:
                    yield time_s, frame
            complete = True
        finally:
            said = breaks.sentences() + clock.sentences()
            if complete and not breaks.open and self.duration_s - last_s > max(0.5, 3 / self.rate):
                said.append(
                    f"The recording ends at {last_s:.2f} s although its file speaks of {self.duration_s:.2f} s: "
                    "it may have been cut off."
                )
            self.problems += [sentence for sentence in said if sentence not in self.problems]

    def _sound(self, breaks: Breaks, last_s: Callable[[], float]) -> Iterator[VideoFrame]:
        """Yield whole frames in the order in which they are shown; tell ``breaks`` of what is missing."""
        account = Account() if self._stream.codec_context.name in _ONE_EACH else None
        healing_until = None
        for frame in self._decoded(breaks, last_s, account):
            if account is not None and (lost := account.take(frame.pts)):
                breaks.lose(last_s(), lost)
            if frame.is_corrupt:
                breaks.lose(last_s())
                continue
            if breaks.open and not frame.key_frame and frame.pts is not None:
                # What follows a break is drawn over what is missing, until the next frame that is whole by itself.
                shown = float(frame.pts * frame.time_base)
                if healing_until is None:
                    healing_until = shown + HEALING_S
                if shown < healing_until:
                    breaks.lose(last_s())
                    continue
            healing_until = None
            yield frame
        if account is not None and (lost := account.take(None)):
            breaks.lose(last_s(), lost)

    def _decoded(self, breaks: Breaks, last_s: Callable[[], float], account: Account | None) -> Iterator[VideoFrame]:
        failures = 0
        for packet in self._packets(breaks, last_s):
            if account is not None and packet.size and not packet.is_discard:
                account.put(packet.pts)
            try:
                frames = self._stream.decode(packet)
            except av.FFmpegError:
                failures += 1
                if account is None:
                    breaks.lose(last_s())
                continue
            yield from frames

    def _packets(self, breaks: Breaks, last_s: Callable[[], float]) -> Iterator[Packet]:
        stumbles = 0
        while True:
            try:
                for packet in self._container.demux(self._stream):
                    stumbles = 0
                    yield packet
                return
            except av.FFmpegError:
                stumbles += 1
                breaks.lose(last_s())
                if stumbles > _STUMBLES:
                    return

    def _restart(self, start_s: float) -> None:
        self.close()
        self._open()
        if start_s > 0:
            with suppress(av.FFmpegError):  # a file that cannot jump is read through
                self._container.seek(self._zero + int(start_s / self._stream.time_base), stream=self._stream)

    def _first(self) -> VideoFrame:
        tried = 0
        for packet in self._packets(Breaks(), lambda: 0.0):
            tried += 1
            with suppress(av.FFmpegError):
                for frame in self._stream.decode(packet):
                    self._zero = frame.pts or 0
                    return frame
            if tried > _PATIENCE:
                break
        raise _nothing()


def open_video(source: Path | bytes | BinaryIO, name: str, *, long_side: int | None = LONG_SIDE) -> Video:
    """Open a recording for reading.

    Parameters
    ----------
    source
        Where it lies, its bytes, or an open file that can seek.
    name
        What it is called in sentences.
    long_side
        Pictures are read with at most so many pixels on the longer side, None for as large as they are.

    Raises
    ------
    VideoError
        For a file that is empty, too large, no recording, without pictures, or of which no frame can be read.
    """
    return Video(source, name, long_side)


def _nothing() -> VideoError:
    return VideoError(
        "No frame of the recording can be read: it is damaged.", "Copy it again from where it was recorded."
    )
