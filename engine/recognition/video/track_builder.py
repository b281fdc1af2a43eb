"""All that is kept of one person while a recording is analysed: numbers, and half a minute of faces to spot in."""

from array import array
from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np

from engine.faces.covering import covered_over_time, covering
from engine.faces.quality import cut_share, measure_crop
from engine.faces.track import TrackedFace
from engine.features.aligned_face import align_face
from engine.models.enhanced import EnhancedModel
from engine.models.shipped import ShippedModel
from engine.recognition.analysis import Event, Track
from engine.recognition.event_classification import classify_event, model_crop
from engine.recognition.face_answers import answers_at
from engine.recognition.spotting import EventWithFaces, Spotter
from engine.recognition.unit_track import UnitReader
from engine.recognition.video.both_witnesses import shown_by, with_long_expressions
from engine.videos import Frame

ASK_S = 0.1  # between two frames that the model for photos is asked about
TOGETHER = 16  # faces that it answers at once
CHECK_S = 1.0  # between two measurements of the picture's quality


class TrackBuilder:
    """One person through a recording.

    Parameters
    ----------
    model
        Answers for single frames.
    aside
        Lets the model answer while the next frames are looked at.
    enhance
        A method of `engine.images.lowlight.METHODS` that faces go through before motion between them is named.
    own_rest
        Whether this person's own resting face is taken out of what longer expressions are named by.

    Attributes
    ----------
    quality
        One row a second: width of the face in pixels of the picture as it was read, brightness (0 to 255), contrast,
        degrees by which the face is turned aside, share beyond the picture's border.
    """

    def __init__(
        self, model: ShippedModel | EnhancedModel, aside: Executor, enhance: str | None = None, own_rest: bool = True
    ) -> None:
        self.quality: list[tuple[float, float, float, float, float]] = []
        self._model, self._aside, self._enhance, self._own_rest = model, aside, enhance, own_rest
        self._spotter = Spotter()
        self._units = UnitReader(aside)
        self._events: list[Event] = []
        self._gaps: list[tuple[float, float]] = []
        self._frame, self._time = array("q"), array("d")
        self._box, self._pose, self._eyes = array("f"), array("f"), array("f")
        self._asked = array("d")
        self._hidden = array("f")
        self._answers: list[Future[np.ndarray]] = []
        self._embeddings: list[np.ndarray] = []
        self._crops: list[np.ndarray] = []
        self._told, self._batches = 0, 0  # answers that the spotter knows of, and batches of them
        self._checked_s = -np.inf
        self._away = False

    def __len__(self) -> int:
        return len(self._frame)

    @property
    def last_s(self) -> float:
        """When the face was last seen."""
        return self._time[-1]

    def see(self, number: int, frame: Frame, face: TrackedFace) -> None:
        """Take the face in one frame, whose number among those read this is."""
        time_s = frame.time_s
        if self._away:
            self._gaps.append((self.last_s, time_s))
            self._away = False
        sample = align_face(frame.picture, face.landmarks, time_s)
        self._frame.append(number)
        self._time.append(time_s)
        across, down = (own / read for own, read in zip(frame.size, frame.picture.shape[1::-1], strict=True))
        self._box.extend(side * scale for side, scale in zip(face.box, (across, down, across, down), strict=True))
        self._pose.extend(sample.pose_deg)
        self._eyes.append(sample.eyes_open)
        self._units.see(frame.picture, face.landmarks.points, face.box[2], sample)
        # A little early rather than a frame late.
        if not self._asked or time_s - self._asked[-1] >= 0.9 * ASK_S:
            self._asked.append(time_s)
            seen = covering(frame.picture, face.landmarks.points)
            self._hidden.extend((seen.eyes, seen.mouth))
            self._crops.append(model_crop(sample, self._model.crop_size))
            if len(self._crops) >= TOGETHER:
                self._ask()
            if time_s - self._checked_s >= CHECK_S:
                self._check(time_s, frame.picture.shape, face, self._crops[-1] if self._crops else model_crop(sample))
        self._answer(self._spotter.push(sample))

    def miss(self) -> None:
        """Tell that the face is not in a frame, or that what was before is not to be compared with what comes."""
        if not self._away:
            self._away = True
            self._end()

    def track(self, person: int, named_rest_s: float | None = None) -> Track:
        """Return what is known, once there are no more frames.

        Parameters
        ----------
        person
            The number to give.
        named_rest_s
            When this person rests, as a user says; None to find that out.
        """
        self._end()
        time_s = np.array(self._time)
        answers = np.concatenate([answer.result() for answer in self._answers])
        between = np.stack([np.interp(time_s, self._asked, column) for column in answers.T], axis=1)
        covered = covered_over_time(np.array(self._hidden).reshape(-1, 2))
        track = Track(
            person=person,
            frame=np.array(self._frame, np.int64),
            time_s=time_s,
            box=np.array(self._box, np.float32).reshape(-1, 4),
            pose_deg=np.array(self._pose, np.float32).reshape(-1, 3),
            motion=self._spotter.motion(),
            eyes_open=np.array(self._eyes, np.float32),
            probabilities=between.astype(np.float32),
            labels=self._model.labels,
            gaps=tuple(self._gaps),
            covered=covered[np.rint(np.interp(time_s, self._asked, np.arange(len(covered)))).astype(np.intp)],
        )
        asked_s = np.array(self._asked)
        if self._embeddings:
            track = replace(track, asked=answers_at(self._model, asked_s, answers, np.concatenate(self._embeddings)))
        whole = with_long_expressions(
            track, self._events, asked_s, answers, self._model, self._own_rest, np.any(covered, axis=1), named_rest_s
        )
        return self._units.finish(whole)

    def _ask(self) -> None:
        """Have the model asked about the latest faces, and tell the spotter what it said of those before."""
        if self._crops:
            known = len(self._answers)
            self._answers.append(self._aside.submit(self._named, np.stack(self._crops)))
            self._crops.clear()
            self._tell(known)

    def _named(self, crops: np.ndarray) -> np.ndarray:
        if not self._model.tells_embeddings:
            return self._model.probabilities(crops)
        probabilities, embeddings = self._model.with_embeddings(crops)
        # One thread answers, one batch after the other: they stay in order.
        self._embeddings.append(embeddings.astype(np.float16))
        return probabilities

    def _tell(self, known: int) -> None:
        """Tell the spotter of the first so many batches of answers, as far as it does not know of them."""
        for answer in self._answers[self._batches : known]:
            for row in answer.result():
                self._spotter.tell(self._asked[self._told], shown_by(row, self._model))
                self._told += 1
        self._batches = max(self._batches, known)

    def _end(self) -> None:
        """Find what can still be found before a gap."""
        self._ask()
        self._tell(len(self._answers))
        self._answer(self._spotter.gap())

    def _answer(self, spotted: list[EventWithFaces]) -> None:
        self._events += [classify_event(*each, self._model, self._enhance) for each in spotted]

    def _check(self, time_s: float, shape: tuple[int, ...], face: TrackedFace, crop: np.ndarray) -> None:
        _, brightness, contrast = measure_crop(crop)
        aside = abs(self._pose[-3])
        beyond = cut_share(face.landmarks.points, *shape[:2])
        self.quality.append((face.box[2], brightness, contrast, aside, beyond))
        self._checked_s = time_s
