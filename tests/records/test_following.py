"""What is changed in memory is changed in the session that keeps it, as long as nobody changes it there."""

import pytest
from kept_people import ME, recording
from recorded import analysis, track

from engine.errors import ChangedError
from engine.records import kept
from engine.records.corrections import NONE, Add, Corrections, Move, Name, Revert
from engine.records.following import follow

CHANGES = (Name("1-1", "sad"), Move("1-1", 1.05, 1.1, 1.4), Add(1, 5.0, 5.1, 5.2, "fear"), Revert(""))


def log_of(there):
    return kept.review(ME, there.id).corrections


def test_changes_and_what_is_taken_back_go_along():
    there, log = recording(found=analysis()), NONE
    for change in CHANGES:
        grown = Corrections((*log.log, change))
        follow(ME, there.id, log, grown)
        log = grown
        assert log_of(there) == log
    while log:
        follow(ME, there.id, log, log.undone())
        log = log.undone()
        assert log_of(there) == log


def test_of_somebody_else_nothing_is_written():
    there = recording(found=analysis(track(), track(2)), faces=[1])
    follow(ME, there.id, NONE, Corrections((Name("2-1", "sad"),)))
    assert log_of(there) == NONE


def test_where_it_was_changed_there_nothing_is_overwritten():
    there = recording(found=analysis())
    kept.correct(ME, there.id, Name("1-2", "fear"))
    with pytest.raises(ChangedError, match="changed there"):
        follow(ME, there.id, NONE, Corrections(CHANGES[:1]))
    assert log_of(there).log == (Name("1-2", "fear"),)
