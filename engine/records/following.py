"""A recording that is held in memory and kept in a session: what is changed in the one is changed in the other."""

from engine.errors import ChangedError
from engine.records import kept
from engine.records.corrections import Corrections


def follow(owner: str, recording_id: str, before: Corrections, after: Corrections) -> None:
    """Make the change in a session's record that was made in memory; of the faces that are kept there only.

    Parameters
    ----------
    owner, recording_id
        Of which record.
    before, after
        What was changed in memory without and with the latest change, or before and after it was taken back.

    Raises
    ------
    ChangedError
        Where the record does not stand as memory did before; nothing is changed then.
    CorrectionError, RecordsError, ConsentError
        As `engine.records.kept.correct`.
    """
    view = kept.review(owner, recording_id)
    old, new = (tuple(each for each in log.log if kept.is_of(each, view.analysis)) for log in (before, after))
    if old == new:
        return
    if view.corrections.log == old and new == old[:-1]:
        kept.undo(owner, recording_id, view.last)
    elif view.corrections.log == old and new[: len(old)] == old:
        kept.correct(owner, recording_id, *new[len(old) :], seen=view.versions)
    else:
        raise ChangedError(
            "What is kept in the session was changed there as well.",
            "Go on in the session: what you change here is not written there any more.",
        )
