"""From a recording to the moments worth a look: decoded, faces followed, expressions spotted and named.

Frames are decoded in a thread of their own, a few ahead. Of a frame only numbers are kept, about 200 bytes a person and
ten times a second 800 more, and of each person the last half minute of small faces: memory does not grow with the size
of the pictures nor, to speak of, with the recording's length.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from engine.errors import VideoError
from engine.faces.track import Tracker
from engine.models import shipped
from engine.models.enhanced import EnhancedModel, with_enhancement
from engine.models.shipped import ShippedModel
from engine.recognition.analysis import Analysis, Recording
from engine.recognition.spotting.gaps import RECENT, is_gap
from engine.recognition.video.repeats import Repeats
from engine.recognition.video.sizes import Sizes
from engine.recognition.video.track_builder import TrackBuilder
from engine.recognition.video.warnings import recording_warnings
from engine.tasks import SILENT, Progress
from engine.videos import Frame, open_video, read_ahead
from engine.words import counted

SEEN_S, SEEN_FRAMES = 0.3, 5  # a face that was seen for less in all is taken for a false one


def analyse(
    source: Path | bytes | BinaryIO,
    name: str,
    *,
    model: str | None = None,
    enhance: str | None = None,
    own_rest: bool = True,
    rests: Mapping[int, float] | None = None,
    progress: Progress = SILENT,
) -> Analysis:
    """Find the expressions in a recording.

    Parameters
    ----------
    source
        Where it lies, its bytes, or an open file: MP4, MOV, AVI, WebM, MKV, MPEG-TS or animated GIF.
    name
        What it is called.
    model
        Name of the shipped model that answers for single frames, the default for None.
    enhance
        A method of `engine.images.lowlight.METHODS` that faces go through before a model names what they show; None: as
        ``"none"``. Faces are found and followed, and expressions spotted, in the recording as it is.
    own_rest
        Whether each person's own resting face is taken out of what longer expressions are named by; see
        `engine.recognition.resting_face`.
    rests
        When somebody rests, as a user says: the person's number to seconds on the recording's clock. Of everybody else
        that is found out.
    progress
        Told how many frames of about how many are done, and asked before each whether to go on.

    Raises
    ------
    VideoError
        Where no frame can be read; see `engine.videos.open_video`. What can be read in part is analysed, and the
        analysis' warnings name the rest.
    ModelError
        For a model that is unknown or damaged.
    UserError
        For an enhancement that there is not.
    Cancelled
        Where ``progress`` says so.

    Examples
    --------
    >>> import io
    >>> from engine.synthetic import synthetic_clip, true_event
    >>> from engine.videos import write_video
    >>> smile = true_event("happy", 0.6, rise_s=0.15, fall_s=0.15)
    >>> clip = synthetic_clip(3, duration_s=2.0, fps=30, size=(320, 240), events=[smile])
    >>> file = io.BytesIO()
    >>> write_video((frame.picture for frame in clip.frames()), clip.fps, file)
    60
    >>> found = analyse(file.getvalue(), "smile.mp4")  # or analyse(Path("smile.mp4"), "smile.mp4")
    >>> [(event.kind, event.answer, round(event.onset_s, 1)) for event in found.tracks[0].events]
    [('micro', 'positive', 0.6)]
    """
    answering = with_enhancement(shipped.load(model, threads=1), enhance)
    with open_video(source, name) as video, closing(read_ahead(video.frames())) as frames, _aside() as aside:
        course = _Course(answering, enhance, own_rest, video.rate, aside, rests)
        course.follow(frames, name, video.expected, progress)
        return course.analysis(name, video.problems)


def analyse_frames(
    frames: Iterable[Frame],
    name: str,
    *,
    model: str | None = None,
    enhance: str | None = None,
    own_rest: bool = True,
    rests: Mapping[int, float] | None = None,
    progress: Progress = SILENT,
    total: int = 0,
) -> Analysis:
    """Find the expressions in frames that come from anywhere; see `analyse`.

    Parameters
    ----------
    frames
        With rising times.
    total
        How many there are, 0 where nobody knows.

    Raises
    ------
    VideoError
        For no frames at all.
    """
    answering = with_enhancement(shipped.load(model, threads=1), enhance)
    with _aside() as aside:
        course = _Course(answering, enhance, own_rest, None, aside, rests)
        course.follow(frames, name, total, progress)
        return course.analysis(name, [])


@contextmanager
def _aside() -> Iterator[Executor]:
    """Open a thread in which the model answers; leaving early gives up what it has not begun.

    Inside, OpenCV works on one thread: on pictures as small as a face more of them bring nothing, and waiting for one
    another they would take the cores from those who decode and answer.
    """
    thread, before = ThreadPoolExecutor(1, "answering"), cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield thread
    finally:
        thread.shutdown(cancel_futures=True)
        cv2.setNumThreads(before)


class _Course:
    """One recording on its way through."""

    def __init__(
        self,
        model: ShippedModel | EnhancedModel,
        enhance: str | None,
        own_rest: bool,
        fps: float | None,
        aside: Executor,
        rests: Mapping[int, float] | None,
    ) -> None:
        self._model, self._enhance, self._fps, self._aside = model, enhance or "none", fps, aside
        self._own_rest, self._rests = own_rest, rests or {}
        self._tracker = Tracker()
        self._people: dict[int, TrackBuilder] = {}
        self._times = array("d")
        self._sizes = Sizes()
        self._repeats = Repeats()

    def follow(self, frames: Iterable[Frame], name: str, total: int, progress: Progress) -> None:
        words = f"analysing {name}"
        for number, frame in enumerate(frames):
            progress.step(number, max(total, number + 1) if total else 0, words)
            if is_gap(self._times[-RECENT - 1 :], frame.time_s, 1 / (self._fps or 25.0)):
                self._break_off()
            self._times.append(frame.time_s)
            before = self._sizes.read
            self._repeats.take(frame.picture)
            if self._sizes.take(frame):
                self._break_off()
                self._tracker.resize(before, self._sizes.read)
            seen = set()
            for face in self._tracker.update(frame.picture, frame.time_s):
                seen.add(face.person)
                if face.person not in self._people:
                    self._people[face.person] = TrackBuilder(self._model, self._aside, self._enhance, self._own_rest)
                self._people[face.person].see(number, frame, face)
            for unseen in self._people.keys() - seen:
                self._people[unseen].miss()
        progress.step(len(self._times), len(self._times), words)

    def _break_off(self) -> None:
        for person in self._people.values():
            person.miss()

    def analysis(self, name: str, problems: list[str]) -> Analysis:
        if not self._times:
            raise VideoError("The recording has no frames.", "Choose another one.")
        width, height = self._sizes.usual
        times_s = np.array(self._times)
        usual = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1 / (self._fps or 25.0)
        length = float(times_s[-1] - times_s[0])
        recording = Recording(
            file=name,
            width=width,
            height=height,
            fps=(len(times_s) - 1) / length if length else 1 / usual,
            duration_s=float(times_s[-1]) + usual,
            frames=len(times_s),
            distinct_share=self._repeats.distinct_share(),
        )
        people = [person for person in self._people.values() if self._is_somebody(person, usual)]
        tracks = tuple(person.track(number, self._rests.get(number)) for number, person in enumerate(people, 1))
        problems = [*problems, *self._sizes.sentences(), *self._strangers(len(tracks))]
        said = recording_warnings(recording, times_s, tracks, people, problems, self._enhance)
        return Analysis(recording, tracks, said, self._enhance)

    def _strangers(self, people: int) -> list[str]:
        return [
            f"A moment of rest was named for person {number}, and {counted(people, 'person', 'people')} "
            f"{'is' if people == 1 else 'are'} seen: it says nothing of anybody."
            for number in self._rests
            if not 1 <= number <= people
        ]

    def _is_somebody(self, person: TrackBuilder, usual: float) -> bool:
        few = len(person) < SEEN_FRAMES or len(person) * usual < SEEN_S
        return not few or len(person) > len(self._times) / 2
