import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking.competitive import CompetitiveLayer, CompetitiveSettings, OutputLabels

SMALL = CompetitiveSettings(outputs=6, epochs=4)


def kinds(count=60, seed=0):
    """Make pictures of three kinds: each lights up another third of 30 inputs, in noise."""
    random = np.random.default_rng(seed)
    label = np.arange(count) % 3
    pictures = random.uniform(0, 0.2, (count, 30))
    for at, kind in enumerate(label):
        pictures[at, 10 * kind : 10 * kind + 10] += random.uniform(0.5, 1, 10)
    return pictures, label


def test_outputs_come_to_stand_for_the_kinds_that_there_are():
    pictures, label = kinds()
    layer = CompetitiveLayer(30, SMALL).fit(pictures)
    names = OutputLabels.of(layer.counts(pictures), label, 3)
    others, true = kinds(seed=1)
    assert (names.answers(layer.counts(others)) == true).mean() > 0.95


def test_the_same_seed_gives_the_same_network_and_answering_changes_nothing():
    pictures, _ = kinds()
    first, again = (CompetitiveLayer(30, SMALL, seed=5).fit(pictures) for _ in range(2))
    np.testing.assert_array_equal(first.network.weights, again.network.weights)
    counts = first.counts(pictures)
    np.testing.assert_array_equal(first.counts(pictures), counts)
    np.testing.assert_array_equal(first.network.weights, again.network.weights)
    assert (CompetitiveLayer(30, SMALL, seed=6).fit(pictures).network.weights != first.network.weights).any()


def test_nobody_fires_for_a_picture_of_nothing_and_what_is_no_strength_is_refused():
    pictures, _ = kinds()
    layer = CompetitiveLayer(30, SMALL).fit(np.vstack([pictures, np.zeros(30)]))
    assert not layer.counts(np.zeros((1, 30))).any()
    with pytest.raises(DataError, match=r"rates_hz\[3\] is -"):
        layer.counts(np.where(np.arange(30) == 3, -1.0, 1.0)[None])
