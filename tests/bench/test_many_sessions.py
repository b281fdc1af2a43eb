"""The large database that figures are measured on holds what its name says, in both kinds of database."""

import pytest
from sqlalchemy import func, select

from engine.bench.figures import records
from engine.bench.many_sessions import EVENTS, analysis, fill
from engine.bench.peer import PeerUnavailableError
from engine.records import comparison, database, kept, people, sessions
from engine.records.tables import KeptEvent


@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_every_list_finds_what_was_filled_in(kind):
    try:
        with records.opened(kind):
            busiest, recording = fill("bench", 24, 4)
            assert [each.sessions for each in people.listed("bench")] == [12, 4, 4, 4]
            with database.reading() as db:
                assert db.scalar(select(func.count()).select_from(KeptEvent)) == 24 * EVENTS
            newest = sessions.listed("bench", busiest)[0]
            assert [each.id for each in kept.listed("bench", newest.session.id)] == [recording]
            assert len(comparison.compare("bench", busiest)) == 12
            assert len(kept.review("bench", recording).analysis.tracks[0].events) == EVENTS
            again = kept.keep("bench", newest.session.id, "video", analysis(90.0))
            assert len(kept.review("bench", again.id).versions) == EVENTS
            records._plain_insert()
            records._pandas_people(), records._pandas_figures(busiest), records._charts(busiest)
    except PeerUnavailableError as error:
        pytest.skip(str(error))
