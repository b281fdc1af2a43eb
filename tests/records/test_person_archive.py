"""A whole person as a file: out, in elsewhere, and every way in which it can be wrong."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from kept_people import ME, later, person, recording, session
from test_kept import LOG

from engine.errors import ConsentError, RecordsError, UserError
from engine.records import archive, audit, consents, database, kept, keys, people, pictures, sessions
from engine.records.events import analysis_json


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Go to another installation, with another key."""

    def go():
        database.close()
        monkeypatch.setenv("NEUROMER_DATA", str(tmp_path / "elsewhere"))
        monkeypatch.setenv(keys.VARIABLE, keys.new_key())

    return go


def whole():
    """Somebody of whom everything is kept."""
    made = person("P-01")
    visit = session(made, "first")
    there = recording(visit, corrections=LOG)
    kept.undo(ME, there.id, kept.review(ME, there.id).last)
    sessions.add_note(ME, visit.id, "smiled", there.id, 2.0)
    sessions.add_note(ME, visit.id, "calm")
    sessions.write_words(ME, visit.id, "what I think")
    pictures.keep(ME, there.id, b"a face", "image/jpeg", "apex", "1-1", later(20))
    session(made, "second")
    return made, there


def changed(data, change):
    """The archive with its index changed, its files with right sums."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        told = json.loads(packed.read("person.json"))
        files = {name: packed.read(name) for name in told["files"]}
    change(told, files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("person.json", json.dumps(told))
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


def test_everything_comes_along(elsewhere):
    made, there = whole()
    before = kept.review(ME, there.id)
    data = archive.write(ME, made.id, with_pictures=True)
    elsewhere()
    came = archive.read("another", data)
    assert (came.sessions, came.recordings, came.pictures, came.left_out) == (2, 1, 1, ())
    assert came.person.pseudonym == "P-01"
    first = next(each for each in sessions.listed("another", came.person.id) if each.session.title == "first")
    (copy,) = kept.listed("another", first.session.id)
    after = kept.review("another", copy.id)
    assert analysis_json(after.analysis, after.corrections) == analysis_json(before.analysis, before.corrections)
    assert len(kept.history("another", copy.id)) == len(LOG)
    assert [(note.text, note.at_s) for note in sessions.notes("another", first.session.id)] in (
        [("smiled", 2.0), ("calm", None)],
        [("calm", None), ("smiled", 2.0)],
    )
    assert first.session.words == "what I think"
    (picture,) = pictures.listed("another", copy.id)
    assert pictures.read("another", picture.id) == b"a face"
    assert (
        consents.check("another", came.person.id, "sharing").until
        == consents.check("another", came.person.id, "records").until
    )
    for each in (made.id, there.id):
        with pytest.raises(RecordsError):
            people.get("another", each)


def test_pictures_come_along_only_where_that_was_chosen(elsewhere):
    made, _ = whole()
    data = archive.write(ME, made.id)
    assert b"pictures/" not in data
    elsewhere()
    assert archive.read(ME, data).pictures == 0


def test_without_a_key_pictures_stay_out_and_that_is_said(elsewhere, monkeypatch):
    made, _ = whole()
    data = archive.write(ME, made.id, with_pictures=True)
    elsewhere()
    monkeypatch.setenv(keys.VARIABLE, "none")
    came = archive.read(ME, data)
    assert came.pictures == 0 and came.sessions == 2
    assert "1 pictures were left out" in came.left_out[0]


def test_nobody_comes_twice(elsewhere):
    made, _ = whole()
    data = archive.write(ME, made.id)
    with pytest.raises(RecordsError, match="This person is here already, as “P-01”"):
        archive.read(ME, data)
    elsewhere()
    person("P-01")
    came = archive.read(ME, data)
    assert came.person.pseudonym == "P-01 (2)"
    with pytest.raises(RecordsError, match="as “P-01 \\(2\\)”"):
        archive.read(ME, data)
    again = archive.write(ME, came.person.id)
    with pytest.raises(RecordsError, match="here already"):
        archive.read(ME, again)


def test_files_leave_only_by_consent():
    made = person(purposes=("records",))
    with pytest.raises(ConsentError, match="has not agreed to: write reports and files"):
        archive.write(ME, made.id)


@pytest.mark.parametrize("ending", ["withdrawn", "expired"])
def test_without_a_standing_consent_nothing_comes_in(elsewhere, monkeypatch, ending):
    made, _ = whole()
    data = archive.write(ME, made.id)
    elsewhere()
    if ending == "expired":
        now = audit.now() + timedelta(days=40)
        monkeypatch.setattr(audit, "now", lambda: now)
    else:
        data = changed(data, lambda told, files: told["consents"][0].update(withdrawn_at="2026-01-01T00:00:00+00:00"))
    with pytest.raises(ConsentError, match="has ended or was taken back: nothing was imported"):
        archive.read(ME, data)
    assert people.listed(ME) == []


def event(told):
    return told["sessions"][0]["recordings"][0]["events"][0]


def correction(told):
    return told["sessions"][0]["recordings"][0]["corrections"][0]


CHANGES = {
    "another form": lambda told, files: told.update(form=2),
    "no form": lambda told, files: told.pop("form"),
    "no person": lambda told, files: told.pop("person"),
    "person a list": lambda told, files: told.update(person=[]),
    "long name": lambda told, files: told["person"].update(pseudonym="x" * 61),
    "a name of two lines": lambda told, files: told["person"].update(pseudonym="a\0b"),
    "owner told": lambda told, files: told["person"].update(owner="somebody else"),
    "id told": lambda told, files: told["person"].update(id="0" * 32),
    "no time": lambda told, files: told["person"].update(created_at="yesterday"),
    "time without zone": lambda told, files: told["person"].update(created_at="2026-01-01T00:00:00"),
    "year 9999": lambda told, files: told["consents"][0].update(until="9999-01-01T00:00:00+00:00"),
    "purposes": lambda told, files: told["consents"][0].update(purposes=["records", "selling"]),
    "no consents": lambda told, files: told.update(consents=[]),
    "sessions a text": lambda told, files: told.update(sessions="none"),
    "fps a text": lambda told, files: told["sessions"][0]["recordings"][0].update(fps="30"),
    "frames a bool": lambda told, files: told["sessions"][0]["recordings"][0].update(frames=True),
    "negative length": lambda told, files: told["sessions"][0]["recordings"][0].update(duration_s=-1.0),
    "short recording": lambda told, files: told["sessions"][0]["recordings"][0].update(duration_s=1.0),
    "another kind": lambda told, files: told["sessions"][0]["recordings"][0].update(kind="film"),
    "event kind": lambda told, files: event(told)["spotted"].update(kind="huge"),
    "event order": lambda told, files: event(told)["spotted"].update(onset_s=3.0),
    "event share": lambda told, files: event(told)["spotted"]["probabilities"].update(surprise=7),
    "event of nobody": lambda told, files: event(told).update(face=9),
    "event name": lambda told, files: event(told).update(name="1-7"),
    "event name no name": lambda told, files: event(told).update(name="first"),
    "event values": lambda told, files: event(told)["spotted"].pop("strength"),
    "unit": lambda told, files: event(told)["spotted"].update(moved={"99": [1, 1]}),
    "correction": lambda told, files: correction(told).update(said={"do": "eval"}),
    "correction of nothing": lambda told, files: correction(told).update(said={"do": "reject", "event": "7-7"}),
    "curves": lambda told, files: files.update({name: b"nothing" for name in files}),
    "curves missing": lambda told, files: told["sessions"][0]["recordings"][0]["tracks"][0].update(curves="other"),
    "more files": lambda told, files: files.update({"more": b""}),
    "fewer files": lambda told, files: files.clear(),
    "note elsewhere": lambda told, files: told["sessions"][0]["notes"][0].update(recording=5),
}


@pytest.mark.parametrize("wrong", CHANGES)
def test_what_somebody_changed_is_said_and_nothing_comes_in(elsewhere, wrong):
    made, _ = whole()
    data = archive.write(ME, made.id)

    def change(told, files):
        # The session with the recording comes first.
        told["sessions"].sort(key=lambda each: -len(each["recordings"]))
        CHANGES[wrong](told, files)
        if "files" not in wrong:
            told["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

    bad = changed(data, change)
    elsewhere()
    with pytest.raises(UserError) as told:
        archive.read(ME, bad)
    assert "Traceback" not in str(told.value)
    assert people.listed(ME) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"no zip at all",
        b"PK\x05\x06" + bytes(18),
        None,
        "nested",
        "cut",
        "sum",
        "bomb",
    ],
)
def test_what_is_no_archive(elsewhere, data, monkeypatch):
    made, _ = whole()
    good = archive.write(ME, made.id)
    target = io.BytesIO()
    match data:
        case None:
            with zipfile.ZipFile(target, "w") as packed:
                packed.writestr("other.json", "{}")
            data = target.getvalue()
        case "nested":
            with zipfile.ZipFile(target, "w") as packed:
                packed.writestr("person.json", "[" * 200_000)
            data = target.getvalue()
        case "cut":
            data = good[: len(good) // 2]
        case "sum":
            at = good.index(b"curves/0-1.npz") + 200
            data = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :]
        case "bomb":
            monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr("person.json", " " * 2_000_000)
            data = target.getvalue()
    elsewhere()
    with pytest.raises(RecordsError, match="no archive of a person, or damaged|changed or is damaged"):
        archive.read(ME, data)
    assert people.listed(ME) == []
