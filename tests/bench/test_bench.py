"""The measuring itself, on work that takes no time: arithmetic, turns, processes, and what happens when one fails."""

import dataclasses
import json
import sys
import types

import pytest

from engine import bench
from engine.bench.measurement import Comparison, Measurement
from engine.bench.peer import Alternative, Peer, PeerUnavailableError
from engine.bench.timing import alternate, stopwatch
from engine.errors import UserError


def compare(ours=2.0, theirs=10.0, **target):
    return Comparison(ours, theirs, (30, 6), "abacus 1.0").measurement("sum", "ms", **target)


def test_ratio_is_how_many_times_as_fast_ours_is():
    assert compare(2.0, 10.0).ratio == 5.0
    assert compare(10.0, 2.0).ratio == 0.2
    assert compare(2.0, None).ratio is None


@pytest.mark.parametrize(
    ("theirs", "target", "words", "met"),
    [
        (10.0, {"times_as_fast": 5}, "at least 5 times as fast", True),
        (10.0, {"times_as_fast": 5.1}, "at least 5.1 times as fast", False),
        (10.0, {"at_most": 2.0}, "at most 2 ms", True),
        (10.0, {"at_most": 1.9}, "at most 1.9 ms", False),
        (10.0, {}, "", None),
        (None, {"times_as_fast": 5}, "at least 5 times as fast", None),
        (None, {"at_most": 2.0}, "at most 2 ms", True),
    ],
)
def test_target_is_judged(theirs, target, words, met):
    measurement = compare(theirs=theirs, **target)
    assert (measurement.target, measurement.met) == (words, met)


def test_two_targets_are_refused():
    with pytest.raises(ValueError, match="Expected one target"):
        compare(at_most=1, times_as_fast=2)


def test_measurement_goes_through_json():
    measurement = compare(times_as_fast=4, note="checked")
    back = json.loads(json.dumps(dataclasses.asdict(measurement)))
    assert back["ratio"] == 5.0
    assert back["met"] is True
    assert back["repetitions"] == [30, 6]
    assert "cores" in back["machine"]


def test_table_names_machine_values_results_and_notes():
    measurements = [
        dataclasses.replace(compare(times_as_fast=4, note="all equal"), machine="Z80, 1 cores"),
        dataclasses.replace(
            compare(theirs=None, times_as_fast=4, note="alternative not available: gone"), machine="Z80"
        ),
        dataclasses.replace(compare(3.14159, 1.0, at_most=3), machine="Z80, 1 cores"),
        dataclasses.replace(Measurement.missing("photo", "no model"), machine="Z80, 1 cores"),
    ]
    lines = bench.format_table(measurements).splitlines()
    assert lines[:3] == ["Z80, 1 cores", "Z80", ""]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[3:9]]
    assert cells[0] == ["what", "ours", "alternative", "times as fast", "target", "result"]
    assert cells[2] == ["sum", "2 ms", "abacus 1.0: 10 ms", "5", "at least 4 times as fast", "met"]
    assert cells[3] == ["sum", "2 ms", "abacus 1.0: not available", "", "at least 4 times as fast", "not measured"]
    assert cells[4] == ["sum", "3.14 ms", "abacus 1.0: 1 ms", "0.318", "at most 3 ms", "missed"]
    assert cells[5] == ["photo", "", "", "", "", "not measured"]
    assert len({len(line) for line in lines[3:9]}) == 1
    assert lines[10:] == [
        "- sum: all equal; medians of 30 and 6 repetitions",
        "- sum: alternative not available: gone; medians of 30 and 6 repetitions",
        "- sum: medians of 30 and 6 repetitions",
        "- photo: not measured: no model",
    ]


def test_contestants_take_turns_and_the_first_turn_does_not_count():
    log = []

    def contestant(name, seconds):
        def times(count):
            log.append((name, count))
            return [next(seconds) for _ in range(count)]

        return times

    ours = contestant("ours", iter([100, 100, 1, 2, 3, 4]))
    theirs = contestant("theirs", iter([100, 30, 10]))
    timed = alternate(ours, theirs, "abacus 1.0", rounds=2, each=(2, 1), rest=0)
    assert timed == Comparison(2.5, 20, (4, 2), "abacus 1.0")
    told = timed.measurement("sum", "ms", 1e3, at_most=3000, note="checked")
    assert (told.ours, told.alternative_value, told.met, told.note) == (2500, 20000, True, "checked")
    assert log == [("ours", 2), ("theirs", 1)] * 3


def test_ours_is_timed_without_an_alternative():
    timed = alternate(lambda count: [7.0] * count, None, rounds=3, each=(2, 0), rest=0)
    assert timed == Comparison(7.0, None, (6, 0))


def test_stopwatch_takes_the_seconds_that_the_work_itself_returns():
    assert stopwatch(lambda: 2.5)(2) == [2.5, 2.5]


def test_stopwatch_calls_as_often_as_asked():
    calls = []
    times = stopwatch(lambda: calls.append(1))(4)
    assert len(calls) == len(times) == 4
    assert all(seconds >= 0 for seconds in times)


@pytest.fixture
def peer_module(tmp_path, monkeypatch):
    """Write a module with this body after the import of ``serve``; return it as an alternative."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def write(body, patience=180):
        (tmp_path / "some_peer.py").write_text(f"import sys\nfrom engine.bench.peers import serve\n{body}\n")
        return Alternative("some peer", "some_peer", patience=patience)

    return write


def test_peer_answers_even_where_its_library_prints(peer_module):
    body = "def prepare():\n print('noise')\n return (lambda: print('more')), 'abacus 1.0'\nserve(prepare)"
    with Peer(peer_module(body)) as peer:
        assert peer.description == "abacus 1.0"
        times = peer.times(3)
    assert len(times) == 3
    assert all(0 <= seconds < 5 for seconds in times)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import a_library_that_nobody_has", "No module named 'a_library_that_nobody_has'"),
        ("sys.exit(3)", "ended with status 3"),
    ],
)
def test_peer_that_cannot_start_says_why(peer_module, body, why):
    with pytest.raises(PeerUnavailableError, match=why):
        Peer(peer_module(body))


def test_peer_that_ends_in_the_middle_says_why(peer_module):
    body = "serve(lambda: ((lambda: 1 / 0), 'abacus'))"
    with Peer(peer_module(body)) as peer, pytest.raises(PeerUnavailableError, match="division by zero"):
        peer.times(2)


def test_peer_that_hangs_is_ended(peer_module):
    with pytest.raises(PeerUnavailableError, match="ended with status"):
        Peer(peer_module("import time\ntime.sleep(60)", patience=0.5))


@pytest.fixture
def figures(monkeypatch):
    """Replace the figures by one that works and one that fails."""

    def fail():
        raise OSError("the moon is in the way")

    for name, measure in {"it_works": lambda: [compare()], "it_fails": fail}.items():
        module = types.ModuleType(f"engine.bench.figures.{name}")
        module.measure = measure
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(bench, "FIGURES", ("it_fails", "it_works"))


@pytest.mark.usefixtures("figures")
def test_figure_that_fails_does_not_stop_the_others():
    failed, done = bench.run()
    assert failed.note == "not measured: OSError: the moon is in the way"
    assert (failed.name, failed.ours, failed.met) == ("it_fails", None, None)
    assert done == compare()


@pytest.mark.usefixtures("figures")
def test_only_chooses_by_a_part_of_the_name():
    assert bench.run("works") == [compare()]


@pytest.mark.usefixtures("figures")
def test_unknown_name_is_told_the_names_there_are():
    with pytest.raises(UserError, match=r"'speed' in its name\. There are: it_fails, it_works\."):
        bench.run("speed")


def test_every_figure_has_its_module():
    from importlib.util import find_spec

    assert all(find_spec(f"engine.bench.figures.{name}") for name in bench.FIGURES)
