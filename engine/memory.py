"""Memory that nobody needs now: what parts of the program keep for the next time, and what the C library keeps."""

import ctypes
from collections.abc import Callable

_HEAPS = -8  # M_ARENA_MAX of glibc's malloc.h
_KEEPERS: list[Callable[[], object]] = []


def when_idle(let_go: Callable[[], object]) -> None:
    """Have a function called every now and then that lets go of what it has kept and nobody has used for a while."""
    _KEEPERS.append(let_go)


def let_go_of_idle() -> None:
    """Let go of what nobody has used for a while, and hand freed memory back to the system."""
    for let_go in _KEEPERS:
        let_go()
    give_back_freed()


def share_heaps(most: int = 2) -> bool:
    """Have all threads of this process share a few heaps of the C library, before the first threads begin.

    Each page is drawn by a thread of its own. With glibc's eight heaps a core, what one thread frees is of no use to
    the others, and what is still held lies scattered over all of them.

    Returns
    -------
    bool
        Whether the C library took it; never on other systems than Linux with glibc.

    References
    ----------
    mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_HEAPS, most))
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return False


def give_back_freed() -> bool:
    """Hand memory that this process has freed back to the system, from all of the C library's heaps.

    glibc keeps it for later: in up to eight heaps a core, where small pictures that are held lie between the places of
    large ones that came and went. A server that watches a camera would grow by 100 MB in minutes, none of it in use.
    Takes about a millisecond, during which other threads may wait for memory.

    Returns
    -------
    bool
        Whether any was given back; never on other systems than Linux with glibc.

    References
    ----------
    malloc_trim(3), https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return False
    return bool(trim(0))
