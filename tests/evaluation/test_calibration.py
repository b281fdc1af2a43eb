import numpy as np

from engine.evaluation.calibration import threshold_at


def test_threshold_leaves_the_wanted_share_decided():
    certainty = np.linspace(0.5, 0.995, 1000)
    probabilities = np.stack([certainty, 1 - certainty], axis=1)
    true = (certainty < 0.6).astype(int)
    chosen = threshold_at(probabilities, true, coverage=0.8)
    assert abs(chosen["value"] - np.quantile(certainty, 0.2)) < 1e-3
    assert abs(chosen["coverage"] - 0.8) < 0.002
    assert chosen["accuracy_decided"] > chosen["accuracy_all"]
