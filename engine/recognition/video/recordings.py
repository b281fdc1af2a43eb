"""Recordings and what was found in them, in this process's memory and nowhere else: each under a token to ask by.

Whoever has the token has the recording, in another tab or after a reload; nobody can guess one. What nobody has asked
for in a while is forgotten.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from engine import settings
from engine.errors import VideoError
from engine.memory import when_idle
from engine.recognition.analysis import Analysis
from engine.tasks import Progress, Status
from engine.tasks.memory import MemoryTask

if TYPE_CHECKING:
    from engine.synthetic import TrueEvent

_SETTLED_S = 600.0  # what was asked for in the last so many seconds is not dropped to make room for something else
_SHOWN = 7  # of which a page asks for some at each run, and for pictures of an event one after the other


class Analysed(NamedTuple):
    """What was found in a recording; of an example also its bytes, and the events that are shown in it."""

    analysis: Analysis
    drawn: bytes | None = None
    truth: "list[TrueEvent] | None" = None


def analyse_recording(
    name: str,
    data: bytes | None,
    example: str | None,
    enhance: str,
    own_rest: bool,
    rests: dict[int, float],
    progress: Progress,
) -> Analysed:
    """Analyse a recording, or draw an example and analyse that; what the process of its task does.

    Parameters
    ----------
    name, data, example, enhance, own_rest, rests
        See `StoredRecording`.
    progress
        Told how far it is.

    Raises
    ------
    UserError
        As `engine.recognition.video.analysing.analyse`.
    """
    # The server holds recordings without what analyses them.
    from engine.recognition.video.analysing import analyse

    find = partial(analyse, name=name, enhance=enhance, own_rest=own_rest, rests=rests)
    if example is None:
        return Analysed(find(data or b"", progress=progress))
    from engine.synthetic import EXAMPLES, mp4_bytes

    clip = EXAMPLES[example]()
    drawing, analysing = progress.split(1, 1)
    drawn = mp4_bytes(clip, drawing)
    return Analysed(find(drawn, progress=analysing), drawn, list(clip.events))


def copy_recording(name: str, data: bytes, progress: Progress) -> bytes:
    """Make a copy of a recording that browsers play; what the process of its task does."""
    from engine.videos.playable import playable_copy

    return playable_copy(data, name, progress)


@dataclass
class StoredRecording:
    """One recording that is held.

    Attributes
    ----------
    token
        What it is asked for by.
    name
        What its owner calls it.
    example
        Name of the synthetic example that it is, None for a recording that somebody brought.
    enhance
        The method of `engine.images.lowlight.METHODS` that was chosen for it.
    own_rest
        Whether each person's own resting face is taken out of what longer expressions are named by.
    rests
        When somebody rests, as a user says: the person's number to seconds.
    given
        The recording's bytes; None of an example, and of one whose analysis has failed.
    task
        Its analysis, a task whose result is an `Analysed`.
    visitor
        Who brought it, as the dashboard tells visitors apart.
    owner
        Whose it is, as `engine.settings.owner` said: nobody else finds it.
    corrections
        What a user changed, as `engine.records.corrections` keeps it; None while there is nothing.
    kept_in
        Where a session keeps it, for whoever shows it; None where none does.
    copy
        Makes a copy of it that browsers play, a task whose result is bytes; None where nobody has asked for one.
    unplayable
        Whether a browser has said that it does not play it.
    """

    token: str
    name: str
    example: str | None
    enhance: str
    own_rest: bool
    rests: dict[int, float]
    given: bytes | None
    task: MemoryTask
    visitor: str = ""
    owner: str = settings.LOCAL_OWNER
    corrections: Any = None
    kept_in: Any = None
    copy: MemoryTask | None = None
    unplayable: bool = False
    asked: float = 0.0
    _shown: OrderedDict[Any, Any] = field(default_factory=OrderedDict, repr=False)

    @property
    def data(self) -> bytes | None:
        """The recording's bytes; None of an example that is not finished."""
        return self.given or (self.task.result.drawn if self.task.result else None)

    @property
    def status(self) -> Status:
        """How far its analysis is."""
        return self.task.status

    @property
    def failed(self) -> bool:
        """Whether its analysis is over and has found nothing."""
        return not self.status.alive and self.task.result is None

    @property
    def size(self) -> int:
        """How many bytes of it are held, its copy's too."""
        copied = self.copy.result if self.copy else None
        return len(self.data or b"") + len(copied or b"")

    @property
    def analysis(self) -> Analysis | None:
        """What was found, without corrections; None until the analysis has finished."""
        return self.task.result.analysis if self.task.result else None

    @property
    def truth(self) -> "list[TrueEvent] | None":
        """The events that are shown in an example; None of a recording that somebody brought."""
        return self.task.result.truth if self.task.result else None

    def begin_copy(self) -> None:
        """Have a copy made that browsers play, in place of an earlier one."""
        self.copy = MemoryTask(copy_recording, name=self.name, data=self.data)

    def shown(self, key: Any, make: Callable[[], Any], fits: Callable[[Any], bool] = lambda made: True) -> Any:
        """Return what was made of the recording to be shown, such as pictures of an event; only the last few are kept.

        Parameters
        ----------
        key
            Tells it from others.
        make
            Makes it where it is not kept.
        fits
            Asked whether what is kept will still do.
        """
        known = self._shown.get(key)
        if known is not None and fits(known):
            self._shown.move_to_end(key)
            return known
        made = self._shown[key] = make()
        while len(self._shown) > _SHOWN:
            self._shown.popitem(last=False)
        return made


class RecordingStore:
    """Holds a bounded number of recordings.

    Parameters
    ----------
    most, most_bytes
        How many recordings, and how many bytes all of them together.
    most_each, most_bytes_each
        The same of one visitor.
    idle_s
        After so many seconds without being asked for one is forgotten.
    clock
        In seconds.
    analyse
        Begins the task of an analysis; takes by name what `analyse_recording` does. By default a process of its own.
    """

    def __init__(
        self,
        most: int = settings.RECORDINGS_MAX,
        most_bytes: int = settings.RECORDINGS_MAX_BYTES,
        most_each: int = settings.RECORDINGS_MAX_EACH,
        most_bytes_each: int = settings.RECORDINGS_MAX_BYTES_EACH,
        idle_s: float = settings.RECORDINGS_IDLE_S,
        clock: Callable[[], float] = time.monotonic,
        analyse: Callable[..., MemoryTask] | None = None,
    ) -> None:
        self.idle_s = idle_s
        self._most, self._most_bytes, self._clock = most, most_bytes, clock
        self._most_each, self._most_bytes_each = most_each, most_bytes_each
        self._analyse = analyse or partial(MemoryTask, analyse_recording)
        self._held: dict[str, StoredRecording] = {}
        self._lock = threading.RLock()

    def keep(
        self,
        name: str,
        data: bytes,
        enhance: str = "none",
        own_rest: bool = True,
        rests: dict[int, float] | None = None,
        visitor: str = "",
    ) -> StoredRecording:
        """Hold a visitor's recording and have it analysed, behind a method of low-light enhancement.

        Raises
        ------
        VideoError
            Where it is empty or too large, or where there is no room for another one.
        """
        if not data:
            raise VideoError("The file is empty.", "Choose a recording that plays on this machine.")
        if len(data) > settings.RECORDING_MAX_BYTES:
            raise VideoError(
                f"The recording has {len(data) / 2**20:,.0f} MB, more than the "
                f"{settings.RECORDING_MAX_BYTES / 2**20:,.0f} MB that are held here.",
                "Cut it, or analyse it from the disk with: python -m engine spot FILE",
            )
        return self._begin(name, enhance, own_rest, rests, visitor, data=data)

    def keep_example(
        self,
        example: str,
        name: str,
        enhance: str = "none",
        own_rest: bool = True,
        rests: dict[int, float] | None = None,
        visitor: str = "",
    ) -> StoredRecording:
        """Have a synthetic example drawn, hold it and have it analysed; raises as `keep` does."""
        return self._begin(name, enhance, own_rest, rests, visitor, example=example)

    def find(self, token: str) -> StoredRecording | None:
        """Return a recording; None where it is not held, or no longer, or is somebody else's."""
        with self._lock:
            self.sweep()
            kept = self.peek(token)
            if kept is not None:
                kept.asked = self._clock()
            return kept

    def peek(self, token: str) -> StoredRecording | None:
        """Return a recording as `find` does; this does not count as asking for it."""
        kept = self._held.get(token)
        return kept if kept is not None and kept.owner == settings.owner() else None

    def discard(self, token: str) -> None:
        """Forget a recording and all that was found in it; its analysis ends. Nothing is done to somebody else's."""
        if self.peek(token) is not None:
            self._drop(token)

    def tokens(self) -> list[str]:
        """Return the tokens of whoever asks, the one longest not asked for first."""
        with self._lock:
            return sorted(filter(self.peek, self._held), key=lambda token: self._held[token].asked)

    def sweep(self) -> None:
        """Forget what nobody has asked for in a while, and let go of the bytes of what could not be analysed."""
        with self._lock:
            now = self._clock()
            for token, kept in list(self._held.items()):
                if kept.status.alive:
                    kept.asked = now
                elif now - kept.asked > self.idle_s:
                    self._drop(token)
                elif kept.failed:
                    kept.given = None

    def _drop(self, token: str) -> None:
        with self._lock:
            kept = self._held.pop(token, None)
        if kept is not None:
            kept.task.cancel()
            if kept.copy is not None:
                kept.copy.cancel()

    def _begin(
        self,
        name: str,
        enhance: str,
        own_rest: bool,
        rests: dict[int, float] | None,
        visitor: str,
        data: bytes | None = None,
        example: str | None = None,
    ) -> StoredRecording:
        with self._lock:
            self.sweep()
            size = len(data or b"")
            self._make_room(size, self._most_each, self._most_bytes_each, visitor)
            self._make_room(size, self._most, self._most_bytes)
            token = secrets.token_urlsafe(24)
            how: dict[str, Any] = {"enhance": enhance, "own_rest": own_rest, "rests": rests or {}}
            task = self._analyse(name=name, data=data, example=example, **how)
            how |= {"given": data, "task": task, "visitor": visitor, "owner": settings.owner()}
            kept = StoredRecording(token, name, example, asked=self._clock(), **how)
            self._held[token] = kept
        return kept

    def _make_room(self, size: int, most: int, most_bytes: int, visitor: str | None = None) -> None:
        """Drop what failed, then what was longest not asked for; of one visitor, or of all for None."""

        def ours() -> list[StoredRecording]:
            return [kept for kept in self._held.values() if visitor in (None, kept.visitor)]

        def fits() -> bool:
            return len(ours()) < most and sum(kept.size for kept in ours()) + size <= most_bytes

        for kept in sorted(ours(), key=lambda kept: (not kept.failed, kept.asked)):
            if fits():
                return
            if kept.failed or not (kept.status.alive or self._clock() - kept.asked < _SETTLED_S):
                self._drop(kept.token)
        if not fits():
            held, whose = sum(kept.size for kept in ours()) / 2**20, "" if visitor is None else " of yours"
            raise VideoError(
                f"There is no room for another recording: {len(ours())}{whose} are held, {held:,.0f} MB.",
                "Forget one that is done with, or wait a few minutes.",
            )


RECORDINGS = RecordingStore()
"""All that this process holds."""
when_idle(RECORDINGS.sweep)
