"""Memory that was freed, in a process of its own."""

import os
import subprocess
import sys

import pytest

from engine.memory import give_back_large_blocks

SCRIPT = """
import ctypes, os, sys
import numpy as np
from engine.memory import give_back_large_blocks

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

if sys.argv[1] == "asked":
    assert give_back_large_blocks()
np.ones(2**21, np.uint8)  # the library has seen a block of such a size come and go
before = resident()
large, small = [], []
for _ in range(100):
    large.append(np.ones(2**20, np.uint8))
    small.append(np.ones(2**18, np.uint8))  # too large for the gaps that imports have left
held = resident() - before
large.clear()
print(held, resident() - before)
"""


def grown(how):
    # Dask, once it has started workers, leaves settings of its own for the C library in the environment.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True, env=own)
    return tuple(map(float, done.stdout.split()))


@pytest.mark.skipif(not give_back_large_blocks(), reason="this is not glibc")
def test_freed_frames_between_small_pictures_go_back_to_the_system():
    held, left = grown("asked")
    assert held > 120 and left < 50
    assert grown("not asked")[1] > 80, "nothing needs to be asked for here any more"
