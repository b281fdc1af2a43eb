"""Decode one picture from standard input within limits that the system enforces; run as a script by `bounded`.

On standard output come a line of JSON and what it announces: ``{"shape": [height, width, channels]}`` and the samples,
a byte each, or ``{"refused": [what, remedy]}`` alone. Exit status 1: the picture is damaged. Killed, or any other
status: it took more memory or time than it may.
"""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

# Beyond what Python and its libraries take already: a WebP of 12 megapixels needs 340 MB, hostile tables ask for 770.
_EXTRA_BYTES = 420_000_000
_SECONDS = 2


def _by_pillow(kind: str, mode: str) -> Callable[[bytes], tuple[tuple[int, ...], bytes]]:
    """Return what has Pillow alone decode a format, converted to a mode of bytes."""

    def decode(data: bytes) -> tuple[tuple[int, ...], bytes]:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            converted = image.convert(mode)
        return (converted.height, converted.width, len(converted.getbands())), converted.tobytes()

    return decode


def _tiff() -> Callable[[bytes], tuple[tuple[int, ...], memoryview]]:
    # The one that needs more than Pillow: the others start in a fifth of the time without the rest of the engine.
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from engine.images import tiff

    def decode(data: bytes) -> tuple[tuple[int, ...], memoryview]:
        rgb = tiff.decode(data)
        return rgb.shape, rgb.data.cast("B")

    return decode


def _heic() -> Callable[[bytes], tuple[tuple[int, ...], memoryview]]:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import av  # noqa: F401  before the limit on memory

    from engine.images import heif

    def decode(data: bytes) -> tuple[tuple[int, ...], memoryview]:
        rgb = heif.decode_heic(data)
        return rgb.shape, rgb.data.cast("B")

    return decode


def _avif() -> Callable[[bytes], tuple[tuple[int, ...], bytes]]:
    from PIL import AvifImagePlugin

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each takes memory, and all together the two seconds
    return _by_pillow("AVIF", "RGBA")


def _others(kind: str) -> Callable[[bytes], tuple[tuple[int, ...], memoryview]]:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from engine.images import others

    def decode(data: bytes) -> tuple[tuple[int, ...], memoryview]:
        rgb = others.decode(kind, data)
        return rgb.shape, rgb.data.cast("B")

    return decode


KINDS: dict[str, Callable[[], Callable]] = {
    "WebP": lambda: _by_pillow("WEBP", "RGBA"),
    "TIFF": _tiff,
    "HEIC": _heic,
    "AVIF": _avif,
}
"""What returns a format's decoder, which takes the file and returns shape and samples; `_others` for the rest."""


def _limit() -> None:
    """Have the system refuse more memory, and end the process after two seconds of computing."""
    try:
        import resource
    except ImportError:  # no such limits on Windows: there the clock of the caller is the only one
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + _SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = Path("/proc/self/statm")
    if status.exists():
        taken = int(status.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + _EXTRA_BYTES,) * 2)


def main() -> int:
    """Decode standard input; return the exit status."""
    kind = sys.argv[1]
    decode = KINDS[kind]() if kind in KINDS else _others(kind)
    data = sys.stdin.buffer.read()
    Image.MAX_IMAGE_PIXELS = None  # the limits below say more than Pillow's count
    _limit()
    try:
        shape, samples = decode(data)
    except MemoryError:
        return 2
    except Exception as error:  # whatever the decoder says of hostile data, the caller has one sentence for it
        if not hasattr(error, "remedy"):
            return 1
        sys.stdout.write(json.dumps({"refused": error.args}) + "\n")
        return 0
    sys.stdout.buffer.write(json.dumps({"shape": shape}).encode() + b"\n")
    sys.stdout.buffer.write(samples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
