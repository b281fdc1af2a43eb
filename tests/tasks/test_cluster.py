"""A real Dask cluster of two processes, and what one says where there is none."""

import socket
import sys

import jobs_to_do as work
import pytest

from engine.errors import DataError, UserError
from engine.tasks.pools import in_order

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None, protocol="tcp"
    ) as cluster:
        yield cluster.scheduler_address


def test_results_are_those_of_this_process(cluster):
    told = []
    answers = list(in_order(work.square, range(9), scheduler=cluster, progress=lambda *counts: told.append(counts)))
    assert answers == list(in_order(work.square, range(9)))
    assert told[-1] == (9, 9)
    assert len(set(list(in_order(work.process, range(12), scheduler=cluster)))) == 2


def test_a_killed_worker_costs_one_item_a_second_try(cluster, tmp_path):
    items = [(number, str(tmp_path / "mark") if number == 2 else None) for number in range(6)]
    assert list(in_order(work.die_once, items, scheduler=cluster)) == list(range(6))


def test_an_error_of_the_job_is_raised_as_it_is(cluster):
    with pytest.raises(DataError, match="Row 7 is torn"):
        list(in_order(work.refuse, range(4), scheduler=cluster))


def test_an_address_where_nobody_answers_is_said(monkeypatch):
    monkeypatch.setattr("engine.tasks.cluster.CONNECT_S", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(UserError, match=f"No Dask scheduler answers at '{address}'"):
            list(in_order(work.square, [1], scheduler=address))


@pytest.mark.parametrize("address", ["", "nonsense://x", "tcp://no.such.host.invalid:1", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_said(address, monkeypatch):
    monkeypatch.setattr("engine.tasks.cluster.CONNECT_S", 0.5)
    with pytest.raises(UserError, match="No Dask scheduler answers at"):
        list(in_order(work.square, [1], scheduler=address))


def test_a_cluster_without_workers_is_said(monkeypatch):
    monkeypatch.setattr("engine.tasks.cluster.CONNECT_S", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, protocol="tcp") as empty,
        pytest.raises(UserError, match="has no workers"),
    ):
        list(in_order(work.square, [1], scheduler=empty.scheduler_address))


def test_a_missing_extra_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match="uv sync --extra cluster"):
        list(in_order(work.square, [1], scheduler="tcp://127.0.0.1:8786"))
