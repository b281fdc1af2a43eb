import multiprocessing
import threading
import time

import pytest
from filelock import FileLock, Timeout

from engine.tasks.lock import is_held


def hold(path, ready):
    with FileLock(path):
        ready.set()
        time.sleep(60)


def ask(path, times, answers):
    answers.put({is_held(path) for _ in range(times)})


@pytest.fixture
def holder(tmp_path):
    """Another process that holds a lock."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=hold, args=(tmp_path / "lock", ready))
    process.start()
    assert ready.wait(60)
    yield tmp_path / "lock", process
    process.kill()
    process.join()


def test_a_lock_is_held_inside_and_free_afterwards(tmp_path):
    path = tmp_path / "lock"
    assert not is_held(path) and not path.exists()
    with FileLock(path):
        assert is_held(path)
    assert not is_held(path)


def test_a_killed_process_lets_go(holder):
    path, process = holder
    assert is_held(path)
    with pytest.raises(TimeoutError), FileLock(path, timeout=0.1):
        pass
    process.kill()
    process.join()
    assert not is_held(path)
    with FileLock(path, blocking=False):
        pass


def asked_by_many(path, threads=8, processes=2, times=200):
    """Let threads and processes ask at the same moments; return all their answers."""
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    askers = [threading.Thread(target=ask, args=(path, times, answers)) for _ in range(threads)]
    askers += [spawn.Process(target=ask, args=(path, times, answers)) for _ in range(processes)]
    for asker in askers:
        asker.start()
    found = set().union(*(answers.get(timeout=60) for _ in askers))
    for asker in askers:
        asker.join()
    return found


def test_those_who_only_ask_never_take_each_other_for_the_holder(tmp_path):
    (tmp_path / "lock").touch()
    assert asked_by_many(tmp_path / "lock") == {False}


def test_all_who_ask_see_the_holder(holder):
    assert asked_by_many(holder[0]) == {True}


def test_it_can_be_taken_while_many_ask(tmp_path):
    path, over = tmp_path / "lock", threading.Event()
    path.touch()
    askers = [threading.Thread(target=lambda: [is_held(path) for _ in iter(over.is_set, True)]) for _ in range(4)]
    for asker in askers:
        asker.start()
    try:
        for _ in range(20):
            with FileLock(path, timeout=5):
                assert is_held(path)
    except Timeout:
        pytest.fail("the lock was never free")
    finally:
        over.set()
        for asker in askers:
            asker.join()
