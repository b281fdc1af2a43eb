"""What is said when long work fails: a sentence with a remedy, whatever went wrong."""

import errno

from engine.errors import DataError, ModelError, UserError

_FULL = (errno.ENOSPC, errno.EDQUOT)

DIED = UserError(
    "The process that worked on it ended without a word.",
    "Most often memory ran out: close other programs or ask for less, and try again.",
)


def explained(error: Exception, place: str) -> UserError:
    """Return an error as a user may read it.

    Parameters
    ----------
    error
        Any; a `UserError` is returned as it is.
    place
        Where the work writes, for people.
    """
    if isinstance(error, UserError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL:
        return DataError(
            f"The disk that holds {place} is full.",
            "Make room and start or resume it; a training goes on after its last finished epoch.",
        )
    if isinstance(error, OSError):
        return DataError(f"A file cannot be read or written ({error}).", "Mend that, then start or resume it.")
    if isinstance(error, MemoryError):
        return UserError(
            "The memory does not suffice.",
            "Close other programs, or ask for less: a shorter recording, fewer pictures, smaller batches.",
        )
    return ModelError(
        f"Something went wrong inside NeuroMER ({type(error).__name__}: {error}).",
        "Try it again; if it fails once more, report what its log or the server's console says.",
    )
