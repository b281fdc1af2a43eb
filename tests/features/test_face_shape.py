import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from engine.features.action_units import model
from engine.features.face_shape import STEADY, mean_shape, mirrored, straighten

NEUTRAL = model().neutral.astype(float)


@pytest.mark.parametrize("angles", [(0, 0, 0), (20, -10, 5), (-35, 15, 160), (0, 0, 90)])
def test_a_face_that_is_moved_turned_and_scaled_is_brought_back(angles):
    turned = 2.5 * Rotation.from_euler("xyz", angles, degrees=True).apply(NEUTRAL) + (300, 200, -40)
    assert straighten(turned, NEUTRAL) == pytest.approx(NEUTRAL, abs=1e-8)


def test_an_expression_stays_where_the_head_is_taken_out():
    smiling = NEUTRAL.copy()
    smiling[[61, 291], 1] -= 8.0
    turned = Rotation.from_euler("y", 25, degrees=True).apply(smiling)
    away = straighten(turned, NEUTRAL) - NEUTRAL
    assert away[[61, 291], 1] == pytest.approx(-8.0, abs=1e-8)
    assert np.abs(away[list(STEADY)]).max() < 1e-8


def test_a_mirror_image_is_no_turn():
    # The nearest turn of a mirror image is not the mirror image itself.
    assert np.abs(straighten(NEUTRAL * (1, 1, -1), NEUTRAL) - NEUTRAL).max() > 5


def test_points_that_are_all_the_same_are_refused():
    with pytest.raises(ValueError, match="differ"):
        straighten(np.ones((468, 3)), NEUTRAL)


def test_counterparts_lie_in_the_other_half():
    other = mirrored(NEUTRAL)
    for right, left in ((33, 263), (133, 362), (61, 291), (70, 300), (107, 336), (50, 280), (129, 358)):
        assert (other[right], other[left]) == (left, right)
    assert other[[1, 10, 152, 168]].tolist() == [1, 10, 152, 168]


def test_the_mean_shape_of_turned_copies_looks_ahead_and_is_a_hundred_between_the_eyes():
    faces = [
        Rotation.from_euler("xyz", angles, degrees=True).apply(NEUTRAL) * size
        for angles, size in (((5, 10, 20), 2), ((-8, 0, 3), 1), ((0, -15, 0), 5))
    ]
    mean = mean_shape(np.array(faces))
    assert np.linalg.norm(mean[263] - mean[33]) == pytest.approx(100)
    assert (mean[263] - mean[33])[1:] == pytest.approx((0, 0), abs=0.2)
    assert np.abs(straighten(mean, NEUTRAL) - NEUTRAL).max() < 0.5
