import numpy as np
import pytest

from engine.recognition.importance import attention_maps, occlusion_map, response_maps


def test_responses_are_stretched_in_order_and_keep_their_place():
    stem = np.zeros((1, 56, 56), np.float32)
    stem[0, :28, 28:] = 2
    outputs = {"probabilities": np.ones((1, 3)), "response_stem": stem, "response_hybrid": np.ones((1, 4, 4))}
    found = response_maps(outputs, (112, 96))
    assert list(found) == ["stem", "hybrid"]
    assert found["stem"].shape == (112, 96) and found["stem"].dtype == np.float32
    assert found["stem"][10, 90] == 2 and found["stem"][100, 90] == 0 and found["stem"][10, 5] == 0
    np.testing.assert_allclose(found["hybrid"], 1)
    assert response_maps({"probabilities": np.ones((1, 3))}, (8, 8)) == {}


def test_attention_is_one_where_all_are_attended_alike():
    attended = np.full((1, 8, 4, 3), 1 / 96, np.float32)
    np.testing.assert_allclose(attention_maps({"attended": attended}, (48, 48)), 1, atol=1e-5)


def test_attention_lies_over_its_region_and_frame():
    attended = np.zeros((1, 8, 4, 3), np.float32)
    attended[0, 5, 3, 1] = 1
    found = attention_maps({"attended": attended}, (48, 30))
    assert found.shape == (8, 48, 30) and found.dtype == np.float32
    assert {axis: np.unique(places).tolist() for axis, places in enumerate(np.nonzero(found))} == {
        0: [5],
        1: list(range(36, 48)),
        2: list(range(10, 20)),
    }


def test_attention_that_is_not_told_is_refused():
    with pytest.raises(ValueError, match=r"'attended'.*probabilities"):
        attention_maps({"probabilities": np.ones((1, 3))}, (8, 8))


def corner(maps):
    """Answer by the mean of u in the upper left 7×7 alone."""
    share = maps[:, :7, :7, 0].mean(axis=(1, 2)) / 255
    return np.stack([1 - share, share], axis=1)


def test_occlusion_finds_what_the_answer_hangs_on():
    flow = np.zeros((28, 28, 3), np.uint8)
    flow[:7, :7, 0] = 255
    found = occlusion_map(corner, flow, 1)
    assert found.shape == (28, 28) and found.dtype == np.float32
    assert found[0, 0] == pytest.approx(1) and np.abs(found[14:, 14:]).max() == 0
    np.testing.assert_allclose(found, -occlusion_map(corner, flow, 0), atol=1e-6)


@pytest.mark.parametrize(("side", "patch"), [(28, 7), (20, 20), (13, 1), (30, 8)])
def test_every_pixel_is_covered(side, patch):
    flow = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    assert np.isfinite(occlusion_map(lambda maps: np.ones((len(maps), 1)), flow, 0, patch)).all()


def test_a_patch_larger_than_the_map_is_refused():
    with pytest.raises(ValueError, match="patch of 29"):
        occlusion_map(corner, np.zeros((28, 28, 3), np.uint8), 1, 29)
