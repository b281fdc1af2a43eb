import numpy as np
import pytest
from lazily import Lazily

keras = Lazily("keras")
lowlight = Lazily("engine.training.lowlight")
precision = Lazily("engine.training.precision")


@pytest.fixture
def without_bfloat16(monkeypatch):
    """A machine whose convolutions know float32 alone, as oneDNN's where it is held to AVX2."""
    convolve = precision.ops.conv

    def refuse(inputs, *given, **named):
        if keras.backend.standardize_dtype(inputs.dtype) == "bfloat16":
            raise RuntimeError("could not create a primitive descriptor")
        return convolve(inputs, *given, **named)

    monkeypatch.setattr(precision.ops, "conv", refuse)
    precision.usable.cache_clear()
    yield
    precision.usable.cache_clear()


def computed_in(layers):
    return {layer.compute_dtype for layer in layers if isinstance(layer, keras.layers.Conv2D)}


def test_float32_is_what_it_is():
    assert precision.usable("float32") == "float32"


def test_layers_compute_in_it_and_later_ones_do_not():
    asked = precision.usable("mixed_bfloat16")
    with precision.computing_in("mixed_bfloat16"):
        within = keras.layers.Dense(1)
    assert within.dtype_policy.name == asked
    assert keras.layers.Dense(1).dtype_policy.name == "float32"


def test_a_failure_leaves_float32_behind():
    with pytest.raises(ZeroDivisionError), precision.computing_in("mixed_bfloat16"):
        raise ZeroDivisionError
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.usefixtures("without_bfloat16")
def test_where_it_cannot_convolve_a_training_computes_in_float32_and_says_so(monkeypatch):
    build, built = lowlight.build_llem, []
    monkeypatch.setattr("engine.training.lowlight.build_llem", lambda *size: built.append(build(*size)) or built[-1])
    crops = np.random.default_rng(0).integers(0, 256, (4, 48, 48)).astype(np.uint8)
    how = lowlight.LowLightConfiguration(steps=1, batch_size=2, recogniser=None)
    _, told = lowlight.train(crops, how)
    assert computed_in(built[0].layers) == {"float32"}
    assert (told["configuration"]["precision"], told["computed_in"]) == ("mixed_bfloat16", "float32")
