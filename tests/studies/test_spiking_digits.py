import json

import numpy as np

from engine.__main__ import main
from engine.spiking.competitive import CompetitiveSettings
from engine.studies.spiking_digits import learn


def test_plasticity_is_what_finds_the_digits():
    untaught, taught = learn(0, CompetitiveSettings(epochs=0)), learn(0)
    assert taught["accuracy"] > untaught["accuracy"] + 0.05
    np.testing.assert_allclose(taught["weights"].sum(axis=0), 10, rtol=1e-5)


def test_digits_are_learnt_without_labels():
    found = [learn(seed) for seed in (0, 1)]
    assert np.mean([each["accuracy"] for each in found]) >= 0.90
    assert all(each["n"] == 450 and each["confusion"].sum() == 450 for each in found)
    assert found[0]["weights"].shape == (64, 100) and found[0]["silent"] < 0.01


def test_the_command_sets_it_beside_a_layer_that_does_not_learn(capsys):
    assert main(["study", "spiking-digits", "--seeds", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["digits without labels"]["mean"] >= 0.90 > found["without plasticity"]["mean"]
