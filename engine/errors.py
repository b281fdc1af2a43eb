"""Errors that a user may read: each says what happened and what to do about it."""


class UserError(Exception):
    """Base of every error whose text is meant for the person in front of the screen.

    Parameters
    ----------
    what
        One sentence: what happened, with the value or the name concerned.
    remedy
        One sentence: what to do about it.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}"


class ImageError(UserError):
    """A file that is not a whole picture, or not one that is allowed."""


class DataError(UserError):
    """A data set that cannot be read, or cannot be used in the way asked for."""


class ModelError(UserError):
    """A model that is unknown, unreadable, or not the one its card describes."""


class VideoError(UserError):
    """A file that is no recording, or of which no frame can be read."""


class LiveError(UserError):
    """Something that cannot be done with a camera's stream, or not now."""


class RecordsError(UserError):
    """Something that cannot be done with the records of people, or not now."""


class ConsentError(RecordsError):
    """Something for which there is no consent, or no longer."""


class ChangedError(RecordsError):
    """A record that somebody else has changed since it was shown."""
