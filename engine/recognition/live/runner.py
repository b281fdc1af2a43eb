"""A thread that works on a camera's frames: always on the newest one, so that nothing queues up."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine import settings as limits
from engine.errors import LiveError, UserError
from engine.faces.landmarks import POINTS, follow_landmarks
from engine.faces.network import one_thread
from engine.faces.track import Tracker
from engine.features.aligned_face import ALIGNED_FACE_PX, AlignedFace
from engine.memory import give_back_freed
from engine.recognition import clip_model
from engine.recognition.event_classification import model_crop
from engine.recognition.face_answers import Lesson
from engine.recognition.live.classifier import LiveClassifier, LiveSettings
from engine.recognition.live.pipeline import LivePipeline
from engine.recognition.live.state import LiveState
from engine.recognition.live.stream import SILENT, UNREACHED
from engine.recognition.spotting import Spotter
from engine.tasks.slots import Slots
from engine.words import counted

_log = logging.getLogger(__name__)

TIDY_S = 20.0
"""Freed memory is given back so often."""


class CameraSlots(Slots):
    """A slot for each camera that is watched.

    Parameters
    ----------
    most
        Returns how many may be; asked at each admission.
    """

    def __init__(self, most: Callable[[], int] = limits.live_streams) -> None:
        super().__init__(most)

    def ask(self) -> None:
        """Ask whether there is room for one more.

        Raises
        ------
        LiveError
            Where there is none.
        """
        self.admit()()

    def admit(self) -> Callable[[], None]:
        """Let one in, and return what lets it out; to call that twice changes nothing.

        Raises
        ------
        LiveError
            Where there is no room.
        """
        if (leave := self.take()) is None:
            cameras = counted(self.most, "camera is", "cameras are")
            raise LiveError(
                f"The server is busy: {cameras} being watched, and it has no room for more.",
                "The camera is offered here once another one is stopped. The page Video takes a recording meanwhile.",
            )
        return leave


CAMERAS = CameraSlots()
"""Of this process."""


class LiveRunner:
    """Works on one camera's frames in a thread of its own, from its start until `stop`.

    Parameters
    ----------
    settings
        What was chosen; the defaults for None.
    cameras
        Where it needs a place, which it gives back when it ends.
    idle_s
        It ends by itself where no frame has been offered, and nobody has asked for its state, for so long: a browser
        that is gone says nothing.
    silent_s
        The camera is called silent where it has brought no frame for so long: unplugged, or taken by another program.
    prepare
        What the thread does before the first frame.
    unreached_s
        Where no first frame has been offered for so long, the state says what may be wrong.

    Raises
    ------
    LiveError
        Where the server is busy.
    ModelError, DataError, UserError
        For a choice that cannot be.
    """

    def __init__(
        self,
        settings: LiveSettings | None = None,
        cameras: CameraSlots = CAMERAS,
        idle_s: float = limits.LIVE_IDLE_S,
        silent_s: float = limits.LIVE_SILENT_S,
        prepare: Callable[[LivePipeline], None] = lambda pipeline: warm_up(pipeline.classifier),
        unreached_s: float = limits.LIVE_UNREACHED_S,
    ) -> None:
        self._leave = cameras.admit()
        try:
            self._pipeline: LivePipeline | None = LivePipeline(settings)
        except BaseException:
            self._leave()
            raise
        self._idle_s, self._silent_s, self._prepare = idle_s, silent_s, prepare
        self._news = threading.Condition()
        self._waiting: tuple[np.ndarray, float, float] | None = None
        self._offered = self._wanted = time.monotonic()  # when a frame was last offered; or the state asked for
        self._unreached_s = unreached_s
        self._reached = self._paused = self._ended = False
        self._dropped, self._failed, self._lag_s = 0, 0, 0.0
        self._error: str | None = None
        self._lessons: dict[int, tuple[Lesson, ...]] = {}
        self._thread = threading.Thread(target=self._work, name="live", daemon=True)
        self._thread.start()

    @property
    def pipeline(self) -> LivePipeline:
        """What knows people and events; to teach, to replay ...

        Raises
        ------
        LiveError
            Where it has ended.
        """
        pipeline = self._pipeline
        if pipeline is None:
            raise LiveError("The camera has been stopped here.", "Start it again.")
        return pipeline

    @property
    def ended(self) -> bool:
        """Whether it has ended, by `stop` or by itself."""
        return self._ended

    @property
    def lessons(self) -> dict[int, tuple[Lesson, ...]]:
        """What people have taught, by number; also after the end, as the only thing that is left then."""
        pipeline = self._pipeline
        return self._lessons if pipeline is None else pipeline.all_lessons()

    def offer(self, picture: np.ndarray, time_s: float) -> bool:
        """Hand over a frame and return at once.

        A frame that still waits is dropped for the newer one, and counted. The picture must not be changed afterwards.

        Parameters
        ----------
        picture, time_s
            As `LivePipeline.see` takes them.

        Returns
        -------
        bool
            Whether it was taken: not while paused, nor after the end.
        """
        with self._news:
            self._offered = self._wanted = time.monotonic()
            self._reached = True
            if self._paused or self._ended:
                return False
            self._dropped += self._waiting is not None
            self._waiting = (picture, time_s, self._offered)
            self._news.notify_all()
            return True

    def state(self) -> LiveState:
        """Return what is known after the latest frame; returns at once."""
        self._wanted = time.monotonic()
        pipeline, phase = self._pipeline, self._phase()
        known = LiveState() if pipeline is None else pipeline.state
        warnings = known.warnings
        if phase == "silent":
            warnings = (SILENT,)
        elif phase == "starting" and not self._reached and time.monotonic() - self._offered > self._unreached_s:
            warnings = (UNREACHED,)
        return replace(
            known,
            phase=phase,
            faces=() if phase == "silent" else known.faces,
            warnings=warnings,
            lag_s=self._lag_s,
            dropped=self._dropped,
            failed=self._failed,
            error=self._error,
        )

    def pause(self) -> None:
        """Take no frames until `resume`; what was spotted so far becomes known."""
        with self._news:
            self._paused, self._waiting = True, None
            pipeline = self._pipeline
        if pipeline is not None:
            pipeline.rest()

    def resume(self) -> None:
        """Take frames again."""
        with self._news:
            self._paused = False

    def end(self) -> None:
        """Have the thread end soon; returns at once."""
        with self._news:
            self._ended, self._waiting = True, None
            self._news.notify_all()

    def stop(self) -> None:
        """End the thread, wait for it, and let go of everything that was held in memory."""
        self.end()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _phase(self) -> str:
        if self._ended:
            return "ended"
        if self._paused:
            return "paused"
        if self._pipeline is None or not self._pipeline.state.frames:
            return "starting"
        return "silent" if time.monotonic() - self._offered > self._silent_s else "running"

    def _work(self) -> None:
        try:
            self._get_ready()
            tidied = time.monotonic()
            while not self._ended:
                if (frame := self._next()) is None:
                    self._rest()
                else:
                    self._see(*frame)
                del frame  # or it would be held until the next one comes
                if time.monotonic() - tidied >= TIDY_S:
                    give_back_freed()
                    tidied = time.monotonic()
        finally:
            if self._pipeline is not None:
                self._lessons = self._pipeline.all_lessons()
            self._ended, self._waiting, self._pipeline = True, None, None
            give_back_freed()
            self._leave()

    def _get_ready(self) -> None:
        try:
            self._prepare(self.pipeline)
        except Exception as error:
            self._met(error)

    def _next(self) -> tuple[np.ndarray, float, float] | None:
        """Wait for a frame; None where none has come for a while."""
        with self._news:
            self._news.wait_for(lambda: self._waiting is not None or self._ended, min(self._silent_s, self._idle_s))
            frame, self._waiting = self._waiting, None
            return frame

    def _rest(self) -> None:
        """Have what was not final become known, as no frame comes; end where nobody has asked either."""
        try:
            if self.pipeline.state.faces:
                self.pipeline.rest()
        except Exception as error:
            self._met(error)
        if not self._ended and time.monotonic() - self._wanted >= self._idle_s:
            self._error = f"No frame has come for {self._idle_s:.0f} s: the camera was stopped. Start it again."
            self._ended = True

    def _see(self, picture: np.ndarray, time_s: float, offered: float) -> None:
        if self._paused:
            return
        try:
            self.pipeline.see(picture, time_s)
            self._error = None
        except Exception as error:  # whatever one frame meets, the stream goes on
            self._met(error)
            self._failed += 1  # last: whoever sees it counted finds it said
        self._lag_s = time.monotonic() - offered

    def _met(self, error: Exception) -> None:
        said = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
        sentence = said if isinstance(error, UserError) else f"A frame could not be read ({said}). The stream goes on."
        if sentence != self._error:
            _log.warning("live: %s", sentence, exc_info=error)
        self._error = sentence


def warm_up(classifier: LiveClassifier) -> None:
    """Let everything that a frame needs work once, on noise: networks are loaded and compiled code is read then."""
    random = np.random.default_rng(0)
    blank = np.zeros((480, 640, 3), np.uint8)
    points = random.uniform(20, 100, (POINTS, 3)).astype(np.float32)
    Tracker().update(blank, 0.0)
    with one_thread():
        follow_landmarks(blank, points)
    gray = random.integers(0, 256, (ALIGNED_FACE_PX, ALIGNED_FACE_PX), np.uint8)
    spotter = Spotter(remember=False)
    for time_s in np.arange(8) / 4:
        spotter.push(AlignedFace(time_s, gray, points[:, :2], 0.3, np.zeros(3, np.float32), points[:, 2]))
    sample = AlignedFace(0.0, gray, points[:, :2], 0.3, np.zeros(3, np.float32), points[:, 2])
    clip_model.load().probabilities(clip_model.flow_between(sample, sample)[np.newaxis])
    _, embeddings = classifier.answers(model_crop(sample, classifier.crop_size)[np.newaxis])
    if classifier.readout is not None and embeddings is not None:
        classifier.readout.probabilities(embeddings)
