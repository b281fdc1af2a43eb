import multiprocessing
import time

import pytest

from engine import locks


def hold(path, ready):
    with locks.held(path):
        ready.set()
        time.sleep(60)


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
    assert not locks.is_held(path) and not path.exists()
    with locks.held(path):
        assert locks.is_held(path)
    assert not locks.is_held(path)


def test_a_killed_process_lets_go(holder):
    path, process = holder
    assert locks.is_held(path)
    with pytest.raises(TimeoutError), locks.held(path, patience=0.1):
        pass
    process.kill()
    process.join()
    assert not locks.is_held(path)
    with locks.held(path, patience=0):
        pass


def test_it_waits_for_its_turn(tmp_path):
    path = tmp_path / "lock"
    with pytest.raises(TimeoutError), locks.held(path), locks.held(path, patience=0.05):
        pass


def test_asking_does_not_take_the_lock_away_from_others_who_ask(tmp_path):
    path = tmp_path / "lock"
    path.touch()
    with path.open("a+b") as file:
        assert locks._try(file.fileno(), exclusive=False)
        assert not locks.is_held(path)
