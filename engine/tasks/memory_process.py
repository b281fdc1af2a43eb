"""The process in which `engine.tasks.memory` has a function called.

On standard input it takes how many threads it may use, and a pickled function with its arguments; on standard output it
answers with pickled pairs of a `engine.tasks.Status` and what the function returned, None until it has finished.
"""

import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from engine import settings
from engine.errors import UserError
from engine.tasks.failure import explained
from engine.tasks.progress import Progress
from engine.tasks.status import Status
from engine.tasks.workers import limit

_NICENESS = 5  # whoever looks at a page must not wait for whoever analyses a recording
_log = logging.getLogger(__name__)


def main() -> None:
    """Serve one call."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not stand among the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # Ctrl-C is for the parent to decide on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    limit(pickle.load(sys.stdin.buffer))
    function, asked = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_follow, args=(sys.stdin.fileno(),), daemon=True).start()

    def send(status: Status, result: Any = None) -> None:
        pickle.dump((status, result), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    serve(function, asked, send)


def serve(function: Callable[..., Any], asked: dict[str, Any], send: Callable[..., None]) -> None:
    """Call a function, and tell how far it is and what comes of it, whatever that is."""
    try:
        result = function(**asked, progress=Progress(send))
    except Exception as error:
        if not isinstance(error, (UserError, MemoryError)):
            _log.exception("A task met an error that nobody expected")
        said = explained(error, str(settings.data_folder()))
        send(Status("failed", what=said.what, remedy=said.remedy))
    else:
        send(Status("finished"), result)


def _follow(pipe: int) -> None:
    """Go where the parent goes: its end closes the pipe, whatever this process is doing."""
    while os.read(pipe, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
