"""Whoever asks for what is somebody else's finds nothing, whichever function is asked.

Two tables: of every function of `engine.records` that takes an owner, and of whatever else takes an identifier.
A new function of the first kind fails here until somebody says how it is asked.
"""

import importlib
import inspect
import pkgutil
from types import SimpleNamespace

import pytest

from engine import datasets, records, settings
from engine.datasets import store
from engine.errors import DataError, ModelError, RecordsError
from engine.evaluation.evaluated import run_folder
from engine.models import shipped
from engine.recognition.video.recordings import RecordingStore
from engine.records import (
    adaptation,
    archive,
    audit,
    comparison,
    consents,
    database,
    deletion,
    event_pictures,
    following,
    intended_use,
    kept,
    lessons,
    made_up,
    people,
    pictures,
    practice,
    session_report,
    sessions,
)
from engine.records.access import found
from engine.records.corrections import NONE, Reject
from engine.records.keys import new_key
from engine.records.tables import KeptRecording, Person, Picture
from engine.tasks import Status, task
from engine.training import runs
from engine.training.configuration import RECIPES
from engine.training.request import Request
from tests.datasets.picture_sets import classes, write_folder
from tests.records.kept_people import later, person, recording, session

THEIRS, MINE = "a" * 32, "b" * 32


@pytest.fixture
def theirs(monkeypatch):
    """Somebody's person, consent, session, recording, note and picture."""
    monkeypatch.setenv("NEUROMER_KEY", new_key())
    database.close()
    someone = person(owner=THEIRS)
    visit = session(someone, owner=THEIRS)
    film = recording(visit, owner=THEIRS)
    picture = pictures.keep(THEIRS, film.id, b"\xff\xd8 no picture", "image/jpeg", "apex", "1-1", later())
    note = sessions.add_note(THEIRS, visit.id, "a note")
    yield SimpleNamespace(
        person=someone.id,
        consent=consents.listed(THEIRS, someone.id)[0].id,
        session=visit.id,
        recording=film.id,
        picture=picture.id,
        note=note.id,
    )
    database.close()


REFUSED = {
    adaptation.standing: lambda it: (it.person,),
    adaptation.learn: lambda it: (it.person,),
    adaptation.put_in_use: lambda it: (it.person, True),
    adaptation.reset: lambda it: (it.person,),
    adaptation.answers: lambda it: (it.person,),
    archive.write: lambda it: (it.person,),
    comparison.compare: lambda it: (it.person,),
    consents.take: lambda it: (it.person, "somebody", ["records"], later()),
    consents.withdraw: lambda it: (it.consent,),
    consents.listed: lambda it: (it.person,),
    consents.allowed: lambda it: (it.person,),
    consents.check: lambda it: (it.person, "records"),
    deletion.delete_person: lambda it: (it.person,),
    event_pictures.keep: lambda it: (it.recording, lambda _: {}, later()),
    following.follow: lambda it: (
        it.recording,
        NONE,
        NONE.then(Reject("1-1"), kept.review(THEIRS, it.recording).analysis),
    ),
    kept.keep: lambda it: (it.session, "video", kept.review(THEIRS, it.recording).analysis),
    kept.listed: lambda it: (it.session,),
    kept.review: lambda it: (it.recording,),
    kept.correct: lambda it: (it.recording, Reject("1-1")),
    kept.undo: lambda it: (it.recording, None),
    kept.history: lambda it: (it.recording,),
    kept.delete: lambda it: (it.recording,),
    lessons.teach: lambda it: (it.session, []),
    people.rename: lambda it: (it.person, "mine now"),
    people.get: lambda it: (it.person,),
    pictures.keep: lambda it: (it.recording, b"\xff\xd8", "image/jpeg", "apex", None, later()),
    pictures.read: lambda it: (it.picture,),
    pictures.listed: lambda it: (it.recording,),
    pictures.delete: lambda it: (it.picture,),
    session_report.session_report: lambda it: (it.session,),
    sessions.create: lambda it: (it.person, "a visit"),
    sessions.get: lambda it: (it.session,),
    sessions.count: lambda it: (it.person,),
    sessions.listed: lambda it: (it.person,),
    sessions.delete: lambda it: (it.session,),
    sessions.write_words: lambda it: (it.session, "mine now"),
    sessions.add_note: lambda it: (it.session, "mine now"),
    sessions.notes: lambda it: (it.session,),
    sessions.delete_note: lambda it: (it.note,),
}
"""Functions that take an identifier, and how they are asked for somebody else's."""
TELL_NOTHING = {
    adaptation.in_use: ({}, ()),
    audit.listed: ([], ()),
    people.listed: ([], ()),
    practice.listed: ([], ()),
    practice.forget: (0, ()),
    intended_use.accepted: (False, ("the text",)),
}
"""Functions that take only who asks, and what they answer somebody who has nothing."""
ELSEWHERE = {
    found: "asked below",
    sessions.allowed_session: "asked by all that take a session",
    archive.read: "takes a file, no identifier",
    archive.take_in: "takes a file, no identifier",
    audit.add: "writes what was done",
    audit.verified: "counts everybody's entries and tells nothing of them",
    intended_use.accept: "writes one's own",
    made_up.bring: "writes one's own",
    people.create: "writes one's own",
    practice.keep: "writes one's own",
}


def everything():
    """Every public function of the records that takes an owner."""
    for module in pkgutil.iter_modules(records.__path__):
        if module.name != "migrations":
            here = importlib.import_module(f"engine.records.{module.name}")
            for name, function in vars(here).items():
                own = inspect.isfunction(function) and function.__module__ == here.__name__
                if own and name[0] != "_" and "owner" in inspect.signature(function).parameters:
                    yield function


def test_every_function_with_an_owner_is_in_a_table():
    told = [*REFUSED, *TELL_NOTHING, *ELSEWHERE]
    names = sorted(f"{each.__module__}.{each.__name__}" for each in everything())
    assert names == sorted(f"{each.__module__}.{each.__name__}" for each in told)


@pytest.mark.parametrize("function", REFUSED, ids=lambda each: f"{each.__module__.split('.')[-1]}.{each.__name__}")
def test_somebody_elses_is_as_if_it_were_not_there(theirs, function):
    asked = REFUSED[function](theirs)
    before = audit.verified(MINE)[0]
    with pytest.raises(RecordsError) as refused:
        function(MINE, *asked)
    with pytest.raises(RecordsError) as absent:
        function(MINE, "0" * len(asked[0]), *asked[1:])
    said = refused.value.what.replace(asked[0], "0" * len(asked[0]))
    assert (type(refused.value), said) == (type(absent.value), absent.value.what), "tells that there is one"
    assert audit.verified(MINE)[0] == before, "something was done"


@pytest.mark.parametrize("function", TELL_NOTHING, ids=lambda each: f"{each.__module__.split('.')[-1]}.{each.__name__}")
def test_who_has_nothing_is_told_nothing(theirs, function):
    expected, asked = TELL_NOTHING[function]
    answer = function(MINE, *asked)
    assert answer == expected or list(answer) == expected


@pytest.mark.parametrize(("kind", "which"), [(Person, "person"), (KeptRecording, "recording"), (Picture, "picture")])
def test_a_record_is_found_by_its_owner_only(theirs, kind, which):
    with database.reading() as db:
        assert found(db, kind, THEIRS, getattr(theirs, which)).owner == THEIRS
        with pytest.raises(RecordsError):
            found(db, kind, MINE, getattr(theirs, which))


def test_it_is_all_still_there_afterwards(theirs):
    for function, asked in REFUSED.items():
        with pytest.raises(RecordsError):
            function(MINE, *asked(theirs))
    assert [each.person.id for each in people.listed(THEIRS)] == [theirs.person]
    assert pictures.read(THEIRS, theirs.picture) == b"\xff\xd8 no picture"
    assert [note.text for note in sessions.notes(THEIRS, theirs.session)] == ["a note"]
    assert len(kept.review(THEIRS, theirs.recording).analysis.tracks[0].events) == 3


@pytest.fixture
def asking(monkeypatch):
    """Let tests say who asks."""
    monkeypatch.setattr(settings, "_owner", settings._owner)

    def ask_as(owner):
        settings.ask_for_owner(lambda: owner)

    return ask_as


@pytest.fixture
def library(asking, tmp_path):
    """Somebody's data set, run and task; afterwards another one asks."""
    asking(THEIRS)
    store.import_set(write_folder(tmp_path / "faces", classes("happy", "sad")))
    run = runs.create(Request("paper", "faces", RECIPES["paper"]))
    (run.folder / "card.json").write_text("{}")
    (run.folder / "model.onnx").write_bytes(b"")
    work = task.new_folder()
    (work / "job.json").write_text('{"title": "theirs", "about": "faces", "started": 1.0}')
    assert store.names() == ["faces"] and [each.id for each in runs.list_all()] == [run.id]
    assert [each.id for each in task.list_all()] == [work.name] and shipped.names_of_runs() == (f"run:{run.id}",)
    asking(MINE)
    return SimpleNamespace(run=run.id, task=work.name)


BY_NAME = {
    "the set": (store.folder, "faces", DataError),
    "what is known of a set": (store.about, "faces", DataError),
    "a set's pictures": (store.load, "faces", DataError),
    "a set's version": (store.version, "faces", DataError),
    "a set's checks": (store.check_set, "faces", DataError),
    "a set's licence": (store.licence, "faces", DataError),
    "removing a set": (store.remove, "faces", DataError),
    "a set to train on": (datasets.read, "faces", DataError),
    "a run": (runs.find, "run", DataError),
    "a run to evaluate": (run_folder, "run", DataError),
    "a run's model": (lambda name: shipped.load(f"run:{name}"), "run", ModelError),
}


@pytest.mark.parametrize("what", BY_NAME)
def test_a_name_of_somebody_elses_set_or_run_is_unknown(library, asking, what):
    ask, named, error = BY_NAME[what]
    with pytest.raises(error):
        ask(getattr(library, named, named))
    asking(THEIRS)
    assert store.names() == ["faces"] and runs.find(library.run)


def test_lists_hold_ones_own(library):
    assert store.names() == [] and runs.list_all() == [] and task.list_all() == [] and shipped.names_of_runs() == ()
    assert runs.damaged() == []


def test_two_people_may_give_a_set_the_same_name(library, asking, tmp_path):
    store.import_set(write_folder(tmp_path / "mine" / "faces", classes("fear", "happy")))
    mine = store.about("faces")["labels"], store.version("faces")
    asking(THEIRS)
    theirs = store.about("faces")["labels"], store.version("faces")
    assert set(mine[0]) == {"fear", "happy"} and set(theirs[0]) == {"happy", "sad"} and mine[1] != theirs[1]


def test_what_is_at_work_counts_for_all(library, monkeypatch):
    monkeypatch.setattr(settings, "TASKS_MAX", 1)
    with task.working(settings.library_folders()[1] / "jobs" / library.task) as progress:
        task.write_status(progress.folder, Status("running"))
        with pytest.raises(DataError, match="1 tasks are at work"):
            task.new_folder()


def test_sweeping_goes_through_everybodys(library, asking):
    asking(THEIRS)
    left = settings.library_folder() / "datasets" / ".staging-killed"
    left.mkdir()
    asking(settings.LOCAL_OWNER)
    store.sweep()
    assert not left.exists()


def test_a_process_is_told_for_whom_it_works(library, asking, monkeypatch):
    started = []
    monkeypatch.setattr(task.subprocess, "Popen", lambda *_, **how: started.append(how["env"]))
    task.spawn(task.new_folder(), ["import", "x"])
    assert started[0]["NEUROMER_OWNER"] == MINE
    monkeypatch.setenv("NEUROMER_OWNER", MINE)
    assert settings._own_process() == MINE


class AtWork:
    """A task that never ends."""

    status, result = Status("running"), None

    def cancel(self):
        raise AssertionError("somebody else's analysis was cancelled")


def test_a_recording_in_memory_is_its_owners(asking):
    held = RecordingStore(analyse=lambda **_: AtWork())
    asking(THEIRS)
    token = held.keep("a visit", b"bytes").token
    asking(MINE)
    assert held.find(token) is None and held.peek(token) is None and held.tokens() == []
    held.discard(token)
    asking(THEIRS)
    assert held.find(token).name == "a visit" and held.tokens() == [token]
