"""Two pieces of work at the same time, where there is a second core to do one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self, TypeVar

from threadpoolctl import threadpool_limits

from engine import settings

T = TypeVar("T")


class Pair:
    """A second thread beside the caller's, in a ``with`` statement, which holds each matrix product to one thread.

    The work has to let go of Python's lock, as compiled functions with ``nogil`` do.
    """

    def run(self, here: Callable[[], T], there: Callable[[], T]) -> tuple[T, T]:
        """Return what both give. What the other thread has not begun when this one is ready, is done by this one."""
        if self._pool is None:
            return here(), there()
        waiting = self._pool.submit(there)
        return here(), there() if waiting.cancel() else waiting.result()

    def __enter__(self) -> Self:
        self._limits = threadpool_limits(1, user_api="blas")
        self._pool = ThreadPoolExecutor(1) if settings.threads(2) == 2 else None
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
        self._limits.restore_original_limits()
