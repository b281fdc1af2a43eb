"""Clips of micro-expressions: whom they show, where the pictures lie, and what the coders say of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import images, settings
from engine.below import open_file, reason
from engine.datasets.clip_sets import labels
from engine.errors import DataError, ImageError


@dataclass(frozen=True)
class Clip:
    """One coded expression.

    Attributes
    ----------
    dataset
        Kind of the set, such as ``casme2``.
    subject, name
        As the set calls them, in one spelling: ``sub01``, ``EP02_01f``.
    frames
        The pictures in order, or an avi. May be a whole recording of which the clip is a part.
    numbers
        The pictures' frame numbers, ascending; empty for an avi, whose frames count from 1.
    onset, apex, offset
        Frame numbers, None where not coded.
    fps
        Frames a second, as the set's paper says.
    action_units
        As coded, such as ``("4", "L10")``.
    estimated_emotion
        The sheet's word for the expression shown.
    kind
        ``"micro"`` or ``"macro"``.
    row
        Of the coding sheet, from 1; None where there is no sheet.
    """

    dataset: str
    subject: str
    name: str
    frames: tuple[Path, ...] | Path
    numbers: tuple[int, ...]
    onset: int | None
    apex: int | None
    offset: int | None
    fps: float
    action_units: tuple[str, ...] = ()
    estimated_emotion: str = ""
    kind: str = "micro"
    row: int | None = None

    def label(self, classes: int = 3) -> str | None:
        """Return the clip's class, None where it is left out; see `engine.datasets.clip_sets.labels`.

        Raises
        ------
        DataError
            For another number of classes, or five in a set that is not coded in five.
        """
        _check_classes(self.dataset, classes)
        if classes == 3:
            return labels.three(self.estimated_emotion)
        return labels.five(self.dataset, self.estimated_emotion)

    def pictures(self, start: int | None = None, stop: int | None = None) -> Iterator[tuple[int, np.ndarray]]:
        """Read pictures one by one.

        Parameters
        ----------
        start, stop
            First and last frame number, both included; without them from onset to offset, or to the end.

        Yields
        ------
        tuple
            The frame's number and its (height, width, 3) uint8 RGB picture.

        Raises
        ------
        ImageError, VideoError
            Where a picture or the avi cannot be read.
        """
        start = self.onset if start is None else start
        stop = self.offset if stop is None else stop
        if isinstance(self.frames, Path):
            yield from self._from_avi(self.frames, start, stop)
            return
        for number, file in zip(self.numbers, self.frames, strict=True):
            if (start is None or number >= start) and (stop is None or number <= stop):
                yield number, _decode(file)

    def picture(self, number: int) -> np.ndarray:
        """Return one frame's (height, width, 3) uint8 RGB picture.

        Raises
        ------
        DataError
            Where the clip has no such frame.
        ImageError, VideoError
            Where it cannot be read.
        """
        for _, picture in self.pictures(number, number):
            return picture
        raise DataError(
            f"{self.subject}, {self.name} has no frame {number}.", "Complete the folder, or mend the sheet."
        )

    @staticmethod
    def _from_avi(file: Path, start: int | None, stop: int | None) -> Iterator[tuple[int, np.ndarray]]:
        # PyAV is needed only where clips are recordings.
        from engine.videos import open_video

        with open_video(file, file.name) as video:
            for number, frame in enumerate(video.frames(), 1):
                if stop is not None and number > stop:
                    return
                if start is None or number >= start:
                    yield number, frame.picture


@dataclass(frozen=True)
class ClipSet:
    """All clips of a set.

    Attributes
    ----------
    kind
        ``casme``, ``casme2``, ``casme-squared``, ``samm`` or ``smic``.
    name
        For people, with the camera where a set has several.
    fps
        Frames a second.
    clips
        In the sheet's order.
    problems
        One sentence each, with the row: what the sheet says and the pictures do not bear out, and what was done.
    """

    kind: str
    name: str
    fps: float
    clips: tuple[Clip, ...]
    problems: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody who is seen in a clip."""
        return tuple(sorted({clip.subject for clip in self.clips}))

    def classes(self, classes: int = 3) -> tuple[str, ...]:
        """Return the names of three or five classes; raises `DataError` where the set is not coded so."""
        _check_classes(self.kind, classes)
        return labels.THREE if classes == 3 else labels.FIVE[self.kind]

    def counts(self, classes: int = 3) -> dict[str, dict[str, int]]:
        """Return how many clips each subject has of each class, and under ``""`` of none.

        Raises
        ------
        DataError
            Where the set is not coded in so many classes.
        """
        names = (*self.classes(classes), "")
        found = Counter((clip.subject, clip.label(classes) or "") for clip in self.clips)
        return {subject: {name: found[subject, name] for name in names} for subject in self.subjects}


def _check_classes(kind: str, classes: int) -> None:
    if classes not in (3, 5):
        raise DataError(f"Clips are told apart in 3 or 5 classes, not in {classes}.", "Choose 3 or 5.")
    if classes == 5 and kind not in labels.FIVE:
        raise DataError(f"A set of the kind {kind} is not coded in five classes.", "Choose 3.")


def _decode(file: Path) -> np.ndarray:
    try:
        with open_file(file) as opened:
            return images.decode(opened.read(settings.IMAGE_MAX_BYTES + 1))
    except OSError as error:
        raise ImageError(f"{file} cannot be read ({reason(error)}).", "Check the file and its permissions.") from error
    except ImageError as error:
        raise ImageError(f"{file}: {error.what}", error.remedy) from error
