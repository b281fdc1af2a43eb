import numpy as np
import pytest

from engine.charts.result_card import WIDTH, result_card

SHARES = {"happy": 0.9, "sad": 0.1, "angry": 0.0}


@pytest.mark.parametrize("size", [(300, 400), (4000, 20), (20, 4000), (1, 1)])
def test_a_card_holds_the_whole_picture_whatever_its_shape(size):
    card = result_card(np.full((*size, 3), (200, 30, 40), np.uint8), "Happy, 90 %", SHARES, ("a line " * 40,))
    assert card.shape[1:] == (WIDTH, 3) and card.dtype == np.uint8 and card.shape[0] < 2200
    high = np.flatnonzero((card == (200, 30, 40)).all(axis=2).any(axis=1))
    wide = np.flatnonzero((card == (200, 30, 40)).all(axis=2).any(axis=0))
    assert len(wide) / len(high) == pytest.approx(size[1] / size[0], rel=0.05) or min(len(wide), len(high)) < 10


def test_the_answer_has_the_longest_bar():
    card = result_card(np.zeros((50, 50, 3), np.uint8), "Happy", SHARES)
    blue = (card == (0x00, 0x72, 0xB2)).all(axis=2).sum(axis=1).max()
    gray = (card == (0x80, 0x80, 0x80)).all(axis=2).sum(axis=1).max()
    assert 8 * gray < blue < 10 * gray


def test_nothing_but_words_makes_a_card():
    assert result_card(np.zeros((5, 5, 3), np.uint8), "", {}).shape[1] == WIDTH
