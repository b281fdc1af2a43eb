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


# What takes longest begins first, so that no process has it left over when the others are done. Tests of folders in one
# group share a process: one server and one browser there, one import of TensorFlow here.
TOGETHER = {
    "browser": ("tests/browser/",),
    "training": ("tests/training/", "tests/models/", "tests/studies/test_ablation.py"),
}
EARLY = (*TOGETHER["browser"], *TOGETHER["training"], "tests/test_privacy.py", "tests/pages/", "tests/studies/")


def pytest_collection_modifyitems(items):
    """Put first what takes longest; nothing else about the order is changed."""
    items.sort(key=lambda item: next((at for at, path in enumerate(EARLY) if item.nodeid.startswith(path)), len(EARLY)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Start one process more than there are cores: the one with the browser waits for pages most of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process whole files, or a whole group of `TOGETHER`."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Groups(LoadFileScheduling):
        def _split_scope(self, nodeid):
            groups = (name for name, paths in TOGETHER.items() if nodeid.startswith(paths))
            return next(groups, super()._split_scope(nodeid))

    return Groups(config, log)


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory, monkeypatch):
    """Keep tests away from the data folder of whoever runs them."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("NEUROMER_DATA", str(folder))
    return folder
