from dataclasses import replace

import numpy as np
import pytest

from engine.charts.action_units import unit_timeline
from engine.features.action_units import NUMBERS, UNITS, told
from tests.records.recorded import analysis, track


def with_units(rested=True):
    one = track()
    units = np.zeros((len(one.frame), len(NUMBERS), 2), np.float32)
    units[(one.time_s > 2) & (one.time_s < 3), NUMBERS.index(12)] = 1.0, 3.5
    return replace(one, units=units, units_rested=rested)


def test_a_row_a_unit_that_is_told_and_the_stronger_half_in_it():
    figure = unit_timeline(analysis(with_units()), 1)
    kept = [UNITS[row] for row in np.flatnonzero(told(rested=True))]
    assert list(figure.layout.yaxis.ticktext) == [f"{unit.words} (AU{unit.number})" for unit in kept]
    (heat,) = (trace for trace in figure.data if trace.type == "heatmap")
    row = [unit.number for unit in kept].index(12)
    assert np.nanmax(heat.z[row]) == pytest.approx(3.5) and np.nanmax(np.delete(heat.z, row, axis=0)) == 0
    assert len(heat.x) == heat.z.shape[1] + 1


def test_words_tell_what_shows_and_against_what():
    figure = unit_timeline(analysis(with_units()), 1)
    assert "lip corners up (AU12) at most 3.5" in figure.layout.meta["alt"]
    assert "average face" in str(unit_timeline(analysis(with_units(rested=False)), 1).to_dict())


def test_a_window_shows_only_its_part():
    figure = unit_timeline(analysis(with_units()), 1, (2.2, 2.6))
    (heat,) = (trace for trace in figure.data if trace.type == "heatmap")
    assert heat.x[0] >= 2.1 and heat.x[-1] <= 2.7 and tuple(figure.layout.xaxis.range) == (2.2, 2.6)


def test_faces_that_could_not_be_read_say_so():
    one = with_units()
    one.units[:] = np.nan
    for unread in (one, track()):
        assert "could be read" in unit_timeline(analysis(unread), 1).layout.meta["alt"]


def test_nobody_is_refused():
    with pytest.raises(ValueError, match="seen"):
        unit_timeline(analysis(), 2)
