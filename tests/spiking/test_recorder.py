import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spiking import Network, PairSTDP, Raster
from engine.spiking.recorder import QUANTITIES, Recorder


def recorded(steps=200, **options):
    spikes = Raster.of_table(np.random.default_rng(0).random((steps, 6)) < 0.2)
    network = Network(np.full((6, 3), 0.4), gain_mv=9, stdp=PairSTDP())
    recorder = Recorder(**options)
    found = network.run(spikes, callback=recorder.record, callback_every=recorder.every_steps)
    return network, recorder, found


def test_every_quantity_is_sampled_as_it_is():
    network, recorder, _ = recorded(quantities=QUANTITIES, every_steps=5)
    assert recorder.step.tolist() == list(range(5, 201, 5))
    assert recorder["potentials_mv"].shape == recorder["thresholds_mv"].shape == (40, 3)
    assert recorder["weights"].shape == (40, 6, 3)
    np.testing.assert_array_equal(recorder["weights"][-1], network.weights)
    np.testing.assert_array_equal(recorder["traces_pre"][-1], network.traces[0])
    np.testing.assert_array_equal(recorder["traces_post"][-1], network.traces[1])
    np.testing.assert_array_equal(recorder["potentials_mv"][-1], network.potentials_mv)


def test_some_outputs_alone():
    _, recorder, _ = recorded(quantities=QUANTITIES, every_steps=50, outputs=(2,))
    assert recorder["weights"].shape == (4, 6, 1) and recorder["traces_post"].shape == (4, 1)
    assert recorder["traces_pre"].shape == (4, 6)


def test_recording_does_not_disturb():
    network, _, found = recorded(quantities=("weights",), every_steps=3)
    other, _, same = recorded(quantities=("potentials_mv",), every_steps=200)
    np.testing.assert_array_equal(network.weights, other.weights)
    np.testing.assert_array_equal(found.step, same.step)


@given(steps=st.integers(1, 300), every=st.integers(1, 9), most=st.integers(2, 20))
def test_it_stays_within_its_bound_and_spans_the_whole_time_evenly(steps, every, most):
    recorder = Recorder(every_steps=every, max_samples=most)
    network = Network(np.zeros((1, 1)))
    network.run(Raster.of([], [], steps, 1), callback=recorder.record, callback_every=every)
    gaps = np.diff(recorder.step)
    assert len(recorder.step) < most and len(np.unique(gaps)) <= 1
    if steps >= every:
        assert len(recorder.step) >= min(steps // every, most // 2)
        assert steps - recorder.step[-1] < (gaps[0] if len(gaps) else 2 * steps)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"quantities": ("colour",)}, "no 'colour'"),
        ({"every_steps": 0}, "every_steps is 0"),
        ({"max_samples": 1}, "max_samples is 1"),
    ],
)
def test_what_cannot_be_recorded_is_refused(options, said):
    with pytest.raises(DataError, match=said):
        Recorder(**options)
