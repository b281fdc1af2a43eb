import math

import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking import L1, Network, Neuron, PairSTDP, Raster

SILENT = np.zeros((1, 1))
RULE = PairSTDP(a_pre=0.005, a_post=-0.002, w_min=-10, w_max=10)


def alone(dt_ms, steps, drive_mv, neuron=None, **options):
    """Drive one output by a constant current; return when it fired and its potential after each step."""
    network = Network(SILENT, neuron or Neuron(), dt_ms=dt_ms, **options)
    seen = []
    none = Raster.of([], [], steps, 1)
    fired = network.run(
        none, current_mv=drive_mv, callback=lambda it: seen.append(it.potentials_mv[0]), callback_every=1
    )
    return fired.step, np.array(seen)


def paired(delay_ms, dt_ms=1.0, rule=RULE):
    """Let one input and one output spike once, the output ``delay_ms`` later; return the change of their weight."""
    steps = round((200 + abs(delay_ms)) / dt_ms)
    middle = steps // 2
    # A second input, without plasticity worth speaking of in its weight, makes the output fire one step after it.
    network = Network(np.array([[0.0], [1.0]]), Neuron(t_ref_ms=0), dt_ms=dt_ms, gain_mv=100, stdp=rule)
    before = network.weights[0, 0]
    at = middle - round(delay_ms / dt_ms)
    fired = network.run(Raster.of([at, middle - 1], [0, 1], steps, 2))
    assert fired.step.tolist() == [middle]
    return network.weights[0, 0] - before


@pytest.mark.parametrize("dt_ms", [0.1, 1.0])
@pytest.mark.parametrize("drive_mv", [20.5, 21, 25, 40, 100, 400])
@pytest.mark.parametrize("t_ref_ms", [0.0, 2.0, 5.0])
def test_the_interval_is_exact_in_steps(dt_ms, drive_mv, t_ref_ms):
    neuron = Neuron(t_ref_ms=t_ref_ms)
    fired, _ = alone(dt_ms, round(1500 / dt_ms), drive_mv, neuron)
    rise = 20 * math.log((-70 + drive_mv + 75) / (-70 + drive_mv + 50))
    expected = math.ceil(rise / dt_ms) - 1 + max(1, round(t_ref_ms / dt_ms))
    assert set(np.diff(fired)) == {expected} == {neuron.interval_steps(drive_mv, dt_ms)}


@pytest.mark.parametrize("drive_mv", [20.5, 25, 40, 100])
def test_the_rate_is_the_closed_form(drive_mv):
    neuron = Neuron()
    fired, _ = alone(0.1, 40_000, drive_mv, neuron)
    rate = 1000 / (np.diff(fired).mean() * 0.1)
    assert rate == pytest.approx(neuron.rate_hz(drive_mv), rel=0.006)


@pytest.mark.parametrize("drive_mv", [-5, 0, 19.9, 20])
def test_below_the_threshold_it_never_fires(drive_mv):
    fired, _ = alone(1.0, 2000, drive_mv)
    assert len(fired) == 0 and Neuron().interval_steps(drive_mv, 1.0) is None and Neuron().rate_hz(drive_mv) == 0


@pytest.mark.parametrize("dt_ms", [0.1, 0.7, 1.0, 3.0])
def test_the_potential_follows_the_exponential(dt_ms):
    neuron = Neuron(t_ref_ms=0)
    _, v = alone(dt_ms, 500, 15.0, neuron)
    t = dt_ms * np.arange(1, 501)
    assert np.abs(v - (-70 + 15 * (1 - np.exp(-t / 20)))).max() < 1e-9


def test_each_neuron_may_have_its_own_time_constant():
    network = Network(np.zeros((1, 3)), Neuron(tau_m_ms=(5.0, 20.0, 80.0)))
    network.run(Raster.of([], [], 10, 1), current_mv=10)
    np.testing.assert_allclose(network.potentials_mv, -70 + 10 * (1 - np.exp(-10 / np.array([5, 20, 80]))), atol=1e-9)


@pytest.mark.parametrize("dt_ms", [0.5, 1.0])
@pytest.mark.parametrize("delay_ms", [1, 2, 5, 10, 20, 40, 80])
def test_the_window_has_both_its_sides(delay_ms, dt_ms):
    assert paired(delay_ms, dt_ms) == pytest.approx(0.005 * math.exp(-delay_ms / 20), rel=1e-6)
    assert paired(-delay_ms, dt_ms) == pytest.approx(-0.002 * math.exp(-delay_ms / 20), rel=1e-6)


def test_spikes_of_one_step_change_nothing():
    assert paired(0) == 0


@pytest.mark.parametrize("nearest", [False, True])
def test_trains_sum_their_pairs(nearest):
    random = np.random.default_rng(4)
    rule = PairSTDP(0.003, -0.004, 15, 25, -10, 10, nearest)
    pre = np.flatnonzero(random.random(400) < 0.05)
    teacher = np.flatnonzero(random.random(399) < 0.05)
    network = Network(np.array([[0.0], [9.0]]), Neuron(t_ref_ms=0), gain_mv=100, stdp=rule)
    spikes = Raster.of([*pre, *teacher], [0] * len(pre) + [1] * len(teacher), 400, 2)
    post = network.run(spikes).step
    assert len(post) > 10
    expected = 0.0
    if nearest:
        for at in post:
            earlier = pre[pre < at]
            expected += 0.003 * math.exp(-(at - earlier[-1]) / 15) if len(earlier) else 0
        for at in pre:
            earlier = post[post < at]
            expected += -0.004 * math.exp(-(at - earlier[-1]) / 25) if len(earlier) else 0
    else:
        for at in post:
            expected += sum(0.003 * math.exp(-(at - before) / 15) for before in pre if before < at)
            expected += sum(-0.004 * math.exp(-(after - at) / 25) for after in pre if after > at)
    assert network.weights[0, 0] == pytest.approx(expected, rel=1e-9)


def busy(kind=np.float32, **options):
    random = np.random.default_rng(0)
    weights = random.uniform(0.05, 0.5, (60, 20)).astype(kind)
    spikes = Raster.of_table(random.random((400, 60)) < 0.05)
    return Network(weights, gain_mv=8, inhibition_mv=1, **options), spikes


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_sums_are_kept_and_bounds_too(kind):
    network, spikes = busy(kind, stdp=PairSTDP(0.02, -0.02, w_min=0, w_max=1), l1=L1(10.0, 50.0))
    np.testing.assert_allclose(network.weights.sum(axis=0), 10, rtol=1e-6)
    inside = []
    network.run(spikes, callback=lambda it: inside.append((it.weights.min(), it.weights.max())), callback_every=10)
    assert min(low for low, _ in inside) >= 0 and max(high for _, high in inside) <= 1
    np.testing.assert_allclose(network.weights.sum(axis=0), 10, rtol=1e-6)


def test_weights_change_where_they_learn_and_nowhere_else():
    network, spikes = busy(stdp=PairSTDP())
    before = network.weights.copy()
    assert len(network.run(spikes, learn=False)) > 0
    np.testing.assert_array_equal(network.weights, before)
    network.run(spikes)
    assert np.abs(network.weights - before).max() > 0.01


def test_the_same_spikes_give_the_same_spikes_in_any_pieces():
    whole, spikes = busy(stdp=PairSTDP(), l1=L1(10, 30))
    at_once = whole.run(spikes)
    pieces, _ = busy(stdp=PairSTDP(), l1=L1(10, 30))
    first = pieces.run(Raster(*_part(spikes, 0, 137), 137, 60))
    second = pieces.run(Raster(*_part(spikes, 137, 400), 263, 60))
    assert [*first.step, *(second.step + 137)] == at_once.step.tolist() and len(first) and len(second)
    np.testing.assert_array_equal(pieces.weights, whole.weights)


def test_looking_changes_nothing():
    network, spikes = busy(stdp=PairSTDP())
    other, _ = busy(stdp=PairSTDP())
    looked = []
    found = network.run(spikes, callback=lambda it: looked.append(it.step), callback_every=7)
    np.testing.assert_array_equal(found.step, other.run(spikes).step)
    assert looked == list(range(7, 400, 7))


def test_only_one_wins_a_step():
    network, spikes = busy()
    several = network.run(spikes)
    alone_, _ = busy(winner_take_all=True)
    single = alone_.run(spikes)
    assert np.bincount(several.step).max() > 1 and np.bincount(single.step).max() == 1


def test_a_threshold_that_adapts_makes_an_output_fire_less():
    fixed, spikes = busy()
    adaptive, _ = busy(neuron=Neuron(theta_plus_mv=0.5, tau_theta_ms=1e4))
    counts = fixed.run(spikes).counts(), adaptive.run(spikes).counts()
    assert counts[1].sum() < counts[0].sum()
    raised = adaptive.thresholds_mv + 50
    assert (raised[counts[1] > 0] > 0).all() and (raised[counts[1] == 0] == 0).all()
    assert raised.max() <= 0.5 * counts[1].max()


def test_a_rested_network_starts_afresh_with_what_it_has_learnt():
    network, spikes = busy(stdp=PairSTDP())
    network.run(spikes)
    learnt = network.weights.copy()
    network.rest()
    assert (network.potentials_mv == -70).all() and not any(trace.any() for trace in network.traces)
    np.testing.assert_array_equal(network.weights, learnt)


def test_a_saved_network_goes_on_as_if_nothing_had_happened(tmp_path):
    network, spikes = busy(neuron=Neuron(theta_plus_mv=0.1), stdp=PairSTDP(), l1=L1(10, 30))
    network.run(spikes)
    network.save(tmp_path / "network.npz")
    loaded = Network.load(tmp_path / "network.npz")
    np.testing.assert_array_equal(loaded.run(spikes).step, network.run(spikes).step)
    np.testing.assert_array_equal(loaded.weights, network.weights)
    assert loaded.step == network.step == 800


@pytest.mark.parametrize("damage", [b"", b"PK", b"not a network"])
def test_a_damaged_file_is_a_sentence(tmp_path, damage):
    path = tmp_path / "network.npz"
    path.write_bytes(damage)
    with pytest.raises(DataError, match="cannot be read"):
        Network.load(path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"neuron": Neuron(tau_m_ms=float("nan"))}, "tau_ms is nan"),
        ({"neuron": Neuron(tau_m_ms=(1.0, 2.0))}, "tau_ms has 2 values for 3 outputs"),
        ({"neuron": Neuron(t_ref_ms=2.0), "dt_ms": 5.0}, "dt_ms is 5, longer than t_ref_ms, 2"),
        ({"gain_mv": float("inf")}, "gain_mv is inf"),
        ({"stdp": PairSTDP(w_min=0.6)}, "weight of input 0 to output 0 is 0.5"),
        ({"l1": L1(sum=-1)}, "sum is -1"),
    ],
)
def test_what_cannot_be_is_refused(options, said):
    with pytest.raises(DataError, match=said):
        Network(np.full((2, 3), 0.5), **options)


@pytest.mark.parametrize(("step", "neuron", "said"), [([5], [0], "step 5"), ([0], [-1], "neuron -1")])
def test_spikes_outside_are_refused(step, neuron, said):
    with pytest.raises(DataError, match=said):
        Raster.of(step, neuron, 5, 2)
    with pytest.raises(DataError, match="2 neurons for 1 inputs"):
        Network(SILENT).run(Raster.of([], [], 5, 2))


def _part(spikes, begin, end):
    kept = (spikes.step >= begin) & (spikes.step < end)
    return spikes.step[kept] - begin, spikes.neuron[kept]


@pytest.mark.parametrize(("steps", "neurons", "said"), [(0, 5, "0 steps"), (10, 0, "0 neurons"), (-1, 5, "-1 steps")])
def test_a_raster_without_steps_or_neurons_is_refused(steps, neurons, said):
    with pytest.raises(DataError, match=f"The raster has {said}. Give 1 or more"):
        Raster.of([], [], steps, neurons)
    assert len(Raster.of([], [], 3, 2)) == 0, "silence is allowed"
