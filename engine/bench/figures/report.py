"""How long the report of a session with 40 events takes, as HTML and as PDF; nobody else writes one to compare with."""

from functools import partial

import numpy as np

from engine.bench.measurement import Measurement
from engine.bench.timing import alternate, stopwatch
from engine.emotions import SEVEN
from engine.recognition.analysis import REGIONS, Analysis, Event, Recording, Track
from engine.records.report import Report, Reported, report_html, report_pdf

EVENTS = 40
_LASTS_S, _FPS = 600.0, 30.0
_FORMS = {"HTML": report_html, "PDF": report_pdf}


def measure() -> list[Measurement]:
    """Time both forms of the same report, after one that does not count."""
    report = made_up()
    return [
        alternate(stopwatch(partial(write, report)), None, rounds=5, each=(1, 0)).measurement(
            f"report of {EVENTS} events, {form}", "s", at_most=3
        )
        for form, write in _FORMS.items()
    ]


def made_up() -> Report:
    """Return the report of ten minutes in which a face moves at random, with events of two models."""
    rng, count = np.random.default_rng(0), int(_LASTS_S * _FPS)
    moved = {12: (2.1, 0.8), 6: (1.4, 1.4), 25: (1.0, 1.0)}
    events = tuple(
        Event(at, at + 0.1, at + 0.3, "micro", "positive", True, {"positive": 0.7, "negative": 0.3}, 3.0,
              model="neuromer-flow", moved=moved)
        if number % 2
        else Event(at, at + 0.4, at + 1.6, "macro", "happy", True, {"happy": 0.8, "sad": 0.2}, 8.0, model="neuromer",
                   moved=moved)
        for number, at in enumerate(np.linspace(5, _LASTS_S - 5, EVENTS).tolist())
    )  # fmt: skip
    track = Track(
        person=1,
        frame=np.arange(count),
        time_s=np.arange(count) / _FPS,
        box=np.full((count, 4), 100, np.float32),
        pose_deg=np.zeros((count, 3), np.float32),
        motion=rng.gamma(2, 0.5, (count, len(REGIONS))).astype(np.float32),
        eyes_open=np.full(count, 0.3, np.float32),
        probabilities=rng.dirichlet(np.ones(len(SEVEN)), count).astype(np.float32),
        labels=SEVEN,
        events=events,
    )
    recording = Recording("interview.mp4", 640, 480, _FPS, _LASTS_S, count)
    facts, notes = (("Person", "P-07"),), (("12.20 s", "Looked at the door."),)
    return Report("P-07: first visit", (Reported(Analysis(recording, (track,))),), facts, notes, "")
