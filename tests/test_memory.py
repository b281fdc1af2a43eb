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


HEAPS = """
import ctypes, os, tempfile, threading
from engine.memory import share_heaps

assert share_heaps()
meet = threading.Barrier(8)

def hold():
    held = [bytearray(3000) for _ in range(100)]
    meet.wait()
    return held

threads = [threading.Thread(target=hold) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
c = ctypes.CDLL(None)
c.fopen.restype = ctypes.c_void_p
name = os.path.join(tempfile.mkdtemp(), "heaps")
file = c.fopen(name.encode(), b"w")
c.malloc_info(0, ctypes.c_void_p(file))
c.fclose(ctypes.c_void_p(file))
print(open(name).read().count("<heap nr="))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this is not glibc")
def test_threads_share_two_heaps():
    done = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True, check=True)
    assert int(done.stdout) <= 2


ANSWERED = """
import os
import numpy as np
from engine.memory import give_back_freed
from engine.models import shipped

def resident():
    give_back_freed()
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

model = shipped.load()
face = np.zeros((1, model.crop_size, model.crop_size), np.uint8)
model.probabilities(face)
before = resident()
model.probabilities(np.repeat(face, shipped.BATCH, axis=0))
print(resident() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this is not glibc")
def test_a_network_keeps_no_memory_of_its_largest_batch():
    done = subprocess.run([sys.executable, "-c", ANSWERED], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 20  # it kept 50
