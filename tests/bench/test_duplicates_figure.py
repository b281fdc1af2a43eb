import numpy as np

from engine.bench.figures.duplicates import quality
from engine.bench.pictures import COPIED, pictures_with_copies


def test_quality_counts_groups_found_and_pairs_that_are_none():
    known = np.array([0, 0, 1, 1, 2, 3])
    assert quality(known, known) == "groups found: 100.0%, pairs that are no copies: 0.0%"
    assert quality(known, np.array([0, 0, 1, 2, 3, 3])) == "groups found: 50.0%, pairs that are no copies: 50.0%"
    assert quality(known, np.arange(6)) == "groups found: 0.0%, pairs that are no copies: 0.0%"


def test_a_quarter_of_the_pictures_are_copies_and_the_seed_decides():
    pictures, group = pictures_with_copies(80, seed=1)
    assert pictures.shape == (80, 48, 48) and pictures.dtype == np.uint8
    assert len(np.unique(group)) == 80 * (1 - COPIED)
    again, same = pictures_with_copies(80, seed=1)
    np.testing.assert_array_equal(pictures, again)
    np.testing.assert_array_equal(group, same)
    assert not np.array_equal(pictures, pictures_with_copies(80, seed=2)[0])
