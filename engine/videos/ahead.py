"""Reading in a thread of its own, a few frames ahead of whoever works on them."""

import queue
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
AHEAD = 4  # frames; each of up to 5 MB
_LOOK_S = 0.1  # how often the thread asks whether anybody still waits


def read_ahead(items: Iterable[T], count: int = AHEAD) -> Generator[T, None, None]:
    """Yield the same items, produced in a thread; decoding and NumPy let other threads work meanwhile.

    Parameters
    ----------
    items
        What is iterated over in the thread, and closed there. An error of its is raised here, in its place.
    count
        At most so many are held.
    """
    ready: queue.Queue[tuple[str, Any]] = queue.Queue(count)
    unwanted = threading.Event()
    thread = threading.Thread(target=_produce, args=(items, ready, unwanted), name="reading ahead", daemon=True)
    thread.start()
    try:
        while True:
            kind, what = ready.get()
            if kind == "error":
                raise what
            if kind == "end":
                return
            yield what
    finally:
        unwanted.set()
        thread.join()  # whoever closes the file next must not do so under the thread's hands


def _produce(items: Iterable[T], ready: queue.Queue[tuple[str, Any]], unwanted: threading.Event) -> None:
    def hand_over(kind: str, what: Any = None) -> bool:
        while not unwanted.is_set():
            with suppress(queue.Full):
                ready.put((kind, what), timeout=_LOOK_S)
                return True
        return False

    iterator = iter(items)
    try:
        for item in iterator:
            if not hand_over("item", item):
                return
        hand_over("end")
    except BaseException as error:  # it belongs to whoever waits
        hand_over("error", error)
    finally:
        if hasattr(iterator, "close"):
            iterator.close()
