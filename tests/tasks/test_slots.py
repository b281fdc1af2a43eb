import threading
import time

import pytest

from engine.tasks import Cancelled
from engine.tasks.slots import Slots, Turns


def test_only_so_many_work_at_a_time_and_share_the_cores():
    slots, inside, leave = Slots(lambda: 2), [], threading.Event()

    def work():
        with slots.held(lambda: None) as threads:
            inside.append(threads)
            leave.wait(10)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
        time.sleep(0.05)
    assert inside == [2, 1] and slots.taken == 2
    leave.set()
    for worker in workers:
        worker.join(10)
    assert len(inside) == 3 and slots.taken == 0


def test_a_wait_can_be_given_up():
    slots = Slots(lambda: 1)

    def give_up():
        raise Cancelled

    with slots.held(lambda: None), pytest.raises(Cancelled), slots.held(give_up):
        pass
    assert slots.taken == 0


def test_giving_back_twice_changes_nothing():
    slots = Slots(lambda: 2)
    first, second = slots.take(), slots.take()
    assert slots.take() is None
    first()
    first()
    assert slots.taken == 1 and slots.take() is not None
    second()


def test_turns_go_to_the_more_urgent_first_then_to_who_has_waited_longer():
    turns, order, leave = Turns(lambda: 1), [], threading.Event()

    def work(name, rank):
        with turns.taken(rank) as alone:
            order.append((name, alone))
            leave.wait(10)

    asked = [("first", 1), ("explains", 1), ("answers", 0), ("answers later", 0)]
    workers = [threading.Thread(target=work, args=each) for each in asked]
    for worker in workers:
        worker.start()
        time.sleep(0.05)
    assert order == [("first", True)]
    leave.set()
    for worker in workers:
        worker.join(10)
    assert order == [("first", True), ("answers", False), ("answers later", False), ("explains", True)]


def test_a_turn_that_fails_is_given_back():
    turns = Turns(lambda: 1)
    with pytest.raises(ValueError, match="odd"), turns.taken():
        raise ValueError("odd")
    with turns.taken() as alone:
        assert alone
