import dataclasses

import numpy as np
import pytest

from engine import emotions
from engine.datasets import FaceSet
from engine.errors import DataError
from engine.training.configuration import RECIPES
from engine.training.targets import targets

CONFIGURATION = dataclasses.replace(RECIPES["neuromer"], label_smoothing=0)


def faces(votes=True):
    rows = np.zeros((3, 10), np.int8)
    rows[0, emotions.FERPLUS_COLUMNS.index("sad")] = 10
    rows[1] = -1
    rows[2, emotions.FERPLUS_COLUMNS.index("no face")] = 10
    labels = np.array(["angry", "happy", "contempt"])
    return FaceSet("set", np.zeros((3, 48, 48), np.uint8), labels, votes=rows if votes else None)


def test_given_labels_with_a_share_of_the_votes():
    result = targets(dataclasses.replace(CONFIGURATION, votes_share=0.3), faces(), emotions.SEVEN)
    assert result[0, emotions.SEVEN.index("angry")] == pytest.approx(0.7)
    assert result[0, emotions.SEVEN.index("sad")] == pytest.approx(0.3)
    assert result[1].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert result[2].sum() == 0


def test_smoothing_spreads_over_all_labels():
    result = targets(dataclasses.replace(CONFIGURATION, votes_share=0, label_smoothing=0.07), faces(), emotions.SEVEN)
    assert result[1] == pytest.approx([0.01, 0.01, 0.01, 0.94, 0.01, 0.01, 0.01])
    assert result[2].sum() == 0


def test_votes_need_votes():
    votes = dataclasses.replace(CONFIGURATION, labels="votes")
    assert targets(votes, faces(), emotions.SEVEN)[0, emotions.SEVEN.index("sad")] == 1
    with pytest.raises(DataError, match="no FERPlus votes"):
        targets(votes, faces(votes=False), emotions.SEVEN)


def test_given_labels_need_no_votes():
    assert targets(CONFIGURATION, faces(votes=False), emotions.SEVEN)[0].max() == 1
