import numpy as np
import pytest

from engine.charts import palette
from engine.charts.bars import energy_bars, spike_counts
from engine.charts.curves import accuracy_so_far
from engine.charts.layout import alt_text
from engine.charts.spiking_activity import (
    MOST_MARKS,
    _strokes,
    drawing_note,
    membrane_potentials,
    most_active_outputs,
    spike_raster,
)
from engine.charts.spiking_theory import rate_curve, stdp_window
from engine.charts.spiking_weights import ORIENTATIONS, weight_history, weight_mosaic, weight_picture
from engine.spiking.plasticity import PairSTDP
from engine.spiking.raster import Raster


def dense(neurons, steps):
    return Raster.of_table(np.ones((steps, neurons), bool))


def _middles(x):
    return np.reshape(x, (-1, 5))[:, [0, 2]].mean(axis=1).tolist()


def test_every_spike_is_a_stroke_in_its_place():
    inputs, outputs = Raster.of([0, 4, 9], [1, 3, 0], 10, 4), Raster.of([5], [1], 10, 2)
    figure = spike_raster(inputs, outputs, ("a", "b"), 0.5, 2)
    on, off, out = figure.data
    assert (on.name, off.name, out.name) == ("ON inputs", "OFF inputs", "outputs")
    np.testing.assert_allclose(_middles(on.x), [0.25, 4.75])
    np.testing.assert_allclose(np.nan_to_num(off.y, nan=-1), [2.6, 3.4, 3.4, 2.6, -1], rtol=1e-6)
    assert out.yaxis == "y2" and _middles(out.x) == [2.75]
    assert figure.layout.xaxis.title.text == "time (ms)" and list(figure.layout.xaxis.range) == [0, 5]
    assert "3 spikes of 4 inputs" in alt_text(figure) and "b 1, a 0" in alt_text(figure)
    assert len({on.fillcolor, off.fillcolor, out.fillcolor}) == 3


@pytest.mark.parametrize("extra", [0, 1])
def test_many_spikes_become_a_density_that_counts_them_all(extra):
    spikes = dense(150, MOST_MARKS // 150 + extra)
    figure = spike_raster(spikes, dense(1, spikes.steps), ("a",), 1.0, 75)
    if not extra:
        assert len(figure.data) == 3 and sum(len(each.x) // 5 for each in figure.data[:2]) == len(spikes) == MOST_MARKS
        assert drawing_note(spikes, "input") == "All 15,000 input spikes are drawn."
        return
    density = figure.data[0]
    assert density.type == "heatmap" and np.sum(density.z) == len(spikes)
    assert np.size(density.z) <= 96 * 200
    assert "All 15,150 input spikes count, as the density of 96 × 101 cells" in drawing_note(spikes, "input")


def test_no_spikes_are_said_to_be_none():
    nothing = Raster.of([], [], 10, 144)
    figure = spike_raster(nothing, dense(3, 10), ("a", "b", "c"), 1.0, None)
    assert "constant current" in figure.layout.annotations[0].text
    assert drawing_note(nothing, "input") == "There are no input spikes."


def test_strokes_are_outlines_that_one_trace_fills():
    x, y = _strokes(np.array([1.0, 2.0]), 400.0, np.array([0.0, 5.0]), 7.0)
    gap = np.nan
    np.testing.assert_array_equal(x, np.array([0.5, 0.5, 1.5, 1.5, gap, 1.5, 1.5, 2.5, 2.5, gap], np.float32))
    np.testing.assert_array_equal(y, np.array([0, 7, 7, 0, gap, 5, 7, 7, 5, gap], np.float32))


def test_potentials_stand_between_reset_and_threshold():
    time = np.arange(1.0, 4)
    volts = np.array([[-70.0, -60], [-52, -61], [-75, -62]])
    figure = membrane_potentials(time, volts, np.full((3, 2), -50.0), -75, Raster.of([1], [0], 3, 2), ("a", "b"), 1.0)
    names = [each.name for each in figure.data if each.showlegend is not False]
    assert names == ["a", "b", "threshold, -50 mV", "reset, -75 mV"]
    spikes = figure.data[1]
    assert _middles(spikes.x) == [1.5]
    assert spikes.y[0] == -50 and spikes.y[1] > -50
    assert figure.layout.yaxis.title.text == "potential (mV)"
    assert figure.data[0].line.dash != figure.data[2].line.dash
    assert "a between -75 and -52 mV, 1 spikes" in alt_text(figure)


def test_thresholds_that_adapt_are_drawn_one_by_one():
    thresholds = np.array([[-50.0, -50], [-49, -50]])
    none = Raster.of([], [], 2, 2)
    figure = membrane_potentials(np.arange(2.0), thresholds - 5, thresholds, -75, none, ("a", "b"), 1.0)
    assert [each.name for each in figure.data if each.name and "threshold" in each.name] == [
        "threshold of a",
        "threshold of b",
    ]


def test_of_many_outputs_only_the_busiest_are_drawn_and_that_is_said():
    assert most_active_outputs(np.array([0, 5, 1, 5, 9, 2])) == [1, 3, 4, 5]
    volts = np.full((2, 6), -60.0)
    none = Raster.of([], [], 2, 6)
    figure = membrane_potentials(np.arange(2.0), volts, volts + 10, -75, none, tuple("abcdef"), 1.0)
    assert figure.layout.title.text == "Membrane potentials of the 4 busiest outputs"
    bars = spike_counts(np.arange(20), [f"o{at}" for at in range(20)], None)
    assert bars.layout.title.text == "Spikes of the 12 busiest outputs" and bars.data[0].y[0] == "o19"


def test_counts_point_out_the_answer():
    figure = spike_counts(np.array([3, 7]), ("a", "b"), "b")
    assert list(figure.data[0].x) == [3, 7]
    assert list(figure.data[0].marker.color) == [palette.GRAY, palette.BLUE]
    assert alt_text(figure) == "Spikes of each output: a 3, b 7."


def test_tiles_lie_side_by_side():
    maps = np.arange(8 * 36.0).reshape(8, 6, 6) - 100
    figure = weight_mosaic(maps, ORIENTATIONS, 4, "Weights")
    z = figure.data[0].z
    assert z.shape == (2 * (6 + 2), 4 * 7 - 1) and np.isnan(z).sum() == z.size - maps.size
    np.testing.assert_array_equal(z[2:8, :6], maps[0])
    np.testing.assert_array_equal(z[10:, 21:], maps[7])
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-187, 187), "white is 0"
    assert [each.text for each in figure.layout.annotations] == list(ORIENTATIONS)
    assert "largest is at 157°, row 6, column 6" in alt_text(figure)


def test_weights_that_are_never_negative_begin_at_white():
    figure = weight_mosaic(np.ones((3, 2, 2)), (), 2, "Weights", most=2.0)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 2)
    assert figure.data[0].colorscale[0][1] == palette.WHITE and len(figure.layout.annotations) == 0


def test_the_picture_shows_the_same_colours():
    picture = weight_picture(np.array([[[-1.0, 0], [1, 0.5]], [[0, 0], [0, 0]]]), 2, pixels=1)
    assert picture.shape == (3, 5, 4) and picture.dtype == np.uint8
    assert tuple(picture[1, 0]) == (*palette.rgb(palette.VERMILLION), 255)
    assert tuple(picture[1, 1]) == (255, 255, 255, 255)
    assert tuple(picture[2, 0]) == (*palette.rgb(palette.BLUE), 255)
    assert not picture[:, 2, 3].any() and not picture[0, :, 3].any(), "transparent between tiles"
    assert weight_picture(np.zeros((1, 2, 2)), 1, pixels=5)[-1, -1].tolist() == [255] * 4


def test_the_weights_that_moved_most_are_drawn():
    weights = np.zeros((3, 10, 2))
    weights[1:, 4, 1] = [0.5, 0.6]
    figure = weight_history(np.array([1.0, 2, 3]), weights, ("a", "b"), (0.0, 1.0))
    moved = [each for each in figure.data if each.name == "to b" and np.max(each.y) > 0]
    assert len(moved) == 1 and moved[0].y[-1] == pytest.approx(0.6)
    assert len(figure.data) == 12 + 2 and figure.layout.title.text == "The 12 weights that moved most"
    assert "12 of 20 drawn. 1 moved, the furthest by 0.6" in alt_text(figure)


def test_weights_that_stand_still_are_said_to():
    figure = weight_history(np.array([1.0, 2]), np.ones((2, 3, 1)), ("a",), (0.0, 1.0))
    assert figure.layout.title.text == "Weights: none of them moved" and "None of them moved" in alt_text(figure)


def test_the_window_is_the_rule_in_closed_form():
    rule = PairSTDP(0.01, -0.004, 10.0, 30.0)
    after, before, together = stdp_window(rule).data
    np.testing.assert_allclose(after.y, 0.01 * np.exp(-np.array(after.x) / 10))
    np.testing.assert_allclose(before.y, -0.004 * np.exp(np.array(before.x) / 30))
    assert min(after.x) > 0 > max(before.x) and (list(together.x), list(together.y)) == ([0], [0])
    assert after.line.dash != before.line.dash
    assert (
        not stdp_window(rule).layout.annotations and "only ever" in stdp_window(rule, True).layout.annotations[0].text
    )


def test_rates_say_how_far_the_simulation_is_off():
    drive = np.array([0.0, 20, 40])
    figure = rate_curve(drive, np.array([0, np.nan, 30.5]), np.array([0, 10, 30.0]), np.array([0, 9, 29.0]))
    assert [each.name for each in figure.data] == [
        "closed form, continuous time",
        "closed form, whole steps",
        "simulated",
    ]
    assert "differ by at most 0.5 Hz" in alt_text(figure) and "(mV)" in figure.layout.xaxis.title.text
    silent = rate_curve(drive, np.full(3, np.nan), np.zeros(3), np.zeros(3))
    assert "never fires" in alt_text(silent)


def test_accuracy_stands_beside_guessing():
    figure = accuracy_so_far([(0, 0.0), (50, 0.755)], 100, 1 / 3)
    assert list(figure.data[0].y) == [0, 75.5] and figure.data[1].name == "guessing, 33 %"
    assert "After 50 pictures it is 76 %" in alt_text(figure)
    assert "Nothing is known" in alt_text(accuracy_so_far([], 100, 0.1))


def test_energies_stand_on_powers_of_ten():
    figure = energy_bars({"spikes": 0.01, "pixels": 0.0, "network": 1450.4})
    assert list(figure.data[0].x) == [0.01, None, 1450.4] and figure.layout.xaxis.type == "log"
    assert list(figure.data[0].text) == ["0.01 µJ", "0 µJ", "1,450 µJ"]
    assert figure.layout.xaxis.range[0] <= -2 and figure.layout.xaxis.range[1] > 3.2
    assert energy_bars({"nothing": 0.0}).data[0].x == (None,)
