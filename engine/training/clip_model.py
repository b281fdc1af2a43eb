"""Train the shipped clip model: on all clips, with what was chosen most often when each subject was left out."""

import ast
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.datasets.flow_set import FlowSet
from engine.evaluation.calibration import expected_calibration_error, scaled, temperature, threshold_at
from engine.models import card as cards
from engine.recognition.clip_model import DEFAULT
from engine.training.clip_learners import LEARNERS
from engine.training.clip_networks import train
from engine.training.clip_readers import SMOOTHING, fit_linear

if TYPE_CHECKING:
    import keras

LIMITS = (
    "Three classes: negative, positive, surprise. Real micro-expressions are too few to measure more.",
    "Trained on micro-expressions of {subjects} people, filmed in laboratories while they watched films and tried to "
    "keep a straight face; nearly all of them young adults.",
    "Rates below 30 frames a second miss many micro-expressions; below 100 their onset and apex are coarse.",
    "It reads the motion between onset and apex, so it is only as good as these two moments are.",
    "Not validated on autistic people, on people with facial palsy, or on children.",
)

USES = (
    "Naming the expression that a spotted micro-expression shows in recordings of consenting people.",
    "Learning and teaching what micro-expression recognition can do and how far it can be trusted.",
    "A second look at recordings by people who know the person, together with other information.",
)


def train_clip_model(clips: FlowSet, benchmark: dict[str, Any], folder: Path, seed: int = 0) -> dict[str, Any]:
    """Train, export and describe the model.

    Parameters
    ----------
    clips
        All that there are.
    benchmark
        What `engine.evaluation.micro_expressions.figures` told of ``neuromer`` on the same clips: its figures go into
        the card, its answers for left-out subjects set temperature and threshold.
    folder
        Gets ``model.onnx``, ``model.keras`` and ``card.json``; created where it does not exist.
    seed
        Of the training.

    Returns
    -------
    dict
        The card.
    """
    from engine.models.export import export_clip_model

    answered = np.array(benchmark["probabilities"], np.float32)
    pooled, true = answered.reshape(-1, answered.shape[-1]), np.tile(clips.y, len(answered))
    found = temperature(pooled, true)
    after = scaled(pooled, found)
    chosen = max(benchmark["chosen"], key=benchmark["chosen"].__getitem__)
    penalty, epochs, share = ast.literal_eval(chosen)
    network = train("flow_network", clips.flow, clips.y, len(clips.classes), epochs, seed)
    model = combined(network, *fit_linear(clips.flow, clips.y, len(clips.classes), penalty), share, found)
    export_clip_model(model, folder)
    figures = {
        key: benchmark[key] for key in ("whole", "datasets", "oracle", "seeds", "clips", "subjects", "confusion")
    }
    card = {
        "name": DEFAULT,
        "kind": cards.CLIP,
        "title": LEARNERS["neuromer"].title,
        "labels": list(clips.classes),
        "input": "flow map 28×28 of u, v and strain from onset to apex, on a logarithmic scale of its own",
        "output": "a probability for each label: the expression shown",
        "parameters": model.count_params(),
        "data": {"name": "MEGC2019 composite", "clips": len(clips), "subjects": benchmark["subjects"]},
        "training": {
            "command": "python -m engine micro train --data FLOW.npz --benchmark FILE.json --output FOLDER",
            "chosen": {"C": penalty, "epochs": epochs, "share_of_the_network": share},
            "seed": seed,
            "versions": {name: version(name) for name in ("keras", "tensorflow", "scikit-learn", "numpy")},
        },
        "threshold": {
            **threshold_at(after, true),
            "chosen": "lowest probability that leaves 80 % of the left-out subjects' clips decided",
        },
        "calibration": {
            "temperature": found,
            "ece_before": expected_calibration_error(pooled, true),
            "ece_after": expected_calibration_error(after, true),
            "data": "left-out subjects",
        },
        "evaluations": [{"data": "MEGC2019 composite, one subject left out", **figures}],
        "intended_use": list(USES),
        "forbidden_use": list(cards.FORBIDDEN_USE),
        "limits": [line.format(subjects=benchmark["subjects"]) for line in LIMITS],
    }
    cards.write(folder, card)
    return card


def combined(
    network: "keras.Model", coefficients: np.ndarray, offset: np.ndarray, share: float, temperature: float
) -> "keras.Model":
    """Return one network that answers as the linear reader and the flow network together, for a face and its mirror.

    Parameters
    ----------
    network
        The trained flow network; its layers are shared.
    coefficients, offset
        As `engine.training.clip_readers.fit_linear` returns them.
    share
        Of the network in the answer, 0..1.
    temperature
        Above 0; the answers are softmax(log(p) / temperature).

    Returns
    -------
    keras.Model
        (batch, 28, 28, 3) as `engine.features.clip_input.log_scaled` makes it, to (batch, classes).
    """
    import keras
    from keras import layers, ops

    flow = keras.Input(network.input_shape[1:], name="flow")
    linear = layers.Dense(len(offset), activation="softmax", name="linear_reader")
    smooth = layers.DepthwiseConv2D(len(SMOOTHING), padding="same", use_bias=False, trainable=False, name="smoothed")
    halved = layers.AveragePooling2D(2, name="averaged")
    both = []
    across = ops.flip(flow, axis=2)
    # What moves right moves left in the mirror.
    turned = ops.concatenate([-across[..., :1], across[..., 1:]], axis=-1)
    for looked_at in (flow, turned):
        read = linear(layers.Flatten()(halved(smooth(looked_at))))
        both.append((1 - share) * read + share * network(looked_at))
    embedding = layers.Identity(name="embedding")(ops.log((both[0] + both[1]) / 2 + 1e-9))
    last = layers.Dense(len(offset), activation="softmax", use_bias=False, dtype="float32", name="probabilities")
    model = keras.Model(flow, last(embedding), name="neuromer_flow")
    kernel = np.outer(SMOOTHING, SMOOTHING)[:, :, None, None]
    smooth.set_weights([np.repeat(kernel, flow.shape[-1], axis=2)])
    linear.set_weights([coefficients.astype(np.float32), offset.astype(np.float32)])
    last.set_weights([np.eye(len(offset), dtype=np.float32) / np.float32(temperature)])
    return model
