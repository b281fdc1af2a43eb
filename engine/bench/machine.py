"""The machine that the figures come from, in one line."""

import os
import platform
from functools import cache
from pathlib import Path


@cache
def describe() -> str:
    """Return processor, usable cores, system and Python: ``"Intel(R) Xeon(R), 2 cores, Linux, Python 3.11.7"``."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
