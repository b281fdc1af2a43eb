from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.features.aligned_face import align_face
from engine.features.face_regions import REGIONS
from engine.features.region_motion import RegionMotion
from tests.recognition.bent_faces import OUTER, SIDE, apart, bent, marks

JITTER = 0.7  # pixels of the photo by which each point of the mesh is off, in each picture anew
# Lids and what is between them are told by other signs; a horizontal brow says little of sideways motion.
FIRM = [number for number, name in enumerate(REGIONS) if "eye" not in name]


def sample(picture, matrix=None, time_s=0.0, seed=0, jitter=JITTER):
    return align_face(picture, marks(matrix, jitter, seed), time_s)


def moved(picture, matrix=None, resting=None):
    """Return how far the regions are in a second picture from where they are in the first."""
    follow = RegionMotion()
    first = follow.update(sample(bent(noise=1) if resting is None else resting, seed=1))
    second = follow.update(sample(picture, matrix, 1 / 30, seed=2))
    return second.displacement - first.displacement, second


def similar(dx=0.0, dy=0.0, degrees=0.0, scale=1.0):
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, scale)
    matrix[:, 2] += dx, dy
    return matrix


@pytest.mark.parametrize(
    "matrix", [similar(7.3, -4.6), similar(degrees=6), similar(scale=1.07), similar(-5, 6, -4, 0.95)]
)
def test_a_head_that_moves_in_the_plane_shows_no_expression(matrix):
    found, motion = moved(bent(matrix=matrix, noise=1, seed=3), matrix)
    assert np.abs(found[FIRM]).max() < 0.5  # percent of the distance between the eyes: a quarter of a pixel of the crop
    assert np.median(np.abs(found[FIRM])) < 0.1
    assert motion.likeness > 0.9


@pytest.mark.parametrize(("yaw", "pitch"), [(0.07, 0), (0, 0.06), (-0.05, 0.04)])
def test_a_head_that_turns_shows_little(yaw, pitch):
    found, _ = moved(bent(yaw=yaw, pitch=pitch, noise=1, seed=3))
    assert np.median(np.abs(found[FIRM])) < 0.25
    assert np.abs(found[FIRM]).max() < 1.3


def test_other_light_shows_nothing():
    found, _ = moved(bent(light=(0.75, 0.2), noise=1, seed=3))
    assert np.abs(found[FIRM]).max() < 0.4


@pytest.mark.parametrize("percent", [0.6, 1.5, 4.0, 8.0])
def test_a_region_that_moves_is_measured(percent):
    # The mesh is told nothing of it. The fit of the head takes a little of it for its own: 4 to 14 % are missing.
    found, _ = moved(bent({"corner": percent / 100}, noise=1, seed=3))
    here = REGIONS.index("left mouth corner")
    assert np.linalg.norm(found[here]) == pytest.approx(percent, rel=0.15, abs=0.06)
    assert found[here] @ (0.6, -0.8) == pytest.approx(np.linalg.norm(found[here]), rel=0.03)
    assert np.linalg.norm(found[REGIONS.index("right brow")]) < 0.1 * percent + 0.15


def test_displacement_is_in_percent_of_the_distance_between_the_outer_corners_of_the_eyes():
    points = sample(bent(), jitter=0).points
    assert np.linalg.norm(points[OUTER[0]] - points[OUTER[1]]) == pytest.approx(56, abs=4)
    assert apart() > 60


def test_eyes_that_are_shut_no_longer_look_alike():
    closed = bent()
    for upper, lower in ((159, 145), (386, 374)):
        middle = marks().points[[upper, lower], :2].mean(axis=0)
        x, y = (int(value) for value in middle)
        cv2.ellipse(closed, (x, y), (18, 9), 0, 0, 360, tuple(int(value) for value in closed[y + 14, x]), -1)
    open_, shut = moved(bent(noise=1, seed=3))[1].eyes, moved(closed)[1].eyes
    assert open_.min() > 0.9 and shut.max() < 0.5


def test_nothing_is_told_of_what_is_no_face():
    follow = RegionMotion()
    before = follow.update(sample(bent()))
    picture = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3), np.uint8)
    after = follow.update(sample(picture, time_s=0.03))
    assert after.likeness < 0.5
    assert np.array_equal(after.displacement, before.displacement)


def test_another_resting_frame_goes_on_from_where_the_last_one_was():
    follow, raised = RegionMotion(), bent({"brows up": 0.05})
    follow.update(sample(bent(), jitter=0))
    before = follow.update(sample(raised, time_s=0.1, jitter=0)).displacement
    turned = replace(sample(raised, time_s=0.2, jitter=0), pose_deg=np.array([15, 0, 0], np.float32))
    follow.update(turned)
    after = follow.update(replace(turned, time_s=0.3)).displacement
    brow = REGIONS.index("right brow")
    assert before[brow, 1] < -2
    assert np.abs(after - before).max() < 0.05


def test_resting_frames_do_not_pile_up():
    follow = RegionMotion()
    for number in range(40):
        pose = np.array([15 * (number % 12), 0, 0], np.float32)
        follow.update(replace(sample(bent(), time_s=number / 30, jitter=0), pose_deg=pose))
    assert len(follow._resting) <= 4


def test_a_sample_is_a_square_of_one_size_from_any_picture():
    large = cv2.resize(bent(), None, fx=5.3, fy=5.3, interpolation=cv2.INTER_CUBIC)
    points = marks()
    scaled = replace(points, points=points.points * np.float32(5.3))
    one, other = align_face(bent(), points, 0.5), align_face(large, scaled, 0.5)
    assert one.gray.shape == other.gray.shape == (128, 128) and one.gray.dtype == np.uint8
    assert np.abs(one.points - other.points).max() < 0.05
    assert np.abs(one.gray.astype(int) - other.gray).mean() < 3
    assert one.eyes_open == pytest.approx(other.eyes_open, rel=1e-3) and 0.15 < one.eyes_open < 0.4
    assert one.time_s == 0.5 and one.pose_deg.shape == (3,) and one.depth.shape == (468,)


def test_a_face_half_out_of_the_picture_can_still_be_followed():
    matrix = similar(dx=-110)
    found, motion = moved(bent(matrix=matrix), matrix)
    assert np.isfinite(found).all() and 0 <= motion.likeness <= 1


def test_what_is_no_picture_or_no_mesh_is_refused():
    with pytest.raises(ValueError, match="RGB picture"):
        align_face(bent()[..., 0], marks(), 0.0)
    with pytest.raises(ValueError, match="468"):
        align_face(bent(), replace(marks(), points=np.zeros((10, 3), np.float32)), 0.0)
    with pytest.raises(ValueError, match="differ"):
        align_face(bent(), replace(marks(), points=np.zeros((468, 3), np.float32)), 0.0)
