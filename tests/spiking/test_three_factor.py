import json
import math

import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking import Network, Neuron, PairSTDP, Raster, ThreeFactor

PAIRS = PairSTDP(0.003, -0.004, 15, 25, -10, 10)


def taught(rule, seed=0, steps=300, inputs=5, outputs=3, kind=np.float64):
    random = np.random.default_rng(seed)
    network = Network(
        random.uniform(0, 1, (inputs, outputs)).astype(kind), Neuron(t_ref_ms=2), gain_mv=9, reward_rule=rule
    )
    spikes = Raster.of_table(random.random((steps, inputs)) < 0.1)
    return network, spikes, network.run(spikes)


def remembered(pre, post, end, tau_e_ms):
    """Sum what every pair would change, each faded since the later of its two spikes."""
    total = 0.0
    for before in pre:
        for after in post:
            if before < after:
                total += 0.003 * math.exp(-(after - before) / 15 - (end - after) / tau_e_ms)
            elif before > after:
                total += -0.004 * math.exp(-(before - after) / 25 - (end - before) / tau_e_ms)
    return total


@pytest.mark.parametrize("tau_e_ms", [0.5, 10.0, 200.0, math.inf])
def test_pairs_are_remembered_and_fade(tau_e_ms):
    network, spikes, fired = taught(ThreeFactor(PAIRS, tau_e_ms=tau_e_ms, hebbian=True))
    assert len(fired) > 20
    for i in range(5):
        for j in range(3):
            pre, post = spikes.step[spikes.neuron == i], fired.step[fired.neuron == j]
            assert network.eligibility[i, j] == pytest.approx(remembered(pre, post, 299, tau_e_ms), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("tau_e_ms", [5.0, math.inf])
def test_inputs_alone_are_remembered(tau_e_ms):
    network, spikes, _ = taught(ThreeFactor(PairSTDP(1.0, 0.0, 12, 12, -1, 1), tau_e_ms=tau_e_ms))
    for i in range(5):
        trace = expected = 0.0
        for step in range(300):
            trace *= math.exp(-1 / 12)
            expected = expected * math.exp(-1 / tau_e_ms) + trace
            trace += np.any((spikes.neuron == i) & (spikes.step == step))
        np.testing.assert_allclose(network.eligibility[i], expected, rtol=1e-9)


def test_nothing_changes_until_it_is_taught_and_then_by_the_equation():
    network, _, _ = taught(ThreeFactor(PAIRS, rate=0.5, hebbian=True))
    before, eligibility = network.weights.copy(), network.eligibility
    np.testing.assert_array_equal(before, taught(ThreeFactor(PAIRS, hebbian=True))[0].weights)
    network.teach(np.array([1.0, -2.0, 0.0]))
    np.testing.assert_allclose(network.weights, before + 0.5 * eligibility * [1, -2, 0], rtol=1e-12)
    network.teach(2.0)
    np.testing.assert_allclose(network.weights, before + 0.5 * eligibility * [3, 0, 2], rtol=1e-12)


def test_a_network_without_memory_learns_as_stdp_does_when_it_is_rewarded_once():
    # With an eligibility that stays and bounds that are never met, a reward of 1 gives what STDP would have given.
    random = np.random.default_rng(1)
    weights, spikes = np.array([[0.0], [9.0]]), Raster.of_table(random.random((200, 2)) < 0.05)
    waiting = Network(weights, Neuron(t_ref_ms=0), gain_mv=100, reward_rule=ThreeFactor(PAIRS, rate=1.0, hebbian=True))
    waiting.run(spikes)
    waiting.teach(1.0)
    at_once = Network(weights, Neuron(t_ref_ms=0), gain_mv=100, stdp=PAIRS)
    at_once.run(spikes)
    np.testing.assert_allclose(waiting.weights, at_once.weights, rtol=1e-9)


def test_bounds_hold_whatever_is_taught():
    network, _, _ = taught(ThreeFactor(PairSTDP(1.0, 0.0, w_min=-0.5, w_max=1.0), rate=1.0))
    network.teach(np.array([1e6, -1e6, 0.1]))
    assert (network.weights[:, 0] == 1).all() and (network.weights[:, 1] == -0.5).all()


@pytest.mark.parametrize("hebbian", [False, True])
def test_in_pieces_and_in_single_precision_it_is_the_same(hebbian):
    rule = ThreeFactor(PAIRS, tau_e_ms=30, hebbian=hebbian)
    whole, spikes, _ = taught(rule)
    single, _, _ = taught(rule, kind=np.float32)
    np.testing.assert_allclose(single.eligibility, whole.eligibility, rtol=1e-4, atol=1e-6)
    pieces = Network(np.random.default_rng(0).uniform(0, 1, (5, 3)), Neuron(t_ref_ms=2), gain_mv=9, reward_rule=rule)
    pieces.run(spikes, callback=lambda _: None, callback_every=7)
    np.testing.assert_allclose(pieces.eligibility, whole.eligibility, rtol=1e-9)


def test_rest_clears_and_a_file_keeps(tmp_path):
    network, spikes, _ = taught(ThreeFactor(PAIRS, tau_e_ms=math.inf, hebbian=True))
    network.save(tmp_path / "network.npz")
    loaded = Network.load(tmp_path / "network.npz")
    np.testing.assert_array_equal(loaded.eligibility, network.eligibility)
    assert loaded.reward_rule == network.reward_rule
    with np.load(tmp_path / "network.npz") as stored:
        about, arrays = json.loads(str(stored["about"])), {name: stored[name] for name in stored if name != "about"}
    old = {"w": "weights", "refractory_left": "_held"}
    about["third"] = about.pop("reward_rule")
    renamed = {old.get(name, f"_{name}"): values for name, values in arrays.items()}
    np.savez(tmp_path / "old.npz", about=np.array(json.dumps(about)), **renamed)
    before_renaming = Network.load(tmp_path / "old.npz")
    np.testing.assert_array_equal(before_renaming.eligibility, network.eligibility)
    assert before_renaming.reward_rule == network.reward_rule
    network.rest()
    assert not network.eligibility.any()
    before = network.weights.copy()
    network.run(spikes, learn=False)
    network.teach(1.0)
    np.testing.assert_array_equal(network.weights, before)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Network(np.zeros((2, 2))).teach(1.0), "no three-factor rule"),
        (lambda: taught(ThreeFactor(PAIRS))[0].teach(np.nan), "not finite"),
        (lambda: taught(ThreeFactor(PAIRS, tau_e_ms=0.0)), "tau_e_ms is 0"),
        (lambda: taught(ThreeFactor(PAIRS, rate=np.inf)), "rate is inf"),
        (lambda: Network(np.zeros((2, 2)), stdp=PAIRS, reward_rule=ThreeFactor(PAIRS)), "Both stdp and reward_rule"),
    ],
)
def test_what_cannot_be_is_refused(call, said):
    with pytest.raises(DataError, match=said):
        call()
