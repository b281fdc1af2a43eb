import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data
from told import Told

from engine.bench.pictures import altered, pictures_with_copies
from engine.datasets.duplicate_candidates import WINDOW, duplicate_candidates
from engine.datasets.duplicates import BLANK, MirrorUnionFind, find_copies, groups_found
from engine.tasks import SILENT, Cancelled


def photographs():
    """Crops that show different things: 100 small faces, and parts of scikit-image's photographs."""
    faces = [
        cv2.resize(np.uint8(255 * face), (48, 48), interpolation=cv2.INTER_CUBIC) for face in data.lfw_subset()[:100]
    ]
    parts = [
        cv2.resize(photo[row : row + 120, column : column + 120], (48, 48), interpolation=cv2.INTER_AREA)
        for photo in (data.camera(), data.astronaut()[..., 1], data.coins(), data.coffee()[..., 0])
        for row in (0, 120)
        for column in (0, 130, 260)
    ]
    return np.stack(faces + parts)


def face(row=0, column=0, side=110):
    """The astronaut's face, cut out of the photograph."""
    part = data.astronaut()[60 + row : 60 + row + side, 170 + column : 170 + column + side, 1]
    return cv2.resize(part, (48, 48), interpolation=cv2.INTER_AREA)


def as_jpeg(crop, quality=40):
    return cv2.imdecode(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def with_watermark(crop):
    return cv2.putText(crop.copy(), "stock", (4, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 230)


COPIES = {
    "equal": face(),
    "encoded anew": as_jpeg(face()),
    "brighter": np.clip(face() * 1.3 + 20, 0, 255).astype(np.uint8),
    "darker, less contrast": (face() * 0.4 + 10).astype(np.uint8),
    "cut out further right and down": face(6, 9),
    "cut out wider": face(-6, -6, 124),
    "cut out closer": face(5, 5, 98),
    "smaller for a while": cv2.resize(cv2.resize(face(), (32, 32), interpolation=cv2.INTER_AREA), (48, 48)),
    "with a watermark": with_watermark(face()),
    "mirrored": face()[:, ::-1],
    "mirrored, brighter, encoded anew, cut out otherwise": as_jpeg(
        np.clip(face(5, -5, 104)[:, ::-1] * 1.2, 0, 255).astype(np.uint8)
    ),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_among_different_pictures_is_found_and_nothing_else(how):
    copies = find_copies(np.concatenate([[face()], photographs(), [COPIES[how]]]))
    assert copies.group.tolist() == [*range(125), 0]
    assert copies.mirrored.tolist() == [False] * 125 + ["mirrored" in how]
    assert copies.pairs.tolist() == [[0, 125]]


def test_all_copies_together_are_one_group():
    copies = find_copies(np.stack([*COPIES.values(), *photographs()]))
    assert set(copies.group[: len(COPIES)].tolist()) == {0}
    assert copies.mirrored[: len(COPIES)].tolist() == ["mirrored" in how for how in COPIES]
    assert len(copies.pairs) == len(COPIES) - 1


def test_another_photograph_of_the_same_thing_is_no_copy():
    # A face with other eyes and another mouth: the same in the large.
    other = face()
    other[14:22, 8:40] = other[14:22, 8:40][::-1]
    other[30:40, 12:36] = other[30:40, 12:36][::-1, ::-1]
    assert find_copies(np.stack([face(), other])).group.tolist() == [0, 1]


def test_blank_pictures_are_copies_only_when_equal():
    gray = np.full((48, 48), 90, np.uint8)
    almost = gray.copy()
    almost[20, 20] = 93
    assert almost.std() < BLANK
    copies = find_copies(np.stack([gray, gray + 1, gray, almost, face()]))
    assert copies.group.tolist() == [0, 1, 0, 2, 3]
    assert copies.pairs.tolist() == [[0, 2]]


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_pictures_for_a_copy(count):
    copies = find_copies(photographs()[:count])
    assert copies.group.tolist() == [0] * count
    assert copies.pairs.shape == (0, 2) and len(np.unique(copies.group)) == len(copies.group)


def test_pictures_of_another_form_are_refused():
    with pytest.raises(ValueError, match=r"Expected \(n, 48, 48\) uint8"):
        find_copies(np.zeros((2, 40, 48), np.uint8))


def test_known_copies_are_found_and_the_order_does_not_matter():
    pictures, group = pictures_with_copies(600, seed=4)
    found = find_copies(pictures)
    whole, groups, _, _ = groups_found(group, found.group)
    _, _, right, pairs = groups_found(found.group, group)
    assert whole >= 0.97 * groups and groups > 100
    assert right == pairs
    order = np.random.default_rng(0).permutation(600)
    again = find_copies(pictures[order])
    assert groups_found(found.group[order], again.group)[0] >= 0.99 * groups


def test_comparisons_grow_with_the_number_of_pictures_not_with_its_square():
    pictures, _ = pictures_with_copies(1600)
    compared = [find_copies(pictures[:count]).compared / count for count in (400, 1600)]
    # All pairs would be four times as many a picture; the bound is views, orders and neighbours multiplied.
    assert compared[1] < 1.05 * compared[0]
    assert max(compared) <= 20 * 16 * WINDOW


def test_many_pictures_that_are_alike_cost_no_more():
    # Frames of one recording: every one is near every other.
    random = np.random.default_rng(3)
    frames = np.clip(face()[None] + random.normal(0, 2, (400, 48, 48)), 0, 255).astype(np.uint8)
    copies = find_copies(frames)
    assert set(copies.group.tolist()) == {0}
    assert len(copies.pairs) == 399 and copies.compared <= 400 * 20 * 16 * WINDOW


def test_a_pair_is_proposed_once_with_the_place_where_it_lies():
    wider = face(-6, -6, 124)
    proposed = duplicate_candidates(np.stack([face(), wider]), SILENT)
    straight = np.flatnonzero(~proposed.mirrored)
    assert len(straight) == 1
    scale, right, down = proposed.placing[straight[0]]
    # 110 pixels of the photograph lie on 48 here, 124 there.
    assert scale == pytest.approx(110 / 124, abs=0.1)
    assert abs(right) < 3 and abs(down) < 3


def test_it_tells_how_far_it_is_and_can_be_stopped():
    progress = Told()
    find_copies(photographs(), progress)
    told = progress.steps
    assert {words for _, _, words in told} == {
        "describing pictures",
        "looking for alike pictures",
        "comparing alike pictures",
    }
    assert all(0 <= done <= total for done, total, _ in told)
    for words in {words for _, _, words in told}:
        progress = Told(lambda words=words: progress.steps and progress.steps[-1][2] == words)  # noqa: B023
        with pytest.raises(Cancelled):
            find_copies(photographs(), progress)


def test_groups_found_by_hand():
    reference = np.array([5, 5, 5, 7, 7, 8, 9])
    found = np.array([0, 0, 1, 2, 2, 2, 3])
    assert groups_found(reference, found) == (1, 2, 2, 4)
    assert groups_found(reference, reference) == (2, 2, 4, 4)
    assert groups_found(reference, np.arange(7)) == (0, 2, 0, 4)


links = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)


@given(links, st.lists(st.booleans(), min_size=10, max_size=10))
@settings(max_examples=100, deadline=None)
def test_forest_keeps_connected_components_and_how_members_are_turned(links, turned):
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    groups = MirrorUnionFind(10)
    for one, other in links:
        groups.link(one, other, turned[one] != turned[other])
    roots, mirrored = groups.sets()
    ones, others = np.array(links, int).reshape(-1, 2).T
    component = connected_components(coo_array((np.ones(len(ones)), (ones, others)), shape=(10, 10)), directed=False)[1]
    assert groups_found(component, roots)[2:] == groups_found(roots, component)[2:]
    assert all(roots[member] == np.flatnonzero(roots == roots[member])[0] for member in range(10))
    assert mirrored.tolist() == [turned[member] != turned[roots[member]] for member in range(10)]
    assert groups.together(ones, others).all()


def test_an_altered_copy_is_altered():
    picture = face()
    copies = [altered(picture, np.random.default_rng(seed)) for seed in range(5)]
    assert all(copy.shape == (48, 48) and copy.dtype == np.uint8 for copy in copies)
    assert all(np.abs(copy.astype(int) - picture).mean() > 2 for copy in copies)
