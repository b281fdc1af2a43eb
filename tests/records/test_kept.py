"""What is kept of a recording: restored as it was, corrected, undone, and held against two who edit at once."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from kept_people import ME, recording, session
from recorded import analysis, empty, track

from engine.errors import ChangedError, RecordsError
from engine.recognition.resting_face import Rest, RestingFace
from engine.records import audit, database, kept
from engine.records.corrections import (
    Add,
    CorrectionError,
    Corrections,
    Move,
    Name,
    Reject,
    Revert,
    corrected,
    reviewed,
)
from engine.records.elan import events_eaf
from engine.records.events import analysis_json, events_csv
from engine.records.frames import frames_csv
from engine.records.report import Reported, of_recording, report_html

LOG = Corrections((Move("1-1", 1.05, 1.1, 1.4), Name("1-2", "sad"), Add(1, 5.0, 5.1, 5.2, "fear"), Reject("1-3")))


def look(kept_recording):
    return kept.review(ME, kept_recording.id)


def standing(view):
    return reviewed(view.analysis, view.corrections)


def test_it_comes_back_as_it_was(either):
    found = analysis()
    view = look(recording(found=found))
    (was,), (now,) = found.tracks, view.analysis.tracks
    assert now.events == was.events
    assert (now.gaps, now.labels, now.person) == (was.gaps, was.labels, was.person)
    assert view.analysis.recording == found.recording
    for name in ("frame", "time_s", "box"):
        np.testing.assert_array_equal(getattr(now, name), getattr(was, name))
    for name in ("motion", "probabilities", "pose_deg"):
        np.testing.assert_allclose(getattr(now, name), getattr(was, name), rtol=1e-3, atol=1e-4)


def test_every_file_can_be_made_of_it():
    found = analysis()
    view = look(recording(found=found, corrections=LOG))
    assert events_csv(view.analysis, view.corrections) == events_csv(found, LOG)
    assert analysis_json(view.analysis, view.corrections) == analysis_json(found, LOG)
    assert len(frames_csv(view.analysis).splitlines()) == len(frames_csv(found).splitlines())
    assert b"happy" not in events_eaf(view.analysis, view.corrections)
    assert "sad" in report_html(of_recording(Reported(view.analysis, view.corrections)))


def test_how_a_face_rests_is_kept():
    labels = track().labels
    rest = RestingFace.of(labels, np.full((5, len(labels)), 1 / len(labels)), 3.0)
    view = look(recording(found=analysis(replace(track(), rest=Rest(rest, "", True)))))
    restored = view.analysis.tracks[0].rest
    assert restored.called_neutral
    np.testing.assert_array_equal(restored.face.level, rest.level)
    assert restored.face.seconds == 3.0


def test_only_the_persons_own_faces_are_kept():
    found = analysis(track(1), track(2))
    view = look(recording(found=found, faces=[2], corrections=Corrections((Name("1-1", "sad"), Name("2-1", "fear")))))
    assert [each.person for each in view.analysis.tracks] == [2]
    assert {each.id for each in standing(view)} == {"2-1", "2-2", "2-3"}
    assert view.corrections.log == (Name("2-1", "fear"),)


@pytest.mark.parametrize(("found", "faces"), [(empty(), None), (analysis(), [7]), (analysis(), [])])
def test_nobody_is_not_kept(found, faces):
    with pytest.raises(RecordsError, match="face"):
        recording(found=found, faces=faces)


def test_the_same_recording_is_kept_once_in_a_session():
    visit = session()
    recording(visit)
    with pytest.raises(RecordsError, match="“interview.mp4” is in this session already"):
        recording(visit)
    recording(visit, analysis(track(events=track().events[:2])))
    assert len(kept.listed(ME, visit.id)) == 2


def test_corrections_are_as_in_memory(either):
    there = recording()
    for each in LOG.log:
        kept.correct(ME, there.id, each)
    view = look(there)
    found = analysis()
    assert view.corrections == LOG
    assert corrected(view.analysis, LOG).as_json() == corrected(found, LOG).as_json()
    assert {each.id: each.rejected for each in standing(view)} == {
        "1-1": False,
        "1-2": False,
        "1-3": True,
        "1-a1": False,
    }


def test_undoing_takes_one_step_back_and_keeps_it_in_the_history(either):
    there = recording()
    kept.correct(ME, there.id, Name("1-1", "sad"))
    kept.correct(ME, there.id, Add(1, 5.0, 5.1, 5.2, "fear"))
    kept.undo(ME, there.id, look(there).last)
    view = look(there)
    assert view.corrections.log == (Name("1-1", "sad"),)
    assert set(view.versions) == {"1-1", "1-2", "1-3"}
    kept.undo(ME, there.id, view.last)
    kept.undo(ME, there.id, None)
    assert not look(there).corrections
    told = kept.history(ME, there.id)
    assert [(each.said["do"], each.made_by, each.undone_at is None) for each in told] == [
        ("name", ME, False),
        ("add", ME, False),
    ]


def test_going_back_to_what_was_spotted_takes_added_events_away():
    there = recording(corrections=LOG)
    kept.correct(ME, there.id, Revert())
    assert [each.event for each in standing(look(there))] == list(analysis().tracks[0].events)


def test_a_change_that_does_not_fit_changes_nothing():
    there = recording()
    with pytest.raises(CorrectionError, match="no event “1-9”"):
        kept.correct(ME, there.id, Name("1-1", "sad"), Name("1-9", "sad"))
    assert not look(there).corrections


def test_the_second_of_two_changes_of_one_event_is_told(either):
    there = recording()
    mine = theirs = look(there)
    kept.correct(ME, there.id, Name("1-1", "sad"), seen=mine.versions)
    with pytest.raises(ChangedError, match="Event 1-1 was changed in another window since it was shown here"):
        kept.correct(ME, there.id, Name("1-1", "fear"), seen=theirs.versions)
    kept.correct(ME, there.id, Name("1-2", "fear"), seen=theirs.versions)
    for late in (Revert(), Reject("1-1"), Move("1-1", 1.0, 1.1, 1.2)):
        with pytest.raises(ChangedError):
            kept.correct(ME, there.id, late, seen=theirs.versions)
    with pytest.raises(ChangedError, match="Something else was changed"):
        kept.undo(ME, there.id, None)
    assert look(there).corrections.log == (Name("1-1", "sad"), Name("1-2", "fear"))


def test_an_event_taken_away_in_another_window_is_told():
    there = recording(corrections=LOG)
    seen = look(there).versions
    kept.correct(ME, there.id, Revert("1-a1"))
    with pytest.raises(ChangedError, match="Event 1-a1 was taken away"):
        kept.correct(ME, there.id, Name("1-a1", "sad"), seen=seen)


def test_of_ten_at_once_no_change_is_lost(either, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 60.0)  # on a busy machine each waits long for its turn
    there = recording()
    told, done = [], []

    def work(number):
        for step in range(2):
            while True:
                view = look(there)
                try:
                    kept.correct(ME, there.id, Name("1-1", f"word {number} {step}"), seen=view.versions)
                except ChangedError as error:
                    told.append(error)
                else:
                    done.append((number, step))
                    break

    threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
    [each.start() for each in threads]
    [each.join() for each in threads]
    log = look(there).corrections.log
    assert len(done) == len(log) == 20
    assert {each.expression for each in log} == {f"word {number} {step}" for number, step in done}
    assert told  # they did stand in each other's way
    assert look(there).versions["1-1"] == 21
    assert audit.verified(ME)[1] is None


def test_deleting_a_recording_takes_all_of_it_away(either):
    visit = session()
    there = recording(visit, corrections=LOG)
    kept.delete(ME, there.id)
    assert not kept.listed(ME, visit.id)
    with pytest.raises(RecordsError, match="There is no recording"):
        look(there)
