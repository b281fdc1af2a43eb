import numpy as np
import pytest

from engine.features.gabor import gabor_kernel
from engine.spiking import energy, stimuli
from engine.spiking.network import Network
from engine.spiking.picture_simulation import NEUROMER, PUBLISHED, preset, simulate_picture
from engine.spiking.raster import Raster
from engine.spiking.simulation_trace import record_trace


def test_a_multiply_add_is_a_multiplication_and_an_addition():
    assert pytest.approx(4.6) == energy.MULTIPLY_ADD_PJ
    assert energy.Work("", 1_000_000, 0).microjoules == pytest.approx(0.9)
    assert energy.Work("", 0, 1_000_000).microjoules == pytest.approx(4.6)


def test_the_filters_cost_a_multiply_add_for_each_tap_and_pixel():
    taps = sum(gabor_kernel(0.0, scale).size for scale in energy.SCALES)
    assert energy.gabor_multiply_adds() == 8 * 2 * taps * 48 * 48 == 29_270_016


def test_the_cnn_lstm_has_as_many_multiply_adds_as_its_layers_say():
    import keras

    from engine.models.cnn_lstm import neuromer_cnn_lstm

    one_look, last = 0, 0
    for layer in neuromer_cnn_lstm().layers:
        if isinstance(layer, keras.layers.Conv2D):
            one_look += int(np.prod(layer.kernel.shape)) * int(np.prod(layer.output.shape[1:3]))
        elif isinstance(layer, keras.layers.LSTM):
            cell = layer.cell
            one_look += layer.input.shape[1] * int(np.prod(cell.kernel.shape) + np.prod(cell.recurrent_kernel.shape))
        elif isinstance(layer, keras.layers.Dense):
            last += int(np.prod(layer.kernel.shape))
    assert energy.cnn_lstm_multiply_adds() == 2 * one_look + last == 315_312_768
    assert energy.cnn_lstm_multiply_adds(looks=1) == one_look + last


def test_the_shipped_default_is_the_network_that_is_counted():
    from engine.models import shipped

    card = shipped.load().card
    assert card["architecture"]["name"] == "neuromer_cnn_lstm" and len(card["labels"]) == 7
    assert card["training"]["configuration"]["mirror"] and not card["training"]["configuration"]["options"]


def test_every_spike_that_arrives_is_an_addition():
    spikes = Raster.of([0, 1, 2], [0, 1, 0], 10, 2)
    alone = record_trace(Network(np.full((2, 3), 0.1)), spikes, "abc", "digit")
    assert energy.synaptic_operations(alone) == 3 * 3
    loud = record_trace(Network(np.full((2, 3), 0.9), gain_mv=90, inhibition_mv=1), spikes, "abc", "digit")
    assert energy.synaptic_operations(loud) == 3 * 3 + len(loud.outputs) * 2 and len(loud.outputs) > 0


def test_a_runs_parts_add_up_and_the_encoding_is_most_of_it():
    shown = simulate_picture(preset(NEUROMER, "face"), stimuli.face(np.eye(48, dtype=np.uint8) * 200))
    spikes, leak, encoding, cnn = energy.works(shown)
    assert leak.multiply_adds == 400 * 3 and spikes.additions == energy.synaptic_operations(shown)
    assert encoding.microjoules == pytest.approx(29_270_016 * 4.6e-6)
    assert encoding.microjoules > 100 * (spikes.microjoules + leak.microjoules)
    assert cnn.microjoules > encoding.microjoules


def test_the_published_run_pays_for_its_72_filters_and_a_digit_for_none():
    published = energy.works(simulate_picture(preset(PUBLISHED, "digit"), stimuli.digit(0)))
    assert published[0].additions == 0 and published[2].multiply_adds == 72 * 25 * 48 * 48 + 144 * 3
    assert energy.works(simulate_picture(preset(NEUROMER, "digit"), stimuli.digit(0)))[2].microjoules == 0
