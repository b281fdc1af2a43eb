"""Clip models that need no training: one random layer, and maps of where they look that follow what they are given."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.features.clip_input import INPUTS
from engine.models import card as cards

LABELS = ("negative", "positive", "surprise")
STAGES = ("stem", "level_1", "level_2", "level_3", "hybrid")


def write_all(folder):
    """Write three models as they are shipped: the one that names events, LEARNet's and AGMENet's."""
    write(folder / "neuromer-flow", "NeuroMER: tiny", "map", (), 0.74)
    write(folder / "learnet-flow", "LEARNet", "picture", [f"response_{stage}" for stage in STAGES], 0.5)
    write(folder / "agmenet-flow", "AGMENet", "frames", ["attended"], 0.6)


def write(folder, title, takes, looks, uf1):
    """Write a model's files; ``looks`` are its further outputs."""
    shape = INPUTS[takes](np.zeros((1, 28, 28, 3), np.uint8)).shape[1:]
    weights = np.random.default_rng(len(title)).normal(0, 0.02, (np.prod(shape), 3)).astype(np.float32)
    constants = {"flat": np.array([-1, len(weights)]), "weights": weights}
    nodes = [
        helper.make_node("Reshape", ["flow", "flat"], ["values"]),
        helper.make_node("MatMul", ["values", "weights"], ["embedding"]),
        helper.make_node("Softmax", ["embedding"], ["probabilities"], axis=1),
        helper.make_node("Abs", ["flow"], ["moved"]),
    ]
    for name in looks:
        if name != "attended":
            # Brighter where more moves.
            nodes.append(helper.make_node("ReduceMean", ["moved"], [name], axes=[3], keepdims=0))
            continue
        constants |= {"regions": np.linspace(-1, 1, 36, dtype=np.float32).reshape(3, 12)}
        constants |= {"all": np.array([-1, 96]), "shape": np.array([-1, 8, 4, 3])}
        nodes += [
            helper.make_node("ReduceMean", ["moved"], ["mean"], axes=[2, 3], keepdims=0),
            helper.make_node("MatMul", ["mean", "regions"], ["asked"]),
            helper.make_node("Reshape", ["asked", "all"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["shares"], axis=1),
            helper.make_node("Reshape", ["shares", "shape"], ["attended"]),
        ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("flow", TensorProto.FLOAT, [None, *shape])],
        [
            helper.make_tensor_value_info(each, TensorProto.FLOAT, None)
            for each in ("probabilities", "embedding", *looks)
        ],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    folder.mkdir()
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    card = {"name": folder.name, "kind": cards.CLIP, "title": title, "labels": LABELS, "takes": takes}
    whole = {"uf1": uf1, "uf1_interval": [uf1 - 0.1, uf1 + 0.1]}
    cards.write(folder, card | {"threshold": {"value": 0.45}, "evaluations": [{"whole": whole}]})
