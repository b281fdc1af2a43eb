"""The corrections of a recording in memory."""

from dataclasses import dataclass

from engine.errors import UserError
from engine.recognition.analysis import Analysis
from engine.recognition.video.recordings import StoredRecording
from engine.records.corrections import NONE, Correction, Corrections, corrected
from pages.views.video.whose import analysis_as_chosen


@dataclass(frozen=True)
class HeldReview:
    """A recording in memory as `pages.views.common.correcting.Reviewable`."""

    stored: StoredRecording
    page: str = "video"

    @property
    def token(self) -> str:
        """Tells the recording from others."""
        return self.stored.token

    @property
    def analysis(self) -> Analysis:
        """What was found, a face that is somebody's as that person's adaptation answers."""
        return analysis_as_chosen(self.stored)

    @property
    def corrections(self) -> Corrections:
        """What was changed."""
        return self.stored.corrections or NONE

    def change(self, *changes: Correction) -> None:
        """Make changes, all of them or none.

        Raises
        ------
        CorrectionError
            Where one does not fit.
        """
        log = self.corrections
        for each in changes:
            log = log.then(each, self.analysis)
        self.become(log)

    def undo(self) -> None:
        """Take the last change back."""
        self.become(self.corrections.undone())

    def become(self, log: Corrections) -> None:
        """Put other changes in the place of those so far, also in the session that keeps the recording."""
        before, place = self.corrections, self.stored.kept_in
        self.stored.corrections = log
        if place is None or place.refused is not None:
            return
        # Not above: databases are not needed before somebody keeps something.
        from engine.records.following import follow

        try:
            follow(place.owner, place.recording, before, log)
        except UserError as error:
            place.refused = error

    def corrected(self) -> Analysis:
        """Return what was found, with all changes."""
        return corrected(self.analysis, self.corrections)
