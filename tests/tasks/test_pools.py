"""Jobs in this process and in two others: order, bounds, deaths, the end."""

import itertools
import os
import time
from concurrent.futures import Executor

import jobs_to_do as work
import pytest

from engine.errors import DataError, UserError
from engine.tasks import Cancelled, Progress
from engine.tasks.pools import in_order, pool


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_items_order_and_progress_counts(jobs):
    told = []
    assert list(in_order(work.late_first, range(5), jobs, progress=lambda *counts: told.append(counts))) == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert told == [(number, 5) for number in range(1, 6)]


def test_one_job_is_done_here_two_elsewhere():
    assert set(list(in_order(work.process, range(3)))) == {os.getpid()}
    elsewhere = set(list(in_order(work.process, range(8), 2)))
    assert len(elsewhere) == 2 and os.getpid() not in elsewhere


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_job_is_raised_as_it_is(jobs):
    with pytest.raises(DataError, match=r"Row 7 is torn\. Mend it\.") as caught:
        list(in_order(work.refuse, range(4), jobs))
    assert caught.value.remedy == "Mend it."


def test_a_killed_process_costs_its_item_a_second_try_and_nothing_else(tmp_path):
    items = [(number, str(tmp_path / "mark") if number == 3 else None) for number in range(8)]
    assert list(in_order(work.die_once, items, 2)) == list(range(8))


def test_only_the_killed_item_is_done_again(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()
    with pytest.raises(UserError, match=r"^Job 4 was given up: the process .* ended each time, 2 times\."):
        list(in_order(work.die_on_three, range(6), 2))
    assert list(in_order(work.take_note, [(number, str(notes)) for number in range(6)], 2)) == list(range(6))
    assert len(list(notes.iterdir())) == 6


def test_an_item_that_kills_each_time_can_be_answered_for():
    result = list(in_order(work.die_on_three, range(6), 2, retries=0, lost=lambda item, error: (item, error.what[:5])))
    assert result == [0, 1, 2, (3, "Job 4"), 4, 5]


@pytest.mark.parametrize("jobs", [1, 2])
def test_few_items_are_taken_ahead(jobs):
    taken = []

    def items():
        for number in itertools.count():
            taken.append(number)
            yield number

    answers = in_order(work.square, items(), jobs)
    assert [next(answers) for _ in range(20)] == [number * number for number in range(20)]
    assert len(taken) <= 20 + 4 * jobs + jobs
    answers.close()


def test_cancelling_ends_a_job_in_its_middle():
    begun = time.monotonic()
    progress = Progress(cancelled=lambda: time.monotonic() - begun > 2)
    with pytest.raises(Cancelled):
        list(in_order(work.sleep, [60, 60, 60], 2, check=progress.check))
    assert time.monotonic() - begun < 30


def test_processes_share_the_cores():
    cores = os.cpu_count()
    assert set(list(in_order(work.threads, range(4), 2))) == {(max(1, cores // 2), max(1, cores // 2))}
    assert "NEUROMER_THREADS" not in os.environ


def test_a_pool_is_an_executor():
    with pool(2) as workers:
        assert isinstance(workers, Executor)
        assert list(workers.map(work.square, [1, 2, 3])) == [1, 4, 9]


@pytest.mark.parametrize("jobs", [0, -1, 257, 100_000])
def test_no_jobs_at_a_time_and_far_too_many_are_refused(jobs):
    with pytest.raises(UserError, match=f"{jobs} jobs at a time cannot be"):
        list(in_order(work.square, [1], jobs))
