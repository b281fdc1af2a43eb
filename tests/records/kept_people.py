"""People, consent and sessions as tests need them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.records import consents, kept, people, sessions
from tests.records.recorded import analysis
from tests.serving import free_port

ME = "local"
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
"""Where Debian puts it."""


def later(days=30):
    return datetime.now(UTC) + timedelta(days=days)


def person(pseudonym="P-01", purposes=("records", "pictures", "adaptation", "sharing"), owner=ME):
    """Somebody who has agreed."""
    made = people.create(owner, pseudonym)
    consents.take(owner, made.id, "the person", purposes, later())
    return made


def session(of=None, title="first visit", owner=ME):
    """A session with somebody, with nothing in it."""
    return sessions.create(owner, (of or person(owner=owner)).id, title)


def recording(of=None, found=None, owner=ME, sort="video", **more):
    """A recording in a session, with the three events of `recorded.track`."""
    return kept.keep(owner, (of or session(owner=owner)).id, sort, found or analysis(), **more)


@contextmanager
def postgresql():
    """A server of its own, as long as the ``with`` statement lasts; yields its address."""
    if not POSTGRESQL:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    found, port = POSTGRESQL[-1].parent, free_port()
    folder = Path(tempfile.mkdtemp(prefix="neuromer-postgresql-"))
    own = {}
    if os.geteuid() == 0:  # the server refuses to be root's
        user = next((each for each in ("postgres", "nobody") if _is_user(each)), None)
        if user is None:
            pytest.skip("there is no user but root to run PostgreSQL")
        own = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(*command):
        subprocess.run(
            [str(found / command[0]), *command[1:]],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
            timeout=120,
            **own,
        )

    data = str(folder / "data")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c shared_buffers=32MB"
    try:
        run("initdb", "-D", data, "-U", "test", "-A", "trust", "-N", "-E", "UTF8")
        run("pg_ctl", "-D", data, "-o", options, "-w", "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://test@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_user(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
