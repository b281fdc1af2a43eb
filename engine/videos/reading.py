"""Read a recording frame by frame, in the order and at the times at which it is shown."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

import av
from av import VideoFrame

from engine.errors import VideoError
from engine.tasks import SILENT, Progress
from engine.videos.container import check_size, open_container, stated_duration, video_stream
from engine.videos.decoding import first_frame, whole_frames
from engine.videos.picture import LONG_SIDE, Frame, Layout
from engine.videos.timing import DecodingGaps, FrameClock

SAME_S = 1e-6  # two times that differ by less are one
CUT_SHORT_S = 0.5  # a recording may end so much earlier than its file says


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
        self._source = source
        self._open()
        try:
            first = first_frame(self._container, self._stream)
            if first is None:
                raise _nothing()
            check_size(first.width, first.height)
        except BaseException:
            self.close()
            raise
        self._zero = first.pts or 0
        aspect = float(self._stream.codec_context.sample_aspect_ratio or self._stream.sample_aspect_ratio or 1) or 1.0
        self._layout = Layout.of(first, aspect if 1 / 8 <= aspect <= 8 else 1.0, long_side)
        self.width, self.height = self._layout.width, self._layout.height
        self.rate = float(self._stream.average_rate or self._stream.guessed_rate or 0) or 25.0
        self._stated_s = stated_duration(self._container, self._stream)
        whole_s = max(0.0, (self._container.duration or 0) / av.time_base)
        self.duration_s = whole_s if self._stated_s is None else self._stated_s

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
        self, start_s: float | None = None, stop_s: float | None = None, progress: Progress = SILENT
    ) -> Iterator[Frame]:
        """Read frames in the order in which they are shown; one is held at a time.

        Parameters
        ----------
        start_s, stop_s
            Only frames shown from here on, and before there, in seconds from the first frame.
        progress
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
        Cancelled
            Where ``progress`` says so.
        """
        count = first = 0
        for time_s, frame in self._shown(start_s or 0.0):
            if stop_s is not None and time_s >= stop_s:
                return
            if not count and start_s:
                first = round(time_s * self.rate)
            number = first + count
            progress.step(number, max(number + 1, round(self.duration_s * self.rate)), f"reading {self.name}")
            count += 1
            yield Frame(number, time_s, self._layout.picture(frame))
        if not count and not start_s:
            raise _nothing()

    def _shown(self, start_s: float) -> Iterator[tuple[float, VideoFrame]]:
        """Yield what is shown from ``start_s`` on, with mended times."""
        self._restart(start_s)
        clock, gaps = FrameClock(1 / self.rate), DecodingGaps()
        last_s, count, complete = 0.0, 0, False
        try:
            for frame in whole_frames(self._container, self._stream, gaps):
                if start_s and not count:
                    gaps.forgive()
                raw_s = None
                if frame.pts is not None and frame.time_base is not None:
                    raw_s = float((frame.pts - self._zero) * frame.time_base)
                time_s = clock(raw_s, gaps.open)
                gaps.mend(time_s, frame.key_frame)
                last_s = time_s
                count += 1
                if time_s >= start_s - SAME_S:
                    yield time_s, frame
            complete = True
        finally:
            said = gaps.sentences() + clock.sentences()
            if complete and not gaps.open:
                said += self._missing(last_s, 0 if start_s else count + gaps.lost + gaps.unshown)
            self.problems += [sentence for sentence in said if sentence not in self.problems]

    def _missing(self, last_s: float, accounted: int) -> list[str]:
        """Return what the file speaks of and does not hold."""
        stated = self._stream.frames
        if self._container.format.name == "avi" and stated > accounted > 0:  # whose times are the frames' numbers
            short = stated - accounted
            return [
                f"The file speaks of {stated:,} frames and lacks {short:,} of them in places that cannot be told; "
                f"times may be early by up to {short / self.rate:.2f} s."
            ]
        if self._stated_s is not None and self._stated_s - last_s > max(CUT_SHORT_S, 3 / self.rate):
            return [
                f"The recording ends at {last_s:.2f} s although its file speaks of {self._stated_s:.2f} s: it was cut "
                "off or is damaged from there on."
            ]
        return []

    def _restart(self, start_s: float) -> None:
        self.close()
        self._open()
        base = self._stream.time_base
        if start_s > 0 and base is not None:
            with suppress(av.FFmpegError):  # a file that cannot jump is read through
                self._container.seek(self._zero + int(start_s / base), stream=self._stream)


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
