"""People, consent and sessions as tests need them."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from engine.bench.peer import PeerUnavailableError
from engine.bench.postgresql import serving
from engine.records import consents, kept, people, sessions
from tests.records.recorded import analysis

ME = "local"


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
    try:
        with serving(durable=False) as address:
            yield address
    except PeerUnavailableError as error:
        pytest.skip(str(error))
