"""Agreement with an independent simulator, spike for spike."""

import json

import numpy as np
import pytest
from brian2_networks import STORED, cases

from engine.spiking.case import run

STORED_RUNS = json.loads(STORED.read_text())


@pytest.mark.parametrize("stored", STORED_RUNS, ids=lambda stored: f"dt {stored['case']['dt_ms']:g} ms")
def test_spikes_weights_and_potentials_are_those_of_brian2(stored):
    found, expected = run(stored["case"]), stored["brian2"]
    assert found["spikes"] == expected["spikes"] and len(found["spikes"]) > 50
    np.testing.assert_allclose(found["weights"], expected["weights"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["potentials_mv"], expected["potentials_mv"], rtol=0, atol=1e-9)
    assert np.abs(np.array(expected["weights"]) - stored["case"]["weights"]).max() > 0.1, "nothing was learnt"


def test_what_is_stored_is_what_the_script_asks_for():
    assert [stored["case"] for stored in STORED_RUNS] == list(cases())
