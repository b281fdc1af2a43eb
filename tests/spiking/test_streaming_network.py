import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spiking.encoding import OnOff, RegularSpikes, regular
from engine.spiking.network import Network
from engine.spiking.neuron import Neuron
from engine.spiking.readout import Readout, ReadoutSettings
from engine.spiking.streaming_network import KEPT_MS, StreamingNetwork


def spikes_of(raster):
    return raster.step.tolist(), raster.neuron.tolist()


@given(
    st.lists(st.floats(0, 1500), min_size=1, max_size=6),
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
)
def test_spikes_in_pieces_are_the_spikes_of_the_whole(rates_hz, pieces):
    ongoing, begin, step, neuron = RegularSpikes(len(rates_hz)), 0, [], []
    for steps in pieces:
        part = ongoing.next(rates_hz, steps)
        step += (part.step + begin).tolist()
        neuron += part.neuron.tolist()
        begin += steps
    assert (step, neuron) == spikes_of(regular(np.array(rates_hz), begin))


def test_rates_that_change_keep_the_mean():
    ongoing = RegularSpikes(1)
    fired = sum(len(ongoing.next([100.0 if turn % 2 else 3.0], 33)) for turn in range(100))
    assert fired == pytest.approx((100 + 3) * 0.033 * 50, abs=1)


@pytest.mark.parametrize("rates_hz", [[1.0], [1.0, -1.0], [np.nan, 0.0]])
def test_rates_that_cannot_be_are_refused(rates_hz):
    with pytest.raises(DataError):
        RegularSpikes(2).next(rates_hz, 5)


def readout():
    random = np.random.default_rng(0)
    made = Readout(OnOff.of(random.normal(size=(50, 6)), thresholds=(0.0,)), 3, ReadoutSettings(thresholds=(0.0,)))
    made.network.weights[:] = random.normal(0, 0.3, made.network.weights.shape)
    return made


def ongoing_of(made, **options):
    return StreamingNetwork(made.network, made.settings.current_mv, made.settings.picture_ms, **options)


def test_a_picture_that_stays_is_answered_as_one_that_is_shown():
    made, picture = readout(), np.array([1.0, -0.5, 0.2, 2.0, -1.5, 0.0])
    whole, pieces = made.counts(picture[None])[0], ongoing_of(readout())
    rates_hz = made.encoder.strengths(picture) * made.settings.hz_per_deviation
    # 400 ms in frames of a thirtieth of a second: 33.3 steps each.
    done = [pieces.advance(rates_hz, 1000 / 30) for _ in range(12)]
    assert sum(done) == 400 and set(done) == {33, 34}
    assert pieces.counts().tolist() == whole.tolist() and whole.sum() > 0
    shown = pieces.trace("abc", "embedding")
    assert shown.outputs.counts().tolist() == whole.tolist() and shown.inputs.steps == 400
    assert spikes_of(shown.inputs) == spikes_of(made.spikes(picture))
    assert shown.potentials_mv.shape == shown.thresholds_mv.shape == (400, 3) and shown.time_ms[-1] == 400
    assert shown.decision == "abc"[whole.argmax()]


def test_only_the_window_counts_and_only_the_latest_time_is_kept():
    neuron = Neuron(tau_m_ms=10.0, e_l_mv=-70.0, v_th_mv=-69.5, v_r_mv=-70.0, t_ref_ms=0.0)
    ongoing = StreamingNetwork(Network(np.ones((1, 1)), neuron), window_ms=100)
    for _ in range(3 * KEPT_MS // 50):
        ongoing.advance(np.array([1000.0]), 50)
    assert ongoing.counts()[0] <= 100
    # A potential that a spike of every step raises fires in every other step at least.
    assert ongoing.counts()[0] >= 50
    assert KEPT_MS <= ongoing.steps < KEPT_MS + 50
    for _ in range(2):
        ongoing.advance(np.array([0.0]), 50)
    assert ongoing.counts()[0] <= 1


def test_time_that_stands_still_and_a_long_gap():
    ongoing = ongoing_of(readout(), most_ms=200.0)
    assert ongoing.advance(np.zeros(12), 0.0) == 0 and ongoing.trace("abc", "embedding") is None
    assert ongoing.advance(np.zeros(12), 0.6) == 0 and ongoing.advance(np.zeros(12), 0.6) == 1
    assert ongoing.advance(np.zeros(12), 1e7) == 200
    ongoing.rest()
    assert ongoing.steps == 0 and ongoing.counts().tolist() == [0, 0, 0]


def test_windows_are_times_whatever_the_step():
    neuron = Neuron(tau_m_ms=10.0, e_l_mv=-70.0, v_th_mv=-69.5, v_r_mv=-70.0, t_ref_ms=0.0)
    network = Network(np.ones((1, 1)), neuron, dt_ms=0.5, gain_mv=5.0)
    streaming = StreamingNetwork(network, window_ms=100)
    for _ in range(3 * KEPT_MS // 50):
        assert streaming.advance(np.array([2000.0]), 50.0) == 100
    # A spike in every step of half a millisecond; those that come while it fires are lost.
    assert streaming.counts()[0] == 100
    assert KEPT_MS <= streaming.steps * network.dt_ms < KEPT_MS + 50
    trace = streaming.trace(["only"], "digit")
    assert trace.time_ms[-1] == trace.inputs.steps * 0.5 and trace.dt_ms == 0.5
