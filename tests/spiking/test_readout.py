import numpy as np
import pytest

from engine.errors import DataError
from engine.spiking.readout import Readout, ReadoutSettings


def blobs(count=300, seed=0, apart=1.2):
    """Draw three overlapping clouds in ten dimensions, some of which say nothing or are as good as constant."""
    random = np.random.default_rng(seed)
    label = np.arange(count) % 3
    features = random.normal(0, 1, (count, 10))
    features[np.arange(count), label] += apart
    features[:, 9] = 7.0
    return 50 + 4 * features, label


def fitted(seed=1, **options):
    features, label = blobs()
    return Readout.fit(features, np.eye(3)[label], seed=seed, **options)


@pytest.fixture(scope="module")
def taught():
    return fitted()


def test_it_learns_about_as_much_as_logistic_regression(taught):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    features, label = blobs()
    others, true = blobs(seed=1)
    scaler = StandardScaler().fit(features)
    logistic = LogisticRegression().fit(scaler.transform(features), label).score(scaler.transform(others), true)
    found = (taught.probabilities(others).argmax(axis=1) == true).mean()
    assert 0.6 < logistic < 0.9 and found > logistic - 0.05


def test_untaught_it_knows_nothing():
    features, _ = blobs()
    untaught = fitted(settings=ReadoutSettings(epochs=0))
    assert not untaught.network.weights.any()
    np.testing.assert_allclose(untaught.probabilities(features[:5]), 1 / 3)


def test_the_same_seed_gives_the_same_weights_and_answering_changes_nothing(taught):
    features, _ = blobs()
    again = fitted()
    np.testing.assert_array_equal(again.network.weights, taught.network.weights)
    first = taught.counts(features[:20])
    np.testing.assert_array_equal(taught.counts(features[:20]), first)
    np.testing.assert_array_equal(again.network.weights, taught.network.weights)
    assert (fitted(seed=2).network.weights != taught.network.weights).any()


def test_probabilities_follow_the_spikes(taught):
    features, _ = blobs()
    counts, shares = taught.counts(features), taught.probabilities(features)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_array_equal(shares.argmax(axis=1), counts.argmax(axis=1))


@pytest.mark.parametrize("features", [np.zeros((0, 3)), np.zeros(3), np.full((2, 3), np.nan)])
def test_what_it_cannot_learn_from_is_refused(features):
    with pytest.raises(DataError, match="features have the shape"):
        Readout.fit(features, np.zeros((len(features), 2)))
