"""The peak memory in MB of analysing a recording: ``python -m engine.bench.peers.video_memory FILE``."""

import resource
import sys
from pathlib import Path

from engine.bench.peers import serve
from engine.recognition.video.analysing import analyse


def peak() -> float:
    """Analyse it; return the most memory that this process ever held."""
    analyse(Path(sys.argv[1]), "recording")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    serve(lambda: (peak, "peak memory"))
