"""Hostile files stay within memory and time; measured in a process of its own, with bounds far above the figures."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from picture_files import (
    encode,
    jpeg_of_empty_scans,
    noise,
    png_file,
    png_with,
    tiff_file,
    tiff_tags,
    webp_file,
    webp_of_many_tables,
)

STATUS = Path("/proc/self/status")
ROOT = Path(__file__).parents[2]

# Decodes each file named on the command line; prints the outcome, the seconds of computing, and by how many megabytes
# the peak of memory lies above what the imports took. (The peak that "resource" reports would be the caller's.)
MEASURE = """
import resource, sys
from pathlib import Path
from engine.errors import ImageError
from engine.images import decode

def megabytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024

def seconds():
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

held = megabytes("VmRSS")
for name in sys.argv[1:]:
    data = Path(name).read_bytes()
    started = seconds()
    try:
        outcome = "decoded" if decode(data).size else "nothing"
    except ImageError:
        outcome = "refused"
    print(Path(name).name, outcome, seconds() - started, megabytes("VmHWM") - held)
"""


def hostile_files():
    flat = 8000 * 3 + 1
    tiles = tiff_tags(2000, 1896, t273=[], t278=[], t279=[])
    tiles |= {322: [8], 323: [8], 324: list(range(16, 16 + 64 * 59_250, 64)), 325: [64] * 59_250}
    many_tables = webp_of_many_tables(1024)
    alpha = b"\1" + many_tables[20:]
    lossy = encode(np.zeros((1024, 1024, 3), np.uint8), "WEBP")
    extended = b"\x10\0\0\0" + (1023).to_bytes(3, "little") * 2
    return {
        "png-bomb": png_file(8000, 6000, 8, 2, bytes(flat) * 6000),
        "png-rows-beyond-the-header": png_file(100, 100, 8, 2, bytes(50_000_000)),
        "png-text-bomb": png_with(encode(noise(9, 9, 3), "PNG"), b"zTXt", b"a\0\0" + bytes(5_000_000)),
        "png-at-the-limit": png_file(5100, 5200, 8, 2, np.insert(noise(5200, 15_300) & 1, 0, 4, axis=1).tobytes()),
        "gif-bomb": encode(np.zeros((5000, 5000), np.uint8), "GIF"),
        "jpeg-of-empty-scans": jpeg_of_empty_scans(4096, 140),
        "webp-of-many-tables": many_tables,
        "webp-of-many-tables-for-alpha": webp_file((b"VP8X", extended), (b"ALPH", alpha), (b"VP8 ", lossy[20:])),
        "webp-of-many-tables-below-the-worker": webp_of_many_tables(632),
        "tiff-of-many-tiles": tiff_file(tiles, bytes(64 * 59_250)),
    }


@pytest.mark.skipif(not STATUS.exists(), reason="this system does not report the peak of memory")
def test_hostile_files_take_bounded_memory_and_time(tmp_path):
    for name, file in hostile_files().items():
        (tmp_path / name).write_bytes(file)
    names = sorted(str(path) for path in tmp_path.iterdir())
    command = [sys.executable, "-c", MEASURE, *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=200)
    outcomes = {}
    for line in done.stdout.splitlines():
        name, outcomes[name], seconds, megabytes = line.split()
        assert float(seconds) < 10, line
        assert float(megabytes) < 520, line
    assert outcomes["png-bomb"] == outcomes["gif-bomb"] == outcomes["png-rows-beyond-the-header"] == "refused"
    assert outcomes["webp-of-many-tables"] == outcomes["webp-of-many-tables-for-alpha"] == "refused"
    assert outcomes["tiff-of-many-tiles"] == outcomes["jpeg-of-empty-scans"] == "decoded"
    assert outcomes["png-at-the-limit"] == outcomes["png-text-bomb"] == "decoded"
    assert len(outcomes) == len(names)
