"""What is learnt of a person: kept with consent, measured, used for that person only, forgotten."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from engine.errors import ChangedError, ConsentError, DataError, RecordsError
from engine.models import shipped
from engine.recognition.face_answers import FaceAnswers, Lesson
from engine.recognition.resting_face import Rest, RestingFace
from engine.records import adaptation, archive, audit, consents, database, deletion, kept, lessons, pictures
from engine.records.corrections import Add, Corrections, Move, Name, Reject
from tests.records.corrected_faces import asked, long_recording, shown, swapping, taught_person
from tests.records.kept_people import ME, later, person, recording, session
from tests.records.recorded import LABELS

HAPPY, SAD = LABELS.index("happy"), LABELS.index("sad")


@pytest.fixture
def taught():
    return taught_person()


def test_what_corrections_teach_is_measured_and_used_for_that_person_only(either, taught):
    now = adaptation.standing(ME, taught.id)
    assert len(now.corrected) == 24 and not now.missing and now.adaptation is None and not now.left_out
    made = adaptation.learn(ME, taught.id)
    assert made.figures["helps"] and made.figures["before"] == 0 and made.figures["after"] > 0.8
    assert not made.in_use and adaptation.in_use(ME) == {}
    with pytest.raises(RecordsError, match="not in use"):
        adaptation.answers(ME, taught.id)
    adaptation.put_in_use(ME, taught.id, True, seen=made.version)
    assert adaptation.in_use(ME) == {taught.id: "P-01"}
    personal = adaptation.answers(ME, taught.id)
    assert (personal.person, personal.model, personal.version) == (
        taught.id,
        shipped.load().name,
        shipped.load().version,
    )
    answered = personal.answers(now.corrected.named, now.corrected.embeddings)
    assert (answered.argmax(axis=1) == now.corrected.meant).mean() > 0.8
    other = person("P-02")
    for ask in (adaptation.answers, adaptation.put_in_use):
        with pytest.raises(RecordsError, match="Nothing was learnt of “P-02”"):
            ask(ME, other.id, *([True] if ask is adaptation.put_in_use else []))
    assert adaptation.in_use("another") == {}
    for ask in (adaptation.standing, adaptation.learn, adaptation.answers, adaptation.reset):
        with pytest.raises(RecordsError, match="There is no person"):
            ask("another", taught.id)


def test_too_few_corrections_are_not_learnt_from():
    there = swapping(6)
    who = _person_of(there)
    assert adaptation.standing(ME, who).missing == "14 more corrections are needed: 6 of 20."
    with pytest.raises(DataError, match="14 more corrections"):
        adaptation.learn(ME, who)


def test_each_correction_counts_as_it_stands():
    there = recording(None, long_recording(["happy"] * 5))
    who = _person_of(there)
    assert len(adaptation.standing(ME, who).corrected) == 0  # nobody has said anything yet
    for change in (
        Name("1-1", "happy"),
        Name("1-2", "sad"),
        Name("1-3", "puzzled"),
        Name("1-4", "sad"),
        Move("1-4", 6.2, 7.5, 7.6),
        Name("1-5", "sad"),
        Reject("1-5"),
        Add(1, 3.9, 4.0, 4.05, "fear"),
    ):
        kept.correct(ME, there.id, change)
    now = adaptation.standing(ME, who)
    assert now.corrected.meant.tolist() == [HAPPY, SAD]
    assert set(now.left_out) == {
        "1 not used: each has a name that the model does not know.",
        "1 not used: each has its apex elsewhere now.",
        "1 not used: each is a micro-expression, which another model names by motion.",
    }


@pytest.mark.parametrize("other", [{"model": "another"}, {"version": "0" * 16}])
def test_an_embedding_of_another_model_is_not_used_and_that_is_said(other):
    found = long_recording(["happy", "sad"], **other)
    there = recording(None, found, corrections=Corrections((Name("1-1", "sad"),)))
    now = adaptation.standing(ME, _person_of(there))
    assert not len(now.corrected)
    assert now.left_out == ("1 not used: each was answered by another model or other weights of it.",)


def test_without_consent_nothing_to_learn_from_is_kept():
    somebody = person(purposes=("records",))
    swapping(6, session(somebody))
    with pytest.raises(ConsentError, match="has not agreed to: have the recogniser learn"):
        adaptation.standing(ME, somebody.id)
    consents.take(ME, somebody.id, "the person", ("records", "adaptation"), later())
    now = adaptation.standing(ME, somebody.id)
    assert not len(now.corrected) and now.left_out == ("6 not used: each came without numbers of its face.",)


def test_with_the_consent_goes_what_was_learnt(either, taught, monkeypatch):
    adaptation.put_in_use(ME, adaptation.learn(ME, taught.id).person_id, True)
    (consent,) = consents.listed(ME, taught.id)
    consents.take(ME, taught.id, "the person", ("records",), later())
    consents.withdraw(ME, consent.id)
    assert adaptation.in_use(ME) == {}
    with pytest.raises(ConsentError, match="took consent back"):
        adaptation.answers(ME, taught.id)
    pictures.sweep()
    consents.take(ME, taught.id, "the person", ("records", "adaptation"), later(2))
    now = adaptation.standing(ME, taught.id)
    assert now.adaptation is None and not len(now.corrected)
    assert audit.verified(ME)[1] is None


def test_reset_forgets_and_the_corrections_stay(taught):
    made = adaptation.learn(ME, taught.id)
    adaptation.put_in_use(ME, taught.id, True)
    with pytest.raises(ChangedError):
        adaptation.put_in_use(ME, taught.id, False, seen=made.version)
    adaptation.reset(ME, taught.id)
    now = adaptation.standing(ME, taught.id)
    assert now.adaptation is None and len(now.corrected) == 24 and adaptation.in_use(ME) == {}
    adaptation.reset(ME, taught.id)


def test_what_was_learnt_is_outdated_once_there_is_more(taught):
    adaptation.learn(ME, taught.id)
    adaptation.put_in_use(ME, taught.id, True)
    assert not adaptation.standing(ME, taught.id).outdated
    swapping(4, session(taught, "later"), 5)
    assert adaptation.standing(ME, taught.id).outdated
    again = adaptation.learn(ME, taught.id)
    assert again.in_use and again.corrections == 28  # it was in use, and helps still


def test_deleting_the_person_takes_it_away(taught):
    adaptation.learn(ME, taught.id)
    receipt = deletion.delete_person(ME, taught.id)
    assert receipt.went["faces to learn from"] == 24 and receipt.went["adaptations"] == 1
    data = (database.url().database, f"{database.url().database}-wal")
    assert receipt.wiped and data
    with pytest.raises(RecordsError, match="There is no person"):
        adaptation.standing(ME, taught.id)


def test_it_comes_along_in_an_archive(taught, tmp_path, monkeypatch):
    lessons.teach(ME, session(taught, "live").id, [_lesson(taught)])
    adaptation.learn(ME, taught.id)
    adaptation.put_in_use(ME, taught.id, True)
    before, data = adaptation.answers(ME, taught.id), archive.write(ME, taught.id)
    there = adaptation.standing(ME, taught.id).corrected
    database.close()
    monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "elsewhere"))
    came = archive.read("another", data).person
    now = adaptation.standing("another", came.id)
    assert not now.outdated and len(now.corrected) == 25
    after = adaptation.answers("another", came.id)
    rows = after.answers(there.named, there.embeddings)
    np.testing.assert_array_equal(rows, before.answers(there.named, there.embeddings))
    assert sorted(now.corrected.meant.tolist()) == sorted(there.meant.tolist())


def test_lessons_are_learnt_from():
    somebody = person()
    visit = session(somebody)
    rest = RestingFace.of(LABELS, np.array([list(shown("sad").values())]), 0.5, named=True)
    lesson = Lesson("happy", asked([1.0], ["sad"]), rest)
    assert lessons.teach(ME, visit.id, [lesson, replace(lesson, expression="fear", rest=None)]) == 2
    found = adaptation.standing(ME, somebody.id).corrected
    assert sorted(found.meant.tolist()) == sorted([HAPPY, LABELS.index("fear")])
    row = list(shown("sad").values())
    at = found.meant.tolist().index(HAPPY)
    np.testing.assert_allclose(found.shown[at], rest.taken_out(np.array([row]))[0], atol=1e-3)
    np.testing.assert_allclose(found.shown[1 - at], row, atol=1e-3)
    # The rest is this person's: what was shown without it starts from it all the same.
    np.testing.assert_allclose(found.named[0], found.named[1], atol=1e-3)
    with pytest.raises(RecordsError, match="nothing that neuromer names"):
        lessons.teach(ME, visit.id, [replace(lesson, expression="puzzled")])
    with pytest.raises(ConsentError):
        lessons.teach(ME, session(person("P-02", ("records",))).id, [lesson])


def test_a_recordings_own_rest_is_taken_out_once():
    found = long_recording(["sad", "sad"])
    (made,) = found.tracks
    rest = RestingFace.of(LABELS, np.array([list(shown("sad").values())]), 2.0)
    events = tuple(replace(event, plain=event.probabilities) for event in made.events)
    found = replace(found, tracks=(replace(made, events=events, rest=Rest(rest)),))
    there = recording(None, found, corrections=Corrections((Name("1-1", "happy"),)))
    (row,) = adaptation.standing(ME, _person_of(there)).corrected.named
    np.testing.assert_allclose(row, rest.taken_out(np.array([list(shown("sad").values())]))[0], atol=1e-3)


def test_a_clock_put_back_brings_no_consent_back(taught, monkeypatch):
    adaptation.put_in_use(ME, adaptation.learn(ME, taught.id).person_id, True)
    late = audit.now() + timedelta(days=40)
    with monkeypatch.context() as changed:
        changed.setattr(audit, "now", lambda: late)
        with pytest.raises(ConsentError, match="ended on"):
            adaptation.answers(ME, taught.id)
        pictures.sweep()
    consents.take(ME, taught.id, "the person", ("records", "adaptation"), late + timedelta(days=9))
    assert adaptation.standing(ME, taught.id).adaptation is None


def _lesson(somebody):
    found = adaptation.standing(ME, somebody.id).corrected
    model = shipped.load()
    return Lesson(
        "happy",
        FaceAnswers(model.name, model.version, LABELS, np.zeros(1), found.shown[:1], np.float16(found.embeddings[:1])),
    )


def _person_of(there):
    from engine.records import sessions

    return sessions.get(ME, there.session_id).person_id
