"""A PostgreSQL server for a while: in a temporary folder, on a free port that only this machine can reach."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.bench.peer import PeerUnavailableError

_FOLDER = Path("/usr/lib/postgresql")  # where Debian puts it
_USERS = ("postgres", "nobody")  # the server refuses to be root's
_PATIENCE_S = 120


@contextmanager
def serving(*, durable: bool = True) -> Iterator[str]:
    """Start a server, and stop it at the end of the ``with`` statement.

    Parameters
    ----------
    durable
        Whether what is acknowledged lies on the disk, as a server does it by default.

    Yields
    ------
    str
        Its address, as ``NEUROMER_DATABASE_URL`` takes it.

    Raises
    ------
    PeerUnavailableError
        Where it is not installed, or this is root and there is nobody else to run it.
    """
    programs = sorted(_FOLDER.glob("*/bin/initdb"))
    if not programs:
        raise PeerUnavailableError("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="neuromer-postgresql-"))
    try:
        user = _other_user(folder)
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}

        def run(program: str, *options: str) -> None:
            subprocess.run(
                [str(programs[-1].with_name(program)), *options],
                cwd=folder,
                env=environment,
                check=True,
                capture_output=True,
                timeout=_PATIENCE_S,
                **user,
            )

        data, port = str(folder / "data"), _free_port()
        told = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
        if not durable:
            told += " -c fsync=off -c shared_buffers=32MB"
        run("initdb", "-D", data, "-U", "neuromer", "-A", "trust", "-N", "-E", "UTF8")
        run("pg_ctl", "-D", data, "-o", told, "-w", "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://neuromer@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user(folder: Path) -> dict[str, Any]:
    """Give a folder to whoever is to run the server, and return how `subprocess` names them; nothing but for root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # not on every system

    for name in _USERS:
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return {"user": name, "group": user.pw_gid, "extra_groups": []}
    raise PeerUnavailableError("there is no user but root to run PostgreSQL")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
