import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.features.dynamic_image import (
    DynamicImage,
    dynamic_image,
    rank_pooling_weights,
)

clips = hnp.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 6), st.integers(1, 6), st.integers(1, 3)))


def pooled_in_loops(frames):
    """Rank pooling as it is derived: each mean of the first t frames counts 2t - T - 1."""
    count = len(frames)
    total = np.zeros(frames.shape[1:])
    for t in range(1, count + 1):
        mean = np.zeros(frames.shape[1:])
        for s in range(t):
            mean += frames[s].astype(float) / t
        total += (2 * t - count - 1) * mean
    return total


def streamed(frames):
    stream = DynamicImage()
    for frame in frames:
        stream.push(frame)
    return stream.image()


def test_golden_weights():
    # T = 3: H_3 = 11/6; 6 - 4 * 11/6 = -4/3, 4 - 4 * 5/6 = 2/3, 2 - 4 * 1/3 = 2/3.
    np.testing.assert_allclose(rank_pooling_weights(3), [-4 / 3, 2 / 3, 2 / 3], atol=1e-12)
    # T = 4: H_4 = 25/12; 8 - 125/12, 6 - 65/12, 4 - 35/12, 2 - 5/4.
    np.testing.assert_allclose(rank_pooling_weights(4), [-29 / 12, 7 / 12, 13 / 12, 3 / 4], atol=1e-12)
    assert rank_pooling_weights(1).tolist() == [0]


@pytest.mark.parametrize("count", [1, 2, 7, 60, 10_000])
def test_weights_sum_to_zero(count):
    weights = rank_pooling_weights(count)
    assert abs(weights.sum()) < 1e-12 * max(1, np.abs(weights).sum())


def test_weights_follow_the_formula():
    harmonic = [sum(1 / i for i in range(1, t + 1)) for t in range(21)]
    expected = [2 * (20 - t + 1) - 21 * (harmonic[20] - harmonic[t - 1]) for t in range(1, 21)]
    np.testing.assert_allclose(rank_pooling_weights(20), expected, atol=1e-9)


@given(clips)
@settings(max_examples=60)
def test_both_ways_agree_with_plain_loops(frames):
    expected = pooled_in_loops(frames)
    close = {"rtol": 1e-5, "atol": 1e-5 * 255 * len(frames) ** 2}
    np.testing.assert_allclose(dynamic_image(frames), expected, **close)
    np.testing.assert_allclose(streamed(frames), expected, **close)


def test_golden_picture():
    frames = np.array([[[10, 10]], [[10, 40]], [[10, 100]]], np.uint8)
    np.testing.assert_allclose(dynamic_image(frames), [[0, -4 / 3 * 10 + 2 / 3 * 140]], atol=1e-4)


@given(hnp.arrays(np.uint8, (5, 4, 3)), st.integers(1, 400))
@settings(max_examples=20)
def test_a_static_clip_is_exactly_zero(frame, count):
    frames = np.repeat(frame[None], count, axis=0)
    assert not dynamic_image(frames).any() and not streamed(frames).any()


def test_a_clip_played_backwards_is_not_the_same():
    frames = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((1, 3, 3), np.uint8)
    assert (dynamic_image(frames) > 0).all() and (dynamic_image(frames[::-1]) < 0).all()


def test_a_picture_larger_than_a_block_and_not_contiguous():
    frames = np.random.default_rng(0).integers(0, 256, (9, 90, 140, 3), np.uint8)[:, :, ::2]
    expected = np.tensordot(rank_pooling_weights(9), frames.astype(float), 1)
    np.testing.assert_allclose(dynamic_image(frames), expected, atol=0.01)
    np.testing.assert_allclose(streamed(frames), expected, atol=0.01)


def test_a_stream_may_be_asked_on_the_way():
    frames = np.random.default_rng(1).integers(0, 256, (6, 5, 5), np.uint8)
    stream = DynamicImage()
    for number, frame in enumerate(frames, 1):
        stream.push(frame)
        frame[:] = 0  # whoever pushed may use the array again
        if number == 4:
            middle = stream.image()
    again = np.random.default_rng(1).integers(0, 256, (6, 5, 5), np.uint8)
    np.testing.assert_allclose(middle, dynamic_image(again[:4]), atol=0.01)
    np.testing.assert_allclose(stream.image(), dynamic_image(again), atol=0.01)


@pytest.mark.parametrize(
    "frames", [np.zeros((0, 4, 4), np.uint8), np.zeros((2, 4, 4), np.float32), np.zeros((4, 4), np.uint8)]
)
def test_other_arrays_are_refused(frames):
    with pytest.raises(ValueError, match="Expected"):
        dynamic_image(frames)


def test_a_stream_refuses_another_shape_and_an_empty_clip():
    stream = DynamicImage()
    with pytest.raises(ValueError, match="at least 1 frame"):
        stream.image()
    stream.push(np.zeros((4, 4), np.uint8))
    with pytest.raises(ValueError, match=r"\(4, 4\).*\(4, 5\)"):
        stream.push(np.zeros((4, 5), np.uint8))
    assert stream.count == 1
