"""Print the peak memory in MB of analysing a recording: ``python -m engine.bench.peers.video_memory FILE``."""

import os
import resource
import sys
from pathlib import Path

from engine.recognition.video.analysing import analyse

if __name__ == "__main__":
    told = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries print what they like
    analyse(Path(sys.argv[1]), "recording")
    os.write(told, f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}\n".encode())
