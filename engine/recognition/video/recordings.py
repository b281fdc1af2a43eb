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
from engine.recognition.analysis import Analysis
from engine.tasks import Progress, Status
from engine.tasks.memory import MemoryTask

if TYPE_CHECKING:
    from engine.synthetic import TrueEvent

_LOOK_S = 60.0
_SETTLED_S = 600.0  # what was asked for in the last so many seconds is not dropped to make room for something else
_SHOWN = 4


class Analysed(NamedTuple):
    """What was found in a recording; of an example also its bytes, and the events that are shown in it."""

    analysis: Analysis
    drawn: bytes | None = None
    truth: "list[TrueEvent] | None" = None


def analyse_recording(
    name: str, data: bytes | None, example: str | None, enhance: str, own_rest: bool, progress: Progress
) -> Analysed:
    """Analyse a recording, or draw an example and analyse that; what the process of its task does.

    Parameters
    ----------
    name, data, example, enhance, own_rest
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

    if example is None:
        return Analysed(analyse(data or b"", name, enhance=enhance, own_rest=own_rest, progress=progress))
    from engine.synthetic import EXAMPLES, mp4_bytes

    clip = EXAMPLES[example]()
    drawn = mp4_bytes(clip, progress)
    found = analyse(drawn, name, enhance=enhance, own_rest=own_rest, progress=progress)
    return Analysed(found, drawn, list(clip.events))


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
    given
        The recording's bytes; None of an example.
    task
        Its analysis, a task whose result is an `Analysed`.
    corrections
        What a user changed, as `engine.records.corrections` keeps it; None while there is nothing.
    """

    token: str
    name: str
    example: str | None
    enhance: str
    own_rest: bool
    given: bytes | None
    task: MemoryTask
    corrections: Any = None
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
    def analysis(self) -> Analysis | None:
        """What was found, without corrections; None until the analysis has finished."""
        return self.task.result.analysis if self.task.result else None

    @property
    def truth(self) -> "list[TrueEvent] | None":
        """The events that are shown in an example; None of a recording that somebody brought."""
        return self.task.result.truth if self.task.result else None

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
        idle_s: float = settings.RECORDINGS_IDLE_S,
        clock: Callable[[], float] = time.monotonic,
        analyse: Callable[..., MemoryTask] | None = None,
    ) -> None:
        self.idle_s = idle_s
        self._most, self._most_bytes, self._clock = most, most_bytes, clock
        self._analyse = analyse or partial(MemoryTask, analyse_recording)
        self._held: dict[str, StoredRecording] = {}
        self._lock = threading.RLock()
        self._watching = False

    def keep(self, name: str, data: bytes, enhance: str = "none", own_rest: bool = True) -> StoredRecording:
        """Hold a recording and have it analysed, its faces made brighter by a method of low-light enhancement first.

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
        return self._begin(name, enhance, own_rest, data=data)

    def keep_example(self, example: str, name: str, enhance: str = "none", own_rest: bool = True) -> StoredRecording:
        """Have a synthetic example drawn, hold it and have it analysed; raises as `keep` does."""
        return self._begin(name, enhance, own_rest, example=example)

    def find(self, token: str) -> StoredRecording | None:
        """Return a recording; None where it is not held, or no longer."""
        with self._lock:
            self._forget_idle()
            kept = self.peek(token)
            if kept is not None:
                kept.asked = self._clock()
            return kept

    def peek(self, token: str) -> StoredRecording | None:
        """Return a recording as `find` does; this does not count as asking for it."""
        return self._held.get(token)

    def discard(self, token: str) -> None:
        """Forget a recording and all that was found in it; its analysis ends."""
        with self._lock:
            kept = self._held.pop(token, None)
        if kept is not None:
            kept.task.cancel()

    def tokens(self) -> list[str]:
        """Return all tokens, the one longest not asked for first."""
        with self._lock:
            return sorted(self._held, key=lambda token: self._held[token].asked)

    def _begin(
        self, name: str, enhance: str, own_rest: bool, data: bytes | None = None, example: str | None = None
    ) -> StoredRecording:
        with self._lock:
            self._forget_idle()
            self._make_room(len(data or b""))
            token = secrets.token_urlsafe(24)
            task = self._analyse(name=name, data=data, example=example, enhance=enhance, own_rest=own_rest)
            kept = StoredRecording(token, name, example, enhance, own_rest, data, task, asked=self._clock())
            self._held[token] = kept
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="forgetting recordings", daemon=True).start()
        return kept

    def _make_room(self, size: int) -> None:
        for token in self.tokens():
            held = sum(len(kept.data or b"") for kept in self._held.values())
            if len(self._held) < self._most and held + size <= self._most_bytes:
                return
            kept = self._held[token]
            if kept.status.alive or self._clock() - kept.asked < _SETTLED_S:
                continue
            self.discard(token)
        held = sum(len(kept.data or b"") for kept in self._held.values())
        if len(self._held) >= self._most or held + size > self._most_bytes:
            raise VideoError(
                f"There is no room for another recording: {len(self._held)} are held, {held / 2**20:,.0f} MB.",
                "Forget one that is done with, or wait a few minutes.",
            )

    def _forget_idle(self) -> None:
        now = self._clock()
        for token, kept in list(self._held.items()):
            if kept.status.alive:
                kept.asked = now
            elif now - kept.asked > self.idle_s:
                self.discard(token)

    def _watch(self) -> None:
        """Forget what is idle even where nobody asks for anything."""
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                self._forget_idle()
                if not self._held:
                    self._watching = False
                    return


RECORDINGS = RecordingStore()
"""All that this process holds."""
