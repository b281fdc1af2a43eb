"""The process in which `engine.recognition.analysing` has a recording analysed.

It takes one pickled request from standard input and answers with pickled messages on standard output: ``("progress",
done, total, words)``, ``("data", bytes, events)`` of an example that was drawn, and at the end ``("finished",
Analysis)`` or ``("failed", what, remedy)``.
"""

import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.executors.threads import limit
from engine.tasks import Progress

if TYPE_CHECKING:
    from engine.synthetic import TrueEvent

_NICENESS = 5  # whoever looks at a page must not wait for whoever analyses a recording
_log = logging.getLogger(__name__)


def main() -> None:
    """Serve one request."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not stand among the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Ctrl-C is for the parent to decide on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    request = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_follow, args=(sys.stdin.fileno(),), daemon=True).start()

    def send(*message: Any) -> None:
        pickle.dump(message, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    serve(request, send)


def serve(request: dict[str, Any], send: Callable[..., None]) -> None:
    """Analyse what is asked for, and tell what comes of it.

    Parameters
    ----------
    request
        ``name`` and ``data`` (bytes) of a recording, or ``example``, the name of one that is to be drawn; ``threads``;
        ``enhance``, as `engine.recognition.video.analyse` takes it.
    send
        Takes the messages.
    """
    try:
        limit(request["threads"])
        from engine.recognition.video import analyse

        watch = Progress(lambda status: send("progress", status.done, status.total, status.words))
        data, name = request.get("data"), request["name"]
        if data is None:
            data, truth = drawn(request["example"], watch)
            send("data", data, truth)
        send("finished", analyse(data, name, enhance=request.get("enhance"), watch=watch))
    except UserError as error:
        send("failed", error.what, error.remedy)
    except MemoryError:
        send("failed", "The memory of this machine does not suffice for the recording.", "Take a shorter one.")
    except Exception:
        _log.exception("The analysis of a recording met an error that nobody expected")
        send(
            "failed",
            "Something went wrong inside NeuroMER while the recording was analysed.",
            "Try another recording, and report what the server wrote to its console.",
        )


def drawn(example: str, watch: Progress) -> tuple[bytes, list["TrueEvent"]]:
    """Draw a synthetic example; return it as the bytes of an MP4 file, and what is shown in it."""
    from engine.synthetic import EXAMPLES, mp4_bytes

    clip = EXAMPLES[example]()
    return mp4_bytes(clip, watch), list(clip.events)


def _follow(pipe: int) -> None:
    """Go where the parent goes: its end closes the pipe, whatever this process is doing."""
    while os.read(pipe, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
