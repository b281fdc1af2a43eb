"""Recordings of real people with long expressions; they lie beside the project and are no part of it."""

from pathlib import Path

import pytest

from engine.recognition.video.analysing import analyse

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "recordings"


def events_of(name):
    path = FOLDER / name
    if not path.is_file():
        pytest.skip("the recording is not here")
    (track,) = analyse(path, name).tracks
    return track, track.events


def test_a_smile_that_goes_on_until_the_face_leaves():
    track, (event,) = events_of("face_noface.mov")
    assert (event.answer, event.kind, event.onset_seen, event.end_seen) == ("happy", "macro", True, False)
    assert event.onset_s == pytest.approx(0.6, abs=0.3) and event.offset_s == pytest.approx(2.4, abs=0.3)
    assert track.rest.called_neutral


def test_a_smile_after_other_things_that_never_ends():
    track, events = events_of("WolfgangLanger_Pexels.mp4")
    (smile,) = [event for event in events if event.answer == "happy"]
    assert (smile.kind, smile.onset_seen, smile.end_seen) == ("macro", True, False)
    assert smile.onset_s == pytest.approx(10.2, abs=0.3) and smile.offset_s == pytest.approx(19.65, abs=0.1)
    sad = next(event for event in events if event.answer == "sad")
    assert sad.kind == "macro" and sad.onset_seen and sad.onset_s == pytest.approx(0.8, abs=0.3)
    assert track.rest.face is None and track.rest.why_not
    assert not [event for event in events if event.kind == "micro"]
