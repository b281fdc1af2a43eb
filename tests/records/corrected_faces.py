"""Somebody whose happy face is called sad, and the other way round, and whose corrections say so."""

from dataclasses import replace
from functools import cache

import numpy as np

from engine.models import shipped
from engine.recognition.analysis import Event
from engine.recognition.face_answers import FaceAnswers
from engine.recognition.plastic import plastic_head_of
from engine.records.corrections import Corrections, Name
from tests.records.kept_people import person, recording, session
from tests.records.recorded import LABELS, analysis, track


@cache
def usual():
    """What is usual among the embeddings of the default model."""
    return plastic_head_of(shipped.load()).readout.encoder


def shown(label):
    """An answer that is rather sure."""
    return {each: 0.64 if each == label else 0.06 for each in LABELS}


def asked(times, said, seed=0, **more):
    """Answers at these times: each expression a direction of its own among embeddings."""
    random, encoder, model = np.random.default_rng(seed), usual(), shipped.load()
    rows = np.array([list(shown(label).values()) for label in said], np.float32).reshape(-1, len(LABELS))
    embeddings = encoder.mean + encoder.deviation * random.normal(0, 0.3, (len(said), len(encoder.mean)))
    for at, label in enumerate(said):
        place = 20 * LABELS.index(label)
        embeddings[at, place] += 2 * encoder.deviation[place]
    named = {"model": model.name, "version": model.version, "labels": LABELS} | more
    return FaceAnswers(time_s=np.array(times, float), probabilities=rows, embeddings=np.float16(embeddings), **named)


def long_recording(said, seed=0, **more):
    """A recording with a long expression each two seconds, each called this."""
    model, begin = shipped.load().name, 0.2 + 0.01 * seed
    events = tuple(
        Event(at, at + 0.7, at + 1.4, "macro", label, True, shown(label), 5.0, model=model)
        for at, label in zip((begin + 2.0 * np.arange(len(said))).tolist(), said, strict=True)
    )
    length = 2.0 * len(said) + 1
    numbers = asked([event.apex_s for event in events], said, seed, **more)
    made = replace(track(events=events, duration_s=length, gaps=()), asked=numbers)
    return analysis(made, duration_s=length)


def swapping(count=12, visit=None, seed=0):
    """Keep a recording of such a person, corrected; return it."""
    said = ["happy", "sad"] * (count // 2)
    names = [Name(f"1-{at}", "sad" if label == "happy" else "happy") for at, label in enumerate(said, 1)]
    return recording(visit, long_recording(said, seed), corrections=Corrections(tuple(names)))


def taught_person(pseudonym="P-01"):
    """Somebody with 24 corrections in two recordings."""
    somebody = person(pseudonym)
    visit = session(somebody)
    for seed in (0, 1):
        swapping(12, visit, seed)
    return somebody
