"""Trained networks as ONNX Runtime opens them: one way for all that answer, whatever they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import settings
from engine.errors import ModelError

if TYPE_CHECKING:
    # Loaded with the first model, not with the first page.
    import onnxruntime


def open_session(path: Path, name: str, threads: int) -> onnxruntime.InferenceSession:
    """Open a network's file; the session may be asked from several threads.

    Parameters
    ----------
    path
        Of the file.
    name
        Of the model, for people.
    threads
        That answer together, at most; fewer where this process has fewer cores to itself.

    Raises
    ------
    ModelError
        Where the file is missing or no network.
    """
    import onnxruntime

    remedy = "Put the shipped file back, or train the model again with the command in its card."
    if not path.is_file():
        raise ModelError(f"Model {name} lacks its file {path.name}.", remedy)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = settings.threads(threads)
    # Its threads may spin while it answers, not afterwards: the next face is looked for on the same cores.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own without a common base
        raise ModelError(f"{path.name} of {name} cannot be loaded ({error}).", remedy) from error


def answer(
    session: onnxruntime.InferenceSession, outputs: Sequence[str] | None, given: Mapping[str, np.ndarray]
) -> Sequence[Any]:
    """Ask a network, and keep none of the memory that it needed for it.

    What one session keeps for its largest batch so far, 50 MB for 32 faces, no other session can use.

    Parameters
    ----------
    session
        From `open_session`.
    outputs
        Names of what is wanted; None for all.
    given
        The inputs by name.

    Returns
    -------
    sequence of numpy.ndarray
        In the order of `outputs`.

    References
    ----------
    https://onnxruntime.ai/docs/performance/tune-performance/memory.html ("Memory arena shrinkage")
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return session.run(None if outputs is None else list(outputs), given, options)
