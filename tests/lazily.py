"""TensorFlow for the tests that need it, not for every process that merely collects them."""

import importlib


class Lazily:
    """A module that is imported when something in it is asked for first."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return getattr(importlib.import_module(self._name), name)
