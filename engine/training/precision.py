"""What networks compute with while they train, as far as this machine can."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import keras
from keras import ops


@contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Let the layers that are built in the ``with`` statement compute in a precision, or in what is `usable` for it.

    Parameters
    ----------
    precision
        ``"float32"`` or ``"mixed_bfloat16"``, Keras' names.
    """
    keras.config.set_dtype_policy(usable(precision))
    try:
        yield
    finally:
        keras.config.set_dtype_policy("float32")


@cache
def usable(precision: str) -> str:
    """Return a precision, or ``"float32"`` where this machine cannot convolve in it, as one small convolution shows.

    oneDNN, for one, has no convolution in bfloat16 for processors that it takes to end at AVX2.
    """
    computed = keras.DTypePolicy(precision).compute_dtype
    try:
        ops.conv(ops.ones((1, 3, 3, 1), computed), ops.ones((3, 3, 1, 1), computed), data_format="channels_last")
    except Exception:  # each of Keras' backends has errors of its own
        return "float32"
    return precision
