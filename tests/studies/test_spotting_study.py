import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.__main__ import main
from engine.errors import DataError
from engine.studies import spotting
from engine.studies.spotting import HELD_BACK, Spotted, figures, in_words, matches, measure, overlap, spot_clip


def rows(*events):
    return np.array(events, np.float64).reshape(-1, 3)


def test_overlap_of_hand_made_intervals():
    found = overlap(rows((0, 1, 2)), rows((0, 1, 2), (1, 1.5, 3), (2, 2.5, 3), (0.5, 1, 1.5), (-1, 0, 5)))
    assert found.tolist()[0] == pytest.approx([1, 1 / 3, 0, 0.5, 1 / 3])


def test_half_of_the_union_is_enough_and_less_is_not():
    assert matches(rows((0, 1, 2)), rows((0.0, 0.5, 1.0))) == [(0, 0)]
    assert matches(rows((0, 1, 2)), rows((0.0, 0.5, 0.99))) == []
    assert matches(rows(), rows((0, 1, 2))) == [] == matches(rows((0, 1, 2)), rows())


def test_each_interval_counts_once():
    assert matches(rows((0, 1, 2), (0, 1, 2)), rows((0, 1, 2))) in ([(0, 0)], [(1, 0)])
    # Two of three: the first could take either true one, the second only the first.
    found, true = rows((0, 5, 10), (0, 3, 6)), rows((0, 4, 8), (2, 6, 12))
    assert overlap(found, true)[1, 1] < 0.5 <= overlap(found, true)[0].min()
    assert matches(found, true) == [(0, 1), (1, 0)]


def test_more_pairs_count_more_than_closer_ones_and_of_as_many_the_closest_win():
    # Each interval overlaps its neighbours by just half of the union: five could be met exactly, or six by half.
    chain = rows(*((at, at + 1, at + 3) for at in range(7)))
    assert matches(chain[:-1], chain[1:]) == [(at, at) for at in range(6)]
    found = rows((0, 5, 10), (2, 7, 12))
    assert overlap(found, found).min() > 0.5 and matches(found, found[::-1]) == [(0, 1), (1, 0)]


interval = st.tuples(st.floats(0, 50), st.floats(0.1, 5)).map(lambda pair: (pair[0], pair[0], pair[0] + pair[1]))


@given(st.lists(interval, max_size=6), st.lists(interval, max_size=6))
def test_pairs_are_one_to_one_and_the_same_from_both_sides(found, true):
    one, other = rows(*found), rows(*true)
    pairs = matches(one, other)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs) == len(matches(other, one))
    assert all(overlap(one, other)[i, j] >= 0.5 - 1e-9 for i, j in pairs)


def clips():
    return [
        Spotted(1, 60.0, rows((1, 1.2, 1.4), (5, 6, 8), (20, 20.1, 20.2)), rows((1, 1.21, 1.42), (5, 6.1, 8))),
        Spotted(2, 60.0, rows(), rows((3, 3.1, 3.3))),
        Spotted(3, 30.0, rows((9, 9.1, 9.2)), rows()),
    ]


def test_figures_by_hand():
    found = figures(clips())
    assert found["clips"] == 3 and found["minutes"] == 2.5
    assert {key: found["all"][key] for key in ("true", "spotted", "right")} == {"true": 3, "spotted": 4, "right": 2}
    assert found["all"]["precision"] == 0.5 and found["all"]["recall"] == pytest.approx(2 / 3)
    assert found["all"]["f1"] == pytest.approx(4 / 7)
    assert found["micro"]["f1"] == pytest.approx(2 / 5) and found["macro"]["f1"] == 1
    assert found["apex_error_s"]["median"] == pytest.approx(0.055)
    assert found["apex_error_frames"]["median"] == pytest.approx(3.3)
    assert found["without_events"] == {"clips": 1, "minutes": 0.5, "false": 1, "false_a_minute": 2.0}
    low, high = found["all"]["interval"]
    assert 0 <= low <= found["all"]["f1"] <= high <= 1
    assert figures(clips()) == found


def test_what_nothing_defines_is_none():
    found = figures([Spotted(1, 5.0, rows(), rows())])
    assert found["all"]["f1"] is None and found["all"]["interval"] is None and found["apex_error_s"] is None
    assert "-" in in_words(found | {"seeds": [1, 1]})


def test_less_than_one_clip_is_refused():
    with pytest.raises(DataError, match="0 clips"):
        measure(0)


def test_one_drawn_clip():
    found = spot_clip(1, 5.0)
    assert found.duration_s == pytest.approx(5) and found.true.shape[1] == found.found.shape[1] == 3
    assert len(found.true) >= 1 and len(matches(found.found, found.true)) >= 1


def test_the_verb_prints_a_table_or_json(monkeypatch, capsys):
    seeds = []

    def told(seed):
        seeds.append(seed)
        return clips()[seed % 3]

    monkeypatch.setattr(spotting, "spot_clip", told)
    assert main(["study", "spotting", "--clips", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert seeds == [HELD_BACK, HELD_BACK + 1, HELD_BACK + 2] and found["seeds"] == [HELD_BACK, HELD_BACK + 2]
    assert found["all"]["f1"] == pytest.approx(4 / 7)
    assert main(["study", "spotting", "--clips", "3", "--seed", "3"]) == 0
    table = capsys.readouterr().out
    assert "57.1%" in table and "2.00 a minute" in table and "seeds 3 to 5" in table
    assert main(["study", "spotting", "--clips", "0"]) == 1
