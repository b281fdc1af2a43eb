import math
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking import published, stimuli
from engine.spiking.firing_rates import firing_rates
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.picture_simulation import MOST_STEPS, NEUROMER, POISSON, PUBLISHED, preset, simulate_picture
from engine.spiking.raster import Raster
from engine.spiking.simulation_trace import record_trace, unique_maximum


def a_face(seed=0):
    ramp = np.add.outer(np.arange(48) * 2, np.arange(48) * 3)
    return (ramp + np.random.default_rng(seed).integers(0, 20, (48, 48))).astype(np.uint8)


FACE, DIGIT = stimuli.face(a_face()), stimuli.digit(0)


@pytest.mark.parametrize("stimulus", [FACE, DIGIT], ids=["face", "digit"])
def test_the_published_preset_ends_in_a_tie_and_changes_nothing(stimulus):
    shown = simulate_picture(preset(PUBLISHED, stimulus.kind), stimulus)
    assert shown.counts.tolist() == [250, 250, 250], "whenever the refractory time of 2 ms allows it, in 500 ms"
    steps = [shown.outputs.step[shown.outputs.neuron == at] for at in range(3)]
    np.testing.assert_array_equal(steps[0], steps[1])
    np.testing.assert_array_equal(steps[0], steps[2])
    assert shown.decision is None and shown.names == published.OUTPUTS
    assert shown.changed == 0 and (shown.weights == shown.before).all()
    assert not len(shown.inputs)
    np.testing.assert_allclose(shown.before.sum(axis=0), 10, rtol=1e-3)


def test_the_published_preset_is_the_published_network():
    shown = simulate_picture(preset(PUBLISHED, "face"), FACE)
    assert shown.counts.tolist() == published.counts(FACE.picture[None])[0].tolist()
    weaker = simulate_picture(replace(preset(PUBLISHED, "face"), times_rheobase=1.0), FACE)
    assert shown.drive_mv == pytest.approx(200 * weaker.drive_mv)
    assert len(set(weaker.counts.tolist())) > 1, "unsaturated, its outputs differ"


def test_neuromers_preset_moves_the_winners_weights_towards_the_picture():
    for stimulus in (FACE, DIGIT):
        shown = simulate_picture(preset(NEUROMER, stimulus.kind), stimulus)
        winner = int(shown.counts.argmax())
        assert shown.decision == stimulus.outputs[winner] and shown.changed > 100

        def likeness(weights, at=winner, strengths=stimulus.strengths):
            return np.corrcoef(weights[:, at], strengths)[0, 1]

        assert likeness(shown.after) > likeness(shown.before) + 0.1
        assert shown.after.min() >= 0 and shown.after.max() <= 1


def test_the_same_seed_gives_the_same_spikes_and_another_seed_others():
    chosen = replace(preset(NEUROMER, "face"), timing=POISSON)
    first, again, other = (simulate_picture(chosen, FACE, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.inputs.step, again.inputs.step)
    np.testing.assert_array_equal(first.after, again.after)
    assert len(other.inputs) != len(first.inputs) or (other.inputs.step != first.inputs.step).any()


def test_the_strongest_input_has_the_highest_rate():
    shown = simulate_picture(replace(preset(NEUROMER, "digit"), max_rate_hz=50.0, picture_ms=1000.0), DIGIT)
    assert shown.inputs.counts().max() == 50
    np.testing.assert_array_equal(shown.inputs.counts(), np.floor(50 * DIGIT.strengths / DIGIT.strengths.max() + 1e-9))


def test_all_that_happens_is_on_record_within_a_bound():
    shown = simulate_picture(replace(preset(NEUROMER, "digit"), picture_ms=5000.0), DIGIT)
    assert len(shown.time_ms) == len(shown.potentials_mv) <= 1200 and len(shown.weights_ms) <= 300
    assert shown.time_ms[-1] > 4900 and (np.diff(shown.time_ms) == np.diff(shown.time_ms)[0]).all()
    short = simulate_picture(replace(preset(NEUROMER, "digit"), dt_ms=0.5, t_ref_ms=2.0), DIGIT)
    assert len(short.time_ms) == 800 and short.time_ms[-1] == 400
    np.testing.assert_array_equal(short.weights[-1], short.after)


def test_recording_leaves_the_network_as_it_is():
    network = Network(np.full((2, 1), 0.5), gain_mv=60)
    spikes = Raster.of([1, 6, 11], [0, 1, 0], 20, 2)
    first = record_trace(network, spikes, ("only",), "digit")
    again = record_trace(network, spikes, ("only",), "digit")
    assert network.step == 0 and first.counts.tolist() == again.counts.tolist() == [3]
    assert len(first.weights) == 0, "nothing was to be learnt"


@pytest.mark.parametrize(("scores", "winner"), [([1, 3, 2], 1), ([3, 1, 3], None), ([0.5], 0)])
def test_a_tie_decides_nothing(scores, winner):
    assert unique_maximum(np.array(scores)) == winner


def test_where_nothing_fires_nothing_is_decided():
    shown = simulate_picture(replace(preset(NEUROMER, "face"), gain_mv=0.0), FACE)
    assert not len(shown.outputs) and shown.decision is None


@pytest.mark.parametrize("dt_ms", [0.1, 1.0, 2.0])
@pytest.mark.parametrize("kind", [NEUROMER, PUBLISHED])
def test_simulated_rates_are_those_of_the_closed_form_for_whole_steps(dt_ms, kind):
    neuron = preset(kind, "face").neuron
    found = firing_rates(neuron, dt_ms)
    known = ~np.isnan(found.simulated_hz)
    assert known.sum() > 50
    np.testing.assert_allclose(found.simulated_hz[known], found.steps_hz[known], rtol=1e-9)
    rheobase = neuron.v_th_mv - neuron.e_l_mv
    silent = found.drive_mv <= rheobase
    assert not found.closed_hz[silent].any() and (found.closed_hz[~silent] > 0).all()
    # At three times the weakest drive, by hand.
    target = neuron.e_l_mv + 3 * rheobase
    rise = neuron.tau_m_ms * math.log((target - neuron.v_r_mv) / (target - neuron.v_th_mv))
    assert found.closed_hz[-1] == pytest.approx(1000 / (rise + neuron.t_ref_ms))


def test_shorter_steps_come_closer_to_continuous_time():
    coarse, fine = (firing_rates(Neuron(), dt_ms) for dt_ms in (2.0, 0.1))
    gaps = [np.nanmax(np.abs(each.simulated_hz - each.closed_hz)) for each in (coarse, fine)]
    assert gaps[1] < gaps[0] / 5


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tau_m_ms": -1.0}, "tau_ms is -1"),
        ({"tau_m_ms": math.nan}, "tau_ms is nan"),
        ({"tau_pre_ms": 0.0}, "tau_pre_ms is 0"),
        ({"dt_ms": 4.0}, "longer than t_ref_ms"),
        ({"dt_ms": 0.0}, "dt_ms is 0"),
        ({"dt_ms": math.inf}, "dt_ms is inf"),
        ({"dt_ms": 0.3}, "no whole number of steps"),
        ({"picture_ms": -5.0}, "picture_ms is -5"),
        ({"picture_ms": MOST_STEPS + 1.0}, "5,001 steps"),
        ({"max_rate_hz": 0.0}, "max_rate_hz is 0"),
        ({"max_rate_hz": math.inf}, "max_rate_hz is inf"),
        ({"w_min": 2.0}, "w_min is 2, above w_max"),
        ({"w_min": math.inf}, "w_min is inf"),
        ({"w_min": 0.5, "l1_sum": 0.0}, "weight of input"),
        ({"w_max": 0.1, "l1_sum": 0.0}, "Give weights of w_min, 0, to w_max, 0.1"),
        ({"max_initial_weight": math.nan}, "max_initial_weight is nan"),
        ({"l1_sum": -3.0}, "sum is -3"),
        ({"gain_mv": math.nan}, "gain_mv is nan"),
        ({"inhibition_mv": math.inf}, "inhibition_mv is inf"),
        ({"v_r_mv": 0.0}, "above v_th_mv"),
        ({"a_pre": math.nan}, "a_pre is nan"),
        ({"gain_mv": 1e308}, "beyond all numbers"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changed, said):
    with pytest.raises(DataError, match=said):
        simulate_picture(replace(preset(NEUROMER, "face"), **changed), FACE)


@pytest.mark.parametrize("times", [math.nan, math.inf, 1e308])
def test_a_drive_that_cannot_be_is_refused(times):
    with pytest.raises(DataError, match="finite"):
        simulate_picture(replace(preset(PUBLISHED, "face"), times_rheobase=times), FACE)
