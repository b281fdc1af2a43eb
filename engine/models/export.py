"""From a trained Keras network to the files that are shipped."""

import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_LARGE = 1024
"""Arrays of at least so many values are kept in half precision; they hold nearly all of a network's bytes."""


def export(model: keras.Model, folder: Path) -> None:
    """Write ``model.keras`` and ``model.onnx``, which give the same probabilities (to 1e-4, tested).

    ``model.onnx`` also answers ``embedding``, what the last layer decides by.

    Large arrays are rounded to half precision first, in the network itself too, so that the files are half as large
    and still agree; the arithmetic stays float32.

    Parameters
    ----------
    model
        A float32 network; its weights are rounded.
    folder
        Created where it does not exist.
    """
    _save(model, folder)
    network = _converted(model, model.input_shape, folder)
    name_embedding(network)
    onnx.save(network, folder / "model.onnx")


def export_clip_model(model: keras.Model, folder: Path, extra: Mapping[str, keras.KerasTensor] | None = None) -> None:
    """Write the two files of a clip network, as `export` does; ``model.onnx`` also answers what is asked for besides.

    So that pictures of what a network responds or attends to need no Keras: `engine.recognition.importance`.

    Parameters
    ----------
    model
        A float32 network with a layer ``embedding``; its weights are rounded.
    folder
        Created where it does not exist.
    extra
        Tensors of the model's graph by the name of their output in ``model.onnx``, such as
        `engine.models.saliency_outputs` returns them. The outputs ``probabilities`` and ``embedding`` come first.
    """
    _save(model, folder)
    outputs = {"probabilities": model.output, "embedding": model.get_layer("embedding").output, **(extra or {})}
    network = _converted(keras.Model(model.input, list(outputs.values())), model.input_shape, folder)
    onnx.save(_named(network, list(outputs)), folder / "model.onnx")


def export_outputs(model: keras.Model, names: Sequence[str], folder: Path) -> onnx.ModelProto:
    """Return a float32 network of fixed input shape as ONNX, its outputs named; a file in ``folder`` is overwritten."""
    network = _converted(model, model.input_shape, folder)
    return _named(network, names)


def export_picture_model(model: keras.Model, folder: Path) -> None:
    """Write the two files of a network that makes pictures of pictures of any size, as `export` does.

    Parameters
    ----------
    model
        A float32 network of one input and one output; its weights are rounded.
    folder
        Created where it does not exist.
    """
    _save(model, folder)
    sides = (side or 16 for side in model.input_shape[1:3])
    onnx.save(_converted(model, (None, *sides, *model.input_shape[3:]), folder), folder / "model.onnx")


def name_embedding(network: onnx.ModelProto) -> None:
    """Make what the last layer multiplies by its weights a second output, ``embedding``; in place."""
    last = [node for node in network.graph.node if node.op_type in ("MatMul", "Gemm")][-1]
    network.graph.node.append(helper.make_node("Identity", [last.input[0]], ["embedding"]))
    network.graph.output.append(helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ("batch", "size")))


def _save(model: keras.Model, folder: Path) -> None:
    """Round the network's large arrays and write ``model.keras``."""
    folder.mkdir(parents=True, exist_ok=True)
    model.set_weights([_rounded(array) for array in model.get_weights()])
    model.save(folder / "model.keras")
    _compress(folder / "model.keras")


def _named(network: onnx.ModelProto, names: Sequence[str]) -> onnx.ModelProto:
    """Return a network whose outputs have these names, in their order."""
    named = []
    for name, output in zip(names, network.graph.output, strict=True):
        network.graph.node.append(helper.make_node("Identity", [output.name], [name]))
        named.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    del network.graph.output[:]
    network.graph.output.extend(named)
    return network


def _converted(model: keras.Model, input_shape: tuple[int | None, ...], folder: Path) -> onnx.ModelProto:
    """Return a network as ONNX with its large constants in half precision; a file in ``folder`` is overwritten."""
    model(np.zeros([side or 1 for side in (1, *input_shape[1:])], np.float32))
    model.export(folder / "model.onnx", format="onnx", verbose=False)
    network = onnx.load(folder / "model.onnx")
    _halve(network)
    return network


def _rounded(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16).astype(array.dtype) if array.size >= _LARGE else array


def _compress(path: Path) -> None:
    """Compress a ``.keras`` file, which is a zip of uncompressed members.

    By bzip2: float32 numbers that were rounded to half precision take a quarter less room than deflated.
    """
    small = path.with_suffix(".small")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_BZIP2, compresslevel=9) as compressed:
        for member in whole.infolist():
            with whole.open(member) as source, compressed.open(member.filename, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    small.replace(path)


def _halve(network: onnx.ModelProto) -> None:
    """Keep large float32 constants of an ONNX network as float16, cast back where they are used; in place.

    Only those that lose nothing by it: the exporter has folded normalisations into some kernels.
    """
    casts = []
    for constant in network.graph.initializer:
        array = numpy_helper.to_array(constant)
        if constant.data_type == TensorProto.FLOAT and array.size >= _LARGE and (_rounded(array) == array).all():
            name = constant.name
            constant.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}/half"))
            casts.append(helper.make_node("Cast", [f"{name}/half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *network.graph.node]
    del network.graph.node[:]
    network.graph.node.extend(nodes)
