"""Processes that are killed at any moment, cheaply: each is a fork of this one, which has loaded everything already.

The moment is counted in what a process does to files, so that it falls as often between two renames as they come; a
little later it may fall into the middle of a write.
"""

import os
import signal
import sys
import traceback

_TOUCHING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "shutil.rmtree", "shutil.move"}


def _touches(event, given):
    return event in _TOUCHING or (event == "open" and isinstance(given[1], str) and set(given[1]) & set("wax+"))


def in_fork(work, kill_at=None, later_s=0.0):
    """Do some work in a process of its own, and kill that at a moment.

    Parameters
    ----------
    work
        A function without arguments.
    kill_at
        The process is killed before it touches a file for so many times; None for never.
    later_s
        So many seconds after that moment, rather.

    Returns
    -------
    tuple
        Whether it was killed, and how often it had touched a file.
    """
    sys.stdout.flush()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        _be_child(work, kill_at, later_s, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        touched = len(told.read())
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("The work went wrong; see above.")
    return os.WIFSIGNALED(status), touched


def _be_child(work, kill_at, later_s, writing):
    touched = 0

    def count(event, given):
        nonlocal touched
        if not _touches(event, given):
            return
        touched += 1
        os.write(writing, b".")
        if touched == kill_at and later_s:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process at once, like SIGKILL
            signal.setitimer(signal.ITIMER_REAL, later_s)
        elif touched == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(count)
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
