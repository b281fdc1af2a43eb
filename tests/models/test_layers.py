import numpy as np
import pytest
from lazily import Lazily

from engine.features.lbp import lbp_3x3

layers = Lazily("engine.models.layers")


def test_planes_of_a_literal_picture():
    gray = np.array([[1, 2, 3], [8, 4, 4], [7, 6, 5]], np.float32)[None, :, :, None]
    planes = np.asarray(layers.LBPPlanes()(gray))
    # Clockwise from the top left: 1 2 3 4 5 6 7 8 against 4, strictly greater.
    assert planes[0, 1, 1].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_codes_are_those_of_the_feature_module():
    gray = np.random.default_rng(0).integers(0, 8, (2, 48, 48)).astype(np.uint8)
    codes = np.asarray(layers.LBPCodes()(layers.LBPPlanes()(gray[..., None].astype(np.float32) / 255)))[..., 0] * 255
    np.testing.assert_array_equal(np.rint(codes), np.stack([lbp_3x3(picture) for picture in gray]))


def test_standardise_gives_mean_0_and_deviation_about_1():
    gray = np.random.default_rng(1).random((1, 48, 48, 1), dtype=np.float32)
    result = np.asarray(layers.Standardise()(gray))
    assert abs(result.mean()) < 1e-5
    assert result.std() == pytest.approx(gray.std() / (gray.std() + 0.02), rel=1e-4)


def test_standardise_leaves_a_flat_picture_at_zero():
    assert not np.asarray(layers.Standardise()(np.full((1, 48, 48, 1), 0.5, np.float32))).any()
