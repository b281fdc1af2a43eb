"""What every test needs."""

import os
import sys
import tempfile

import hypothesis

# First of all: tests of training and of the camera share processes, and after TensorFlow the cryptography of this
# library ends the process. The dashboard never imports TensorFlow.
import pylibsrtp  # noqa: F401
import pytest

import engine  # noqa: F401  # before a test loads a library that it keeps from reporting

# Tests start many processes. Where no bytecode may be written beside the sources, each of them would compile Streamlit,
# TensorFlow and all else anew, which takes half the time of the whole suite; it lies elsewhere then, until all is over.
if sys.dont_write_bytecode:
    _bytecode = tempfile.TemporaryDirectory(prefix="bytecode-of-tests-")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = _bytecode.name
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False

# On a busy machine the first import of a library takes seconds; no test is about time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory, monkeypatch):
    """Keep tests away from the data folder of whoever runs them."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("NEUROMER_DATA", str(folder))
    return folder
