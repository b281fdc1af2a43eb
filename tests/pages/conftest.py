"""Pages without a browser: tiny models that need no training, faces that need no finding."""

import hashlib
import io
import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from streamlit.components.v2 import manifest_scanner

from engine import settings
from engine.emotions import SEVEN
from engine.evaluation.figures import figures
from engine.evaluation.predictions import Predictions
from engine.faces import Check, Detection, Face, Landmarks, Quality
from engine.models import card as cards
from engine.models import shipped
from engine.recognition.photo import FaceResult, PhotoResult

PAGES = Path(__file__).parents[2] / "pages"


@pytest.fixture(autouse=True, scope="session")
def once_for_all_pages():
    """What Streamlit does anew for each page that is tested is done once.

    Before a page it reads what every installed library says of itself, for components of theirs. After each run it
    clears Keras where it is loaded: the dashboard never loads it, tests of training in the same process do. Either
    takes a good part of a second.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patch.setattr("streamlit.runtime.scriptrunner.script_runner._clean_problem_modules", lambda: None)
        yield


@pytest.fixture(autouse=True)
def intended_use_accepted(monkeypatch):
    """Whoever opens a page has accepted what NeuroMER is for; ``test_intended_use.py`` begins without."""
    monkeypatch.setattr("pages.views.common.guard.ask_once", lambda: None)


@pytest.fixture
def tiny_models(tmp_path, monkeypatch):
    """Two models of one random layer each, the default and another, in place of the shipped ones."""
    monkeypatch.setattr(settings, "WEIGHTS_FOLDER", tmp_path)
    _write_model(tmp_path / shipped.DEFAULT, "Tiny default", SEVEN, 1)
    _write_model(tmp_path / "another", "Tiny other", SEVEN[:6], 2)
    return tmp_path


@pytest.fixture
def stand_in(tiny_models, monkeypatch):
    """Let pictures be recognised as a test wants: returns what to set, and the bytes asked about so far.

    ``stand_in.faces`` holds a dictionary of probabilities for each face; bytes that start with ``bad`` raise
    ``stand_in.error``.
    """
    wanted = SimpleNamespace(faces=[], warnings=(), error=None, asked=[], enhanced=[])

    def recognise(data, model, enhance):
        wanted.asked.append((data, model))
        wanted.enhanced.append(enhance)
        if data.startswith(b"bad"):
            raise wanted.error
        faces = tuple(_face(at, shares, wanted.warnings, shipped.load(model)) for at, shares in enumerate(wanted.faces))
        return PhotoResult(np.full((240, 320, 3), 100, np.uint8), faces)

    monkeypatch.setattr("pages.views.photo.answers.recognise", recognise)
    return wanted


@pytest.fixture
def make_face(tiny_models):
    """Build a face with given probabilities, as the default tiny model would have answered."""
    return lambda shares, number=0, warnings=(): _face(number, shares, warnings, shipped.load())


def _face(number, shares, warnings, model):
    left, top = 20.0 + 30 * (number % 8), 20.0 + 35 * (number // 8)
    quality = Quality(30.0, 0.7, 120.0, 40.0, 1.0, 2.0, 3.0, 0.0, tuple(Check(*warning) for warning in warnings))
    detection = Detection((left, top, 25.0, 30.0), 0.9, np.zeros((6, 2), np.float32))
    landmarks = Landmarks(np.full((468, 3), left, np.float32), 0.9)
    crop = np.random.default_rng(number).integers(0, 256, (48, 48)).astype(np.uint8)
    face = Face(detection, landmarks, quality, crop.astype(np.float32))
    return FaceResult(face, crop, {label: 0.0 for label in model.labels} | shares, model)


def _write_model(folder, title, labels, seed):
    folder.mkdir()
    weights, found = _drawn(labels, seed)
    nodes = [
        helper.make_node("Reshape", ["gray", "shape"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["sums"]),
        helper.make_node("Softmax", ["sums"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("gray", TensorProto.FLOAT, [None, 48, 48, 1])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, len(labels)])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array([-1, 48 * 48]), "shape")],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "model.onnx"
    )
    (folder / "card.json").write_text(json.dumps(_card(folder, title, labels, found)))


@cache
def _drawn(labels, seed):
    """Draw a model's weights, and the figures of somebody who is right about most pictures."""
    random = np.random.default_rng(seed)
    weights = random.normal(0, 0.1, (48 * 48, len(labels))).astype(np.float32)
    true, answered = random.integers(0, len(labels), (2, 500))
    answered = np.where(random.random(500) < 0.7, true, answered)
    sure = random.uniform(0.3, 1, (500, 1))
    shares = sure * np.eye(len(labels))[answered] + (1 - sure) / len(labels)
    return weights, figures(
        Predictions(labels, true, shares.astype(np.float32), np.arange(500)), dict.fromkeys(labels, 0.5)
    )


def _card(folder, title, labels, found):
    return {
        "name": folder.name,
        "title": title,
        "architecture": {"name": "tiny", "title": "One layer", "source": "nowhere"},
        "parameters": 48 * 48 * len(labels),
        "labels": list(labels),
        "input": "gray face crop",
        "output": "a probability for each label",
        "files": {"model.onnx": hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()},
        "threshold": {
            "value": 0.5,
            "coverage": 0.8,
            "accuracy_decided": 0.75,
            "accuracy_all": 0.65,
            "chosen": "lowest probability that leaves 80 % decided",
        },
        "data": {
            "name": "noise",
            "fingerprint": "0123456789abcdef" * 4,
            "training_pictures": 1000,
            "validation_pictures": 100,
            "division": "by chance",
        },
        "training": {
            "recipe": "tiny",
            "command": "python -m engine train tiny --data noise",
            "initial": None,
            "configuration": {"epochs": 2},
            "history": {"accuracy": [0.3, 0.5], "val_accuracy": [0.2, 0.4]},
            "versions": {"keras": "3"},
        },
        "evaluations": [
            {
                "data": "noise, test",
                **found,
                "judged_by": "given labels",
                "left_out": {"contempt": 7},
                "leak_free": found,
            },
            {"data": "noise, test", **found, "judged_by": "majority of votes", "left_out": {}, "leak_free": None},
        ],
        "intended_use": list(cards.INTENDED_USE),
        "forbidden_use": list(cards.FORBIDDEN_USE),
        "limits": list(cards.LIMITS),
    }


@pytest.fixture
def picture_bytes():
    """A small PNG."""
    stream = io.BytesIO()
    Image.fromarray(np.full((24, 32, 3), 90, np.uint8)).save(stream, "PNG")
    return stream.getvalue()
