"""Reading ahead in a thread."""

import threading
import time

import pytest

from engine.videos import read_ahead


def test_all_items_come_in_order():
    assert list(read_ahead(range(1000), 3)) == list(range(1000))


def test_only_so_many_are_held():
    made = []

    def items():
        for number in range(100):
            made.append(number)
            yield number

    taken = read_ahead(items(), 4)
    assert next(taken) == 0
    time.sleep(0.3)
    assert len(made) <= 6  # one taken, four waiting, one in hand
    taken.close()


def test_an_error_is_raised_in_its_place():
    def items():
        yield 1
        raise ZeroDivisionError("by nothing")

    taken = read_ahead(items())
    assert next(taken) == 1
    with pytest.raises(ZeroDivisionError, match="by nothing"):
        next(taken)


def test_whoever_stops_early_stops_the_thread():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    taken = read_ahead(items())
    next(taken)
    taken.close()
    assert closed.is_set()
    assert not any(thread.name == "reading ahead" for thread in threading.enumerate())
