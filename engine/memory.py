"""How the C library keeps memory that was freed."""

import ctypes
from functools import cache

_LARGE_BYTES = 512 * 2**10
_ARENAS = 2
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # of glibc's malloc.h


@cache
def give_back_large_blocks() -> bool:
    """Have this process hand memory of large arrays back to the system as soon as they are freed.

    glibc otherwise learns from the first frame of a video that such blocks come and go, and keeps them, in up to eight
    heaps a core, where small pictures that are held keep the gaps between them from being given back. A server that
    watches a camera then grows by 100 MB and more in minutes, without any of that being in use. The price is a page
    fault for each 4 kB of a large array.

    Returns
    -------
    bool
        Whether that could be asked for: on Linux with glibc; elsewhere nothing is changed.

    References
    ----------
    mallopt(3), https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return False
    asked = ((_M_ARENA_MAX, _ARENAS), (_M_MMAP_THRESHOLD, _LARGE_BYTES))
    return all([mallopt(what, value) for what, value in asked])
