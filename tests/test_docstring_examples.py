"""Examples (``>>>``) in docstrings run, and give what they say."""

import doctest
import importlib

import pytest

# A module with examples of its own is a row here.
MODULES = (
    "engine.evaluation.compare",
    "engine.evaluation.metrics",
    "engine.evaluation.protocols",
    "engine.faces",
    "engine.faces.align",
    "engine.faces.find",
    "engine.faces.gaze",
    "engine.faces.landmarks",
    "engine.features.dynamic_image",
    "engine.features.face_shape",
    "engine.features.gabor",
    "engine.features.lbp",
    "engine.features.lbp_top",
    "engine.features.optical_flow",
    "engine.recognition.photo",
    "engine.recognition.video.analysing",
    "engine.records.events",
    "engine.spiking.encoding",
    "engine.spiking.network",
    "engine.spiking.neuron",
    "engine.spiking.plasticity",
    "engine.spiking.raster",
    "engine.synthetic.clip",
    "engine.synthetic.truth",
    "engine.tasks.progress",
    "engine.training.learners",
)


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(module):
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.testmod(importlib.import_module(module), optionflags=options)
    assert tried, f"{module} has no example"
    assert not failed
