"""A database of people's records as large as a clinic's after years, of values without meaning."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from engine.features.face_regions import REGIONS
from engine.recognition.analysis import Analysis, Event, Recording, Track
from engine.records import audit, consents, database, people
from engine.records.plain_event import event_as_plain
from engine.records.tables import KeptEvent, KeptRecording, KeptTrack
from engine.records.tables import Session as PersonSession
from engine.records.track_file import curves_of

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
EVENTS = 20
"""Of each session, in one recording."""
_PART = 500
_SECONDS, _FPS = 60, 5


def fill(owner: str, sessions: int, persons: int) -> tuple[str, str]:
    """Put people, sessions, recordings and events into an empty database.

    Parameters
    ----------
    owner
        Whose they are to be.
    sessions
        How many; half of them are one person's.
    persons
        How many people.

    Returns
    -------
    tuple
        Identifiers of that person and of the recording of the latest session of that person.
    """
    now = audit.now()
    ids = []
    for number in range(persons):
        made = people.create(owner, f"P-{number:04d}")
        consents.take(owner, made.id, "the person", list(consents.PURPOSES), now + timedelta(days=365))
        ids.append(made.id)
    found = analysis()
    plain = [event_as_plain(event) for event in found.tracks[0].events]
    curves = curves_of(found.tracks[0])
    for begin in range(0, sessions, _PART):
        rows: dict[Any, list[dict[str, Any]]] = {}
        for number in range(begin, min(begin + _PART, sessions)):
            person = ids[0] if number % 2 == 0 else ids[1 + number // 2 % (persons - 1)]
            held = now - timedelta(hours=sessions - number)
            for table, row in _session(owner, number, person, held, plain, curves):
                rows.setdefault(table, []).append(row)
        with database.writing() as db:
            for table, values in rows.items():
                db.execute(insert(table), values)
    return ids[0], f"recording{(sessions - 1) // 2 * 2:023d}"


def analysis(length_s: float = float(_SECONDS)) -> Analysis:
    """Return what might have been found in a recording: one face with `EVENTS` events."""
    count = _SECONDS * _FPS
    time_s = np.arange(count) / _FPS
    random = np.random.default_rng(0)
    shares = dict(zip(LABELS, np.full(len(LABELS), 1 / len(LABELS)), strict=True))
    events = tuple(
        Event(
            round(2.9 * number, 3),
            round(2.9 * number + 0.2, 3),
            round(2.9 * number + (0.4, 1.5)[number % 2], 3),
            ("micro", "macro")[number % 2],
            LABELS[number % len(LABELS)],
            number % 3 > 0,
            shares,
            model="fast",
            moved={1 + number % 2: (2.0, 1.0), 12: (1.0, 1.5)},
        )
        for number in range(EVENTS)
    )
    track = Track(
        person=1,
        frame=np.arange(count),
        time_s=time_s,
        box=np.zeros((count, 4), np.float32),
        pose_deg=np.zeros((count, 3), np.float32),
        motion=random.uniform(0, 5, (count, len(REGIONS))).astype(np.float32),
        eyes_open=np.ones(count, np.float32),
        probabilities=np.full((count, len(LABELS)), 1 / len(LABELS), np.float32),
        labels=LABELS,
    ).with_events(events)
    return Analysis(Recording("visit.mp4", 640, 480, float(_FPS), length_s, count), (track,), (), "none")


def _session(
    owner: str, number: int, person: str, held: datetime, events: list[dict[str, Any]], curves: bytes | None
) -> list[tuple[Any, dict[str, Any]]]:
    session, recording = f"session{number:025d}", f"recording{number:023d}"
    rows: list[tuple[Any, dict[str, Any]]] = [
        (
            PersonSession,
            {
                "id": session,
                "owner": owner,
                "person_id": person,
                "title": f"Visit {number}",
                "held_at": held,
                "created_at": held,
                "words": "",
                "version": 1,
            },
        ),
        (
            KeptRecording,
            {
                "id": recording,
                "owner": owner,
                "session_id": session,
                "kind": "video",
                "name": "visit.mp4",
                "fingerprint": f"{number:016x}",
                "width": 640,
                "height": 480,
                "fps": float(_FPS),
                "duration_s": float(_SECONDS),
                "frames": _SECONDS * _FPS,
                "distinct_share": 1.0,
                "enhanced": "none",
                "warnings": [],
                "versions": {},
                "kept_at": held,
            },
        ),
        (
            KeptTrack,
            {
                "id": f"track{number:027d}",
                "owner": owner,
                "recording_id": recording,
                "face": 1,
                "labels": list(LABELS),
                "curves": curves,
            },
        ),
    ]
    for place, event in enumerate(events, 1):
        turn = (number + place) % len(LABELS)
        rows.append(
            (
                KeptEvent,
                {
                    "id": f"event{number:022d}-{place:04d}",
                    "owner": owner,
                    "session_id": session,
                    "recording_id": recording,
                    "face": 1,
                    "name": f"1-{place}",
                    "spotted": event,
                    **{name: event[name] for name in ("onset_s", "apex_s", "offset_s", "kind", "decided")},
                    "expression": LABELS[turn],
                    "certainty": 0.3 + 0.1 * turn,
                    "origin": "corrected" if turn == 0 else "spotted",
                    "units": " ".join(event["moved"]),
                    "named": turn == 0,
                    "rejected": turn == 1,
                    "version": 1,
                },
            )
        )
    return rows
