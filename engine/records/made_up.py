"""A made-up person to try the page Sessions with: drawn faces that were analysed like anybody's, in three sessions.

What lies in `FILE` is an archive as `engine.records.archive` writes it, made by ``python -m engine records made-up``.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.records import archive, audit, consents, event_pictures, kept, people, sessions
from engine.records.archive import Imported
from engine.records.corrections import Name, Reject
from engine.records.tables import KeptRecording
from engine.records.tables import Session as PersonSession
from engine.settings import LOCAL_OWNER

FILE = Path(__file__).parent / "made_up_person.zip"
PSEUDONYM = "Made-up person (synthetic)"
_ORIGIN = "made up"
_MOMENTS = {
    *("created_at", "given_at", "until", "withdrawn_at", "held_at", "kept_at", "made_at", "undone_at"),
    *("written_at", "seen_at", "learnt_at", "delete_on"),
}
_LASTS = timedelta(days=365)
_FACE = 2
_SEEDS = (31, 32, 33)
_DAYS_AGO = (28, 14, 1)


def bring(owner: str) -> Imported:
    """Import the made-up person, as if the last of the sessions had been held yesterday.

    Raises
    ------
    RecordsError
        Where the made-up person is here already.
    """
    told, files = archive.unpack(FILE.read_bytes())
    by = audit.now() - datetime.fromisoformat(told["written_at"])
    return archive.take_in(owner, _later(told, by), files)


def write(tell: Callable[[str], None]) -> bytes:
    """Draw the faces, analyse them, keep what was found, correct some of it, and return all that as an archive.

    It is kept in the database that is open, which should be empty.

    Parameters
    ----------
    tell
        Told what is being done.
    """
    made = people.create(LOCAL_OWNER, PSEUDONYM)
    consents.take(LOCAL_OWNER, made.id, "nobody: this person is drawn", list(consents.PURPOSES), audit.now() + _LASTS)
    for number, (seed, days) in enumerate(zip(_SEEDS, _DAYS_AGO, strict=True), 1):
        tell(f"session {number} of {len(_SEEDS)}")
        visit = sessions.create(LOCAL_OWNER, made.id, f"Visit {number}", audit.now() - timedelta(days=days))
        recording = _record(visit, seed, number)
        if number == 1:
            sessions.add_note(LOCAL_OWNER, visit.id, "The first smile.", recording.id, 2.2)
            kept.correct(LOCAL_OWNER, recording.id, Name("1-1", "happy"))
        if number == 3:
            kept.correct(LOCAL_OWNER, recording.id, Reject("1-1"))
            sessions.write_words(LOCAL_OWNER, visit.id, "Drawn faces: what is shown here says nothing about anybody.")
    told, files = archive.unpack(archive.write(LOCAL_OWNER, made.id, with_pictures=True))
    begun = -timedelta(days=_DAYS_AGO[0], hours=1)
    told["person"] = _later(told["person"], begun) | {"origin": _ORIGIN}
    told["consents"] = [each | {"given_at": _moved(each["given_at"], begun)} for each in told["consents"]]
    return archive.pack(told, files)


def _record(visit: PersonSession, seed: int, number: int) -> KeptRecording:
    # Not above: whoever only brings the person in draws nothing.
    from engine.recognition.replay import replay
    from engine.recognition.video.analysing import analyse
    from engine.synthetic import mp4_bytes, synthetic_clip, true_event

    events = [
        true_event("happy", 1.6, rise_s=0.16, hold_s=0.05, fall_s=0.2, intensity=0.6),
        true_event("surprise", 3.4, rise_s=0.5, hold_s=0.7, fall_s=0.5, intensity=0.9),
        true_event("happy", 6.2, rise_s=0.5, hold_s=0.9, fall_s=0.6, intensity=0.9, also=(25,)),
        true_event("surprise", 9.0, rise_s=0.14, hold_s=0.04, fall_s=0.2, intensity=0.6),
    ]
    clip = synthetic_clip(
        seed, face=_FACE, duration_s=8.0 + number, fps=30, events=events[: 1 + number], head_motion=0.6
    )
    data, name = mp4_bytes(clip), f"drawn-{number}.mp4"
    found = analyse(data, name)
    recording = kept.keep(LOCAL_OWNER, visit.id, "video", found)
    tracks = {track.person: track for track in found.tracks}

    def shown(each: Any) -> dict[str, Any]:
        seen = replay(data, name, tracks[each.person], each.event)
        return {"onset": seen.faces[seen.at(each.event.onset_s)], "apex": seen.faces[seen.at(each.event.apex_s)]}

    event_pictures.keep(LOCAL_OWNER, recording.id, shown, audit.now() + _LASTS)
    return recording


def _later(value: Any, by: timedelta) -> Any:
    """Return plain values with every moment in them so much later."""
    if isinstance(value, list):
        return [_later(each, by) for each in value]
    if isinstance(value, dict):
        return {
            name: _moved(each, by) if name in _MOMENTS and isinstance(each, str) else _later(each, by)
            for name, each in value.items()
        }
    return value


def _moved(moment: str, by: timedelta) -> str:
    return (datetime.fromisoformat(moment) + by).isoformat()
