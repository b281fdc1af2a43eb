"""Memory that was freed, in a process of its own."""

import os
import platform
import subprocess
import sys

import pytest

SCRIPT = """
import os
import numpy as np
from engine.memory import give_back_freed

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

np.ones(2**21, np.uint8)  # the library has seen a block of such a size come and go
before = resident()
large, small = [], []
for _ in range(100):
    large.append(np.ones(2**20, np.uint8))
    small.append(np.ones(2**18, np.uint8))  # too large for the gaps that imports have left
held = resident() - before
large.clear()
kept = resident() - before
print(held, kept, give_back_freed(), resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this is not glibc")
def test_freed_frames_between_small_pictures_go_back_to_the_system():
    # Dask, once it has started workers, leaves settings of its own for the C library in the environment.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=own)
    held, kept, given, left = done.stdout.split()
    assert float(held) > 120 and given == "True" and float(left) < 50
    assert float(kept) > 80, "nothing needs to be given back here any more"
