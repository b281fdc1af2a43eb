"""Decode one still WebP from standard input to RGBA on standard output, within limits that the system enforces.

Run as a script by :mod:`engine.images.webp`, isolated, without the rest of the engine. Exit status 1: the picture is
damaged. Killed, or any other status: it took more memory or time than it may.
"""

import io
import sys
from pathlib import Path

from PIL import Image

try:
    import resource
except ImportError:  # no such limits on Windows: there the clock of the caller is the only one
    resource = None

# Beyond what Python and Pillow take already: a picture of 12 megapixels needs 340 MB, hostile tables ask for 770.
_EXTRA_BYTES = 400_000_000
_SECONDS = 2


def _limit() -> None:
    """Have the system refuse more memory, and end the process after two seconds of computing."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = Path("/proc/self/statm")
    if status.exists():
        taken = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _EXTRA_BYTES,) * 2)


def main() -> int:
    """Decode standard input; return the exit status."""
    still = sys.stdin.buffer.read()
    _limit()
    try:
        with Image.open(io.BytesIO(still), formats=["WEBP"]) as image:
            rgba = image.convert("RGBA")
    except MemoryError:
        return 2
    except Exception:  # whatever the decoder says of hostile data, the caller has one sentence for it
        return 1
    sys.stdout.buffer.write(rgba.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
