"""From a trained Keras network to the files that are shipped."""

import shutil
import zipfile
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
    folder.mkdir(parents=True, exist_ok=True)
    model.set_weights([_rounded(array) for array in model.get_weights()])
    model.save(folder / "model.keras")
    _deflate(folder / "model.keras")
    model(np.zeros((1, *model.input_shape[1:]), np.float32))
    model.export(folder / "model.onnx", format="onnx", verbose=False)
    network = onnx.load(folder / "model.onnx")
    _halve(network)
    name_embedding(network)
    onnx.save(network, folder / "model.onnx")


def name_embedding(network: onnx.ModelProto) -> None:
    """Make what the last layer multiplies by its weights a second output, ``embedding``; in place."""
    last = [node for node in network.graph.node if node.op_type in ("MatMul", "Gemm")][-1]
    network.graph.node.append(helper.make_node("Identity", [last.input[0]], ["embedding"]))
    network.graph.output.append(helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ("batch", "size")))


def _rounded(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16).astype(array.dtype) if array.size >= _LARGE else array


def _deflate(path: Path) -> None:
    """Compress a ``.keras`` file, which is a zip of uncompressed members."""
    small = path.with_suffix(".deflated")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as deflated:
        for member in whole.infolist():
            with whole.open(member) as source, deflated.open(member.filename, "w", force_zip64=True) as target:
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
