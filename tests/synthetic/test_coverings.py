"""Things drawn before faces."""

import numpy as np
import pytest
from skimage import data, transform

from engine.synthetic.covering_shapes import SHAPES
from engine.synthetic.covering_textures import TEXTURES
from engine.synthetic.coverings import FAMILIES, REGIONS, cover

PLACES = {"eyes": [(9, 15, 20, 22), (28, 15, 39, 22)], "mouth": [(16, 33, 32, 41)]}
FACE = (255 * transform.resize(data.astronaut()[40:220, 140:310], (48, 48))).astype(np.uint8)


def covered(region, family, seed):
    return cover(FACE, region, family, np.random.default_rng(seed), [data.chelsea()])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_region_is_hidden_and_the_rest_of_the_face_is_as_it_was(region, family):
    shares = []
    for seed in range(30):
        crop, hidden = covered(region, family, seed)
        assert crop.shape == FACE.shape
        assert crop.dtype == np.uint8
        assert 0 <= hidden.min() <= hidden.max() <= 1 + 1e-6
        bare = hidden < 1e-3
        # A shadow may fall there, nothing else.
        assert (crop[bare] <= FACE[bare] + 1).all()
        places = PLACES[region] if region != "half" else PLACES["eyes"]
        seen = [hidden[top:bottom, left:right].mean() for left, top, right, bottom in places]
        shares.append(max(seen))
    assert np.median(shares) > 0.7


def test_what_is_measured_with_was_not_learnt_from():
    for region in REGIONS:
        assert not SHAPES["learning"][region].keys() & SHAPES["unseen"][region].keys()
    assert not TEXTURES["learning"].keys() & TEXTURES["unseen"].keys()
    assert not set(TEXTURES["learning"].values()) & set(TEXTURES["unseen"].values())


def test_a_seed_draws_the_same():
    for one, other in zip(covered("mouth", "learning", 4), covered("mouth", "learning", 4), strict=True):
        np.testing.assert_array_equal(one, other)
