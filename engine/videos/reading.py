"""Read a recording frame by frame, in the order and at the times at which it is shown."""

import math
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Self

import av
from av import VideoFrame

from engine.errors import VideoError
from engine.tasks import SILENT, Progress
from engine.videos.container import (
    check_size,
    clock_zero,
    further_tracks,
    open_container,
    stated_end,
    video_stream,
    without_clock,
)
from engine.videos.decoding import first_frame, whole_frames
from engine.videos.picture import LONG_SIDE, Frame, Layout, Layouts
from engine.videos.timing import DecodingGaps, FrameClock

SAME_S = 1e-6  # two times that differ by less are one
BACK_S = (0.0, 2.0, 10.0)  # so much before a moment a jump goes, where nothing tells of a whole frame before it
CUT_SHORT_S = 0.5  # a recording may end so much earlier than its file says


class Video:
    """A recording that is open; use it in a ``with`` statement, from one thread at a time.

    Times are those of the recording's own clock, as players and ELAN show it: 0 is where the first of its tracks
    begins, so that pictures that begin after the sound do not begin at 0.

    Attributes
    ----------
    name
        As it was given.
    width, height
        Of the first upright picture in the recording's own pixels, made square; each has its `Frame.size`.
    rate
        Frames a second as the file states them: an estimate.
    start_s
        When the first picture is shown.
    duration_s
        Until when the pictures last, as the file states it: an estimate, 0 where it states nothing.
    problems
        Sentences on what is not read, could not be read or had to be mended; most are filled in by `frames`.
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
        self.problems += further_tracks(self._container, self._stream)
        self._long_side = long_side
        layout = Layouts(long_side).take(first, self._aspect)
        self.width, self.height = layout.width, layout.height
        self.rate = float(self._stream.average_rate or self._stream.guessed_rate or 0) or 25.0
        self._restart(None)
        self._zero = clock_zero(self._container, self._stream, first)
        self.start_s = self._time(first) or 0.0
        self._stated_s = stated_end(self._container, self._stream, self._zero)
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

    @property
    def expected(self) -> int:
        """How many frames there are as the file states it: an estimate, 0 where it states nothing."""
        return max(0, round((self.duration_s - self.start_s) * self.rate))

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
            Only frames shown from here on, and before there, in seconds on the recording's clock.
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
        jump = start_s is not None and start_s > self.start_s
        count = first = 0
        for time_s, frame, layout in self._shown(start_s if jump else None):
            if stop_s is not None and time_s >= stop_s:
                return
            if not count and jump:
                first = round((time_s - self.start_s) * self.rate)
            number = first + count
            progress.step(number, max(number + 1, self.expected), f"reading {self.name}")
            count += 1
            yield Frame(number, time_s, layout.picture(frame), layout)
        if not count and not jump:
            raise _nothing()

    def _shown(self, start_s: float | None) -> Iterator[tuple[float, VideoFrame, Layout]]:
        """Yield what is shown from ``start_s`` on, or from the first frame, with mended times."""
        gaps, frames = self._from(start_s)
        clock, layouts = FrameClock(1 / self.rate), Layouts(self._long_side)
        last_s, count, complete = self.start_s, 0, False
        try:
            for frame in frames:
                if start_s is not None and not count:
                    gaps.forgive()
                time_s = clock(self._time(frame), gaps.open)
                gaps.mend(time_s, frame.key_frame)
                last_s = time_s
                count += 1
                layout = layouts.take(frame, self._aspect)
                if start_s is None or time_s >= start_s - SAME_S:
                    check_size(frame.width, frame.height)
                    yield time_s, frame, layout
            if clock.stands:
                raise without_clock("all of its pictures have the same time")
            complete = True
        finally:
            said = gaps.sentences() + clock.sentences()
            if complete and not gaps.open:
                said += self._missing(last_s, 0 if start_s is not None else count + gaps.lost + gaps.unshown)
            self.problems += [sentence for sentence in said if sentence not in self.problems]

    def _from(self, start_s: float | None) -> tuple[DecodingGaps, Iterator[VideoFrame]]:
        """Return all frames from the first one, or from one on that is not later than ``start_s``."""
        for back_s in BACK_S:
            if start_s is None:
                break
            self._restart(start_s - back_s)
            gaps = DecodingGaps()
            frames = whole_frames(self._container, self._stream, gaps)
            first = next(frames, None)
            if first is not None and (self._time(first) or 0.0) <= start_s + SAME_S:
                return gaps, chain([first], frames)
        self._restart(None)
        gaps = DecodingGaps()
        return gaps, whole_frames(self._container, self._stream, gaps)

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

    def _restart(self, start_s: float | None) -> None:
        self.close()
        self._open()
        base = self._stream.time_base
        if start_s is not None and base is not None:
            with suppress(av.FFmpegError):  # a file that cannot jump is read through
                self._container.seek(math.floor((self._zero + Fraction(start_s)) / base), stream=self._stream)

    def _time(self, frame: VideoFrame) -> float | None:
        """Return when a frame is shown as its file says, None where it says nothing."""
        if frame.pts is None or frame.time_base is None:
            return None
        return float(frame.pts * frame.time_base - self._zero)

    @property
    def _aspect(self) -> float:
        stream = self._stream
        return float(stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio or 1) or 1.0


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
