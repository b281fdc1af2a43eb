import numpy as np
import pytest

from engine.features.lbp_grid import PATTERNS, UNIFORM
from engine.features.lbp_top import lbp_top


def clip(shape=(7, 12, 14), seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def between(volume, t, y, x):
    """Interpolate linearly along each axis, in doubles."""
    corners = []
    for value, size in zip((t, y, x), volume.shape, strict=True):
        low = min(int(np.floor(value)), size - 1)
        corners.append([(low, 1 - (value - low)), (min(low + 1, size - 1), value - low)])
    return sum(
        share_t * share_y * share_x * volume[at_t, at_y, at_x]
        for at_t, share_t in corners[0]
        for at_y, share_y in corners[1]
        for at_x, share_x in corners[2]
    )


def plainly(volume, blocks, radius):
    """Zhao and Pietikäinen's counts by loops over pixels, planes and neighbours."""
    across, down, time = radius
    margin_x, margin_y, margin_t = (int(np.ceil(value)) for value in radius)
    frames, height, width = volume.shape
    inner_y, inner_x = height - 2 * margin_y, width - 2 * margin_x
    counts = np.zeros((*blocks, 3, PATTERNS))
    for t in range(margin_t, frames - margin_t):
        for y in range(margin_y, height - margin_y):
            for x in range(margin_x, width - margin_x):
                block = ((y - margin_y) * blocks[0] // inner_y, (x - margin_x) * blocks[1] // inner_x)
                codes = [0, 0, 0]
                for p in range(8):
                    sine, cosine = round(np.sin(p * np.pi / 4), 7), round(np.cos(p * np.pi / 4), 7)
                    around = (
                        (t, y - down * sine, x + across * cosine),
                        (t - time * sine, y, x + across * cosine),
                        (t - time * sine, y + down * cosine, x),
                    )
                    for plane, place in enumerate(around):
                        codes[plane] |= int(between(volume, *place) >= volume[t, y, x]) << p
                for plane, code in enumerate(codes):
                    counts[(*block, plane, UNIFORM[code])] += 1
    return (counts / counts.sum(axis=-1, keepdims=True)).ravel()


@pytest.mark.parametrize(
    ("blocks", "radius"), [((1, 1), (1, 1, 1)), ((2, 3), (1, 1, 2)), ((2, 2), (3, 2, 1)), ((3, 2), (1.5, 1, 2.5))]
)
def test_agrees_with_plain_loops(blocks, radius):
    volume = clip()
    found = lbp_top(volume, blocks, radius)
    assert found.shape == (blocks[0] * blocks[1] * 3 * PATTERNS,) and found.dtype == np.float32
    np.testing.assert_allclose(found, plainly(volume.astype(float), blocks, radius), atol=1e-6)


def test_each_block_and_plane_sums_to_one():
    shares = lbp_top(clip((9, 30, 31)), (5, 4)).reshape(20, 3, PATTERNS)
    np.testing.assert_allclose(shares.sum(axis=-1), 1, atol=1e-5)


def test_a_static_clip_looks_the_same_at_all_times():
    frames = np.repeat(clip((1, 20, 20)), 6, axis=0)
    np.testing.assert_array_equal(lbp_top(frames, (2, 2)), lbp_top(frames[:4], (2, 2)))


def test_swapping_rows_and_columns_swaps_two_planes_patterns():
    """XT of the turned clip is YT of the clip: both have time downwards."""
    frames = clip((7, 16, 16))
    straight = lbp_top(frames, (1, 1)).reshape(3, PATTERNS)
    turned = lbp_top(np.ascontiguousarray(frames.transpose(0, 2, 1)), (1, 1)).reshape(3, PATTERNS)
    np.testing.assert_array_equal(straight[1], turned[2])
    np.testing.assert_array_equal(straight[2], turned[1])


def test_only_the_order_of_gray_levels_counts_where_nothing_is_interpolated():
    frames = clip() // 2
    shares = lbp_top(frames, (2, 2))
    brighter = lbp_top((frames + 40).astype(np.uint8), (2, 2))
    np.testing.assert_allclose(shares, brighter, atol=0.02)


@pytest.mark.parametrize(
    ("frames", "blocks", "radius"),
    [
        (clip((2, 20, 20)), (1, 1), (1, 1, 1)),
        (clip((7, 6, 20)), (5, 5), (1, 1, 1)),
        (clip().astype(np.float32), (1, 1), (1, 1, 1)),
        (clip((20, 20)), (1, 1), (1, 1, 1)),
        (clip(), (0, 1), (1, 1, 1)),
        (clip(), (1, 1), (1, 1, 0)),
    ],
)
def test_what_cannot_be_described_is_refused(frames, blocks, radius):
    with pytest.raises(ValueError, match="Expected"):
        lbp_top(frames, blocks, radius)
