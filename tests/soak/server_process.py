"""What a server's process holds and has used, as Linux tells it."""

import os
from pathlib import Path


def resident_mb(pid):
    """Return its resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid):
    """Return for how long it has used a processor, in seconds."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def open_files(pid):
    """Return what it has open: a line each, sockets too."""
    return sorted(str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir())


def children(pid):
    """Return the ids of the processes that it has started and that are still there."""
    return [
        int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()
    ]
