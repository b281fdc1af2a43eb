import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.features.gabor import (
    SCALES,
    Scale,
    gabor_energy,
    gabor_kernel,
    gabor_responses,
    pooled,
)


@given(angle=st.floats(0, np.pi), phase=st.floats(0, 2 * np.pi), sigma=st.floats(0.8, 6), wavelength=st.floats(2.5, 16))
def test_a_kernel_has_no_mean_and_unit_energy(angle, phase, sigma, wavelength):
    kernel = gabor_kernel(angle, Scale(sigma, wavelength), phase_rad=phase).astype(float)
    assert abs(kernel.sum()) < 1e-5 and (kernel**2).sum() == pytest.approx(1, abs=1e-5)
    assert kernel.shape == (2 * np.ceil(3 * sigma) + 1,) * 2


def test_it_is_opencvs_kernel_where_that_one_has_no_mean():
    # A whole number of half waves off the middle, the sine, is odd: nothing has to be subtracted.
    scale = Scale(3.0, 7.0)
    ours = gabor_kernel(0.6, scale, phase_rad=np.pi / 2)
    theirs = cv2.getGaborKernel((19, 19), 3.0, 0.6, 7.0, 0.5, np.pi / 2, cv2.CV_64F)
    theirs /= np.linalg.norm(theirs)
    assert min(np.abs(ours - theirs).max(), np.abs(ours - theirs[::-1, ::-1]).max()) < 1e-6


@pytest.mark.parametrize("level", [0, 90, 255])
def test_brightness_alone_answers_nothing(level):
    answers = gabor_responses(np.full((1, 32, 40), level, np.uint8))
    assert np.abs(answers).max() < 1e-5 and answers.shape == (1, 8, 2, 32, 40)


@pytest.mark.parametrize("direction", range(8))
def test_stripes_answer_in_their_own_direction(direction):
    down, right = np.mgrid[:64, :64]
    angle = np.pi * direction / 8
    wave = np.cos(2 * np.pi * (right * np.cos(angle) + down * np.sin(angle)) / 8)
    energy = gabor_energy(np.uint8(127 + 100 * wave)[None], 8, SCALES)[0, :, :, 24:40, 24:40].mean(axis=(2, 3))
    assert np.unravel_index(energy.argmax(), energy.shape) == (direction, 1), "the scale whose wave is 8 pixels long"


def test_energy_does_not_depend_on_where_in_the_stripe():
    right = np.arange(64)
    stripes = [np.tile(np.uint8(127 + 100 * np.cos(2 * np.pi * (right + shift) / 8)), (64, 1)) for shift in range(8)]
    energy = gabor_energy(np.stack(stripes), 1, [Scale(4.0, 8.0)])[:, 0, 0, 32, 32]
    assert energy.std() / energy.mean() < 0.02


def test_it_is_a_convolution_as_scipy_defines_it():
    from scipy.signal import convolve2d

    gray = np.random.default_rng(0).integers(0, 256, (1, 40, 40)).astype(np.uint8)
    answers = gabor_responses(gray, 3, [Scale(1.5, 4.0)], phase_rad=np.pi / 2)[0, :, 0]
    for direction, answer in enumerate(answers):
        kernel = gabor_kernel(np.pi * direction / 3, Scale(1.5, 4.0), phase_rad=np.pi / 2)
        expected = convolve2d(gray[0] / 255, kernel, mode="valid")
        np.testing.assert_allclose(answer[5:-5, 5:-5], expected, atol=1e-5)


def test_pooling_takes_means():
    values = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    np.testing.assert_array_equal(pooled(values, 2), [[[2.5, 4.5], [10.5, 12.5]]])
    with pytest.raises(ValueError, match="fill 4×4"):
        pooled(values, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: gabor_responses(np.zeros((2, 8, 8), np.float32)),
        lambda: gabor_responses(np.zeros((8, 8), np.uint8)),
        lambda: gabor_responses(np.zeros((1, 8, 8), np.uint8), 0),
        lambda: gabor_responses(np.zeros((1, 8, 8), np.uint8), 8, []),
        lambda: Scale(0, 4),
        lambda: Scale(2, float("nan")),
    ],
)
def test_what_cannot_be_filtered_is_refused(call):
    with pytest.raises(ValueError, match="Expected"):
        call()
