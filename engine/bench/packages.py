"""Packages that only an alternative needs, in a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.bench.peer import PeerUnavailableError


def install(packages: Sequence[str], folder: Path) -> None:
    """Install packages, without what they depend on; the only step of the measurements that may need a network.

    Parameters
    ----------
    packages
        Names with versions, such as ``"fer==25.10.3"``.
    folder
        Created where it does not exist.

    Raises
    ------
    PeerUnavailableError
        If uv is not there, or cannot get them.
    """
    if find_spec("uv"):
        uv = [sys.executable, "-m", "uv"]
    elif found := os.environ.get("UV") or shutil.which("uv"):
        uv = [found]
    else:
        raise PeerUnavailableError("uv, which would install it, is not there")
    command = [*uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder), "--no-deps"]
    done = subprocess.run([*command, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerUnavailableError(f"uv could not install {', '.join(packages)} (is there a network?)")
