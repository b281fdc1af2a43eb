import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spiking.encoding import OnOff, poisson, rates, regular


def test_poisson_spikes_come_at_their_rate_and_by_chance():
    found = poisson(np.array([0, 5, 50, 400]), 40_000, 0.5)
    seconds = 20
    expected = 2000 * -np.expm1(-np.array([0, 5, 50, 400]) * 0.0005) * seconds
    assert found.counts()[0] == 0
    assert np.abs(found.counts() - expected).max() <= 4 * np.sqrt(expected.max())
    # The gaps of a Poisson process are as wide as they spread.
    gaps = np.diff(found.step[found.neuron == 2])
    assert gaps.std() / gaps.mean() == pytest.approx(1, abs=0.1)


def test_the_same_seed_gives_the_same_spikes():
    first, again, other = (poisson(np.full(20, 60.0), 200, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.step, again.step)
    np.testing.assert_array_equal(first.neuron, again.neuron)
    assert len(first) != len(other) or (first.neuron != other.neuron).any()


@given(rate=st.floats(0, 1000), steps=st.integers(1, 400), dt=st.sampled_from([0.1, 0.5, 1.0]))
def test_regular_spikes_are_as_many_as_the_rate_says_and_evenly_spaced(rate, steps, dt):
    found = regular(np.array([rate]), steps, dt)
    assert abs(len(found) - rate * steps * dt / 1000) <= 1
    gaps = np.diff(found.step)
    assert len(gaps) == 0 or gaps.max() - gaps.min() <= 1


def test_regular_spikes_of_a_round_rate():
    assert regular(np.array([250.0]), 12).step.tolist() == [3, 7, 11]


def test_rates_are_proportional():
    assert rates(np.array([0, 1, 2.0]), 80).tolist() == [0, 40, 80]
    assert rates(np.zeros(3), 80).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: poisson(np.array([1, -2.0]), 10), r"rates_hz\[1\] is -2"),
        (lambda: regular(np.array([np.nan]), 10), r"rates_hz\[0\] is nan"),
        (lambda: poisson(np.array([np.inf]), 10), r"rates_hz\[0\] is inf"),
        (lambda: poisson(np.ones(2), 10, 0), "dt_ms is 0"),
        (lambda: rates(np.ones(2), 0), "max_rate_hz is 0"),
    ],
)
def test_what_cannot_be_a_rate_is_refused(call, said):
    with pytest.raises(DataError, match=said):
        call()


def test_on_and_off_are_deviations_from_what_is_usual():
    features = np.random.default_rng(0).normal(5, 2, (400, 3))
    features[:, 2] = 4.0
    encoder = OnOff.of(features)
    strengths = encoder.strengths(features)
    assert strengths.shape == (400, 6) and strengths.min() == 0 and strengths.max() <= 3
    signed = strengths[:, :3] - strengths[:, 3:]
    np.testing.assert_allclose(
        signed[:, 0], np.clip((features[:, 0] - features[:, 0].mean()) / features[:, 0].std(), -3, 3)
    )
    assert not strengths[:, [2, 5]].any(), "what never changes says nothing"
    np.testing.assert_array_equal(encoder.strengths(features[7]), strengths[7])


def test_a_population_speaks_from_its_thresholds_on():
    features = np.random.default_rng(0).normal(0, 1, (50, 2))
    encoder = OnOff(np.zeros(2), np.ones(2), 3.0, (-1.0, 0.5))
    found = encoder.strengths(features)
    assert encoder.inputs == 8 and found.shape == (50, 8)
    on, off = np.split(found.reshape(50, 4, 2), 2, axis=1)
    for index, threshold in enumerate((-1.0, 0.5)):
        np.testing.assert_allclose(on[:, index], np.maximum(features - threshold, 0))
        np.testing.assert_allclose(off[:, index], np.maximum(threshold - features, 0))


@given(rates=st.lists(st.floats(0, 1500), min_size=1, max_size=5), steps=st.integers(1, 300))
def test_after_every_time_a_regular_neuron_has_spiked_as_often_as_its_rate_says(rates, steps):
    found = regular(np.array(rates), steps)
    due = np.floor(np.arange(steps + 1)[:, None] * np.minimum(np.array(rates) / 1000, 1) + 1e-9)
    table = np.zeros((steps, len(rates)))
    np.add.at(table, (found.step, found.neuron), 1)
    np.testing.assert_array_equal(np.cumsum(table, axis=0), due[1:])
    assert (np.diff(found.step) >= 0).all()
