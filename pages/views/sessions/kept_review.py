"""A recording of a session as something that is reviewed: every change is in the database before it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from engine.recognition.analysis import Analysis
from engine.records import kept
from engine.records.corrections import Correction, Corrections, corrected
from engine.records.kept import Review


@dataclass(frozen=True)
class KeptReview:
    """A kept recording as `pages.views.common.correcting.Reviewable`.

    Attributes
    ----------
    owner
        Whose it is.
    view
        What was read for this run of the page.
    seen, last
        `Review.versions` and `Review.last` of what the reader was shown when a button was pressed: a change is held
        against them.
    """

    owner: str
    view: Review
    seen: Mapping[str, int]
    last: int | None
    page: str = "sessions"

    @classmethod
    def read(cls, owner: str, recording_id: str) -> "KeptReview":
        """Read a recording; what is shown from now on is what the next change is held against."""
        view, key = kept.review(owner, recording_id), f"sessions shown {recording_id}"
        seen, last = st.session_state.get(key, (view.versions, view.last))
        st.session_state[key] = view.versions, view.last
        return cls(owner, view, seen, last)

    @property
    def token(self) -> str:
        """Tells the recording from others."""
        return self.view.recording.id

    @property
    def analysis(self) -> Analysis:
        """What was found."""
        return self.view.analysis

    @property
    def corrections(self) -> Corrections:
        """What was changed."""
        return self.view.corrections

    def change(self, *changes: Correction) -> None:
        """Make changes, all of them or none; raises as `engine.records.kept.correct`."""
        if changes:
            kept.correct(self.owner, self.token, *changes, seen=self.seen)

    def undo(self) -> None:
        """Take the last change back; raises as `engine.records.kept.undo`."""
        kept.undo(self.owner, self.token, self.last)

    def corrected(self) -> Analysis:
        """Return what was found, with all changes."""
        return corrected(self.analysis, self.corrections)
