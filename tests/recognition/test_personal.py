"""One person answered for as that person's corrections taught, and nobody else."""

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import UserError
from engine.models import shipped
from engine.recognition.personal import PersonalAnswers, rest_to_start_from, started
from engine.recognition.plastic import plastic_head_of
from engine.recognition.resting_face import RestingFace
from engine.spiking.person_layers import PersonLayers
from tests.records.corrected_faces import LABELS, asked, long_recording, shown

SWAPPED = {"happy": "sad", "sad": "happy"}


@pytest.fixture(scope="module")
def personal():
    """Somebody who looks happy where others look sad, and the other way round."""
    said = ["happy", "sad"] * 10
    faces = asked(range(20), said)
    meant = [LABELS.index(SWAPPED[label]) for label in said]
    encoder = plastic_head_of(shipped.load()).readout.encoder
    layers = PersonLayers.fit(encoder, faces.probabilities, faces.embeddings, meant)
    return PersonalAnswers("p", faces.model, faces.version, LABELS, layers)


def test_only_that_persons_track_is_named_anew(personal):
    (mine,) = long_recording(["happy", "sad"], seed=3).tracks
    other = replace(mine, person=2)
    found = replace(long_recording(["happy", "sad"], seed=3), tracks=(mine, other))
    taught = personal.analysis(found, 1)
    assert [event.expression for event in taught.tracks[0].events] == ["sad", "happy"]
    assert taught.tracks[1] is other
    assert [event.onset_s for event in taught.tracks[0].events] == [event.onset_s for event in mine.events]
    assert "Person 1 is answered for as that person’s own corrections have taught" in taught.warnings[-1]
    at = [int(np.abs(mine.time_s - event.apex_s).argmin()) for event in mine.events]
    assert taught.tracks[0].probabilities[at].argmax(axis=1).tolist() == [LABELS.index("sad"), LABELS.index("happy")]


def test_micro_expressions_and_what_is_covered_stay_as_they_are(personal):
    found = long_recording(["happy", "sad"], seed=3)
    (track,) = found.tracks
    micro = replace(track.events[0], kind="micro", model="neuromer-flow", probabilities={"positive": 1.0})
    covered = replace(track.events[1], decided=False, probabilities=shown("sad") | {"sad": 0.99}, plain={})
    taught = personal.analysis(replace(found, tracks=(track.with_events((micro, covered)),)), 1).tracks[0]
    assert taught.events[0] == micro
    assert taught.events[1].expression == "happy" and not taught.events[1].decided


@pytest.mark.parametrize(("model", "said"), [("another", "here another answers"), (None, "other weights of neuromer")])
def test_another_model_is_refused_and_that_is_said(personal, model, said):
    other = {"model": model} if model else {"version": "0" * 16}
    with pytest.raises(UserError, match=said):
        personal.analysis(long_recording(["happy"], **other), 1)
    (track,) = long_recording(["happy"]).tracks
    found = replace(long_recording(["happy"]), tracks=(replace(track, asked=None),))
    with pytest.raises(UserError, match="tells no embedding"):
        personal.analysis(found, 1)


def test_it_starts_from_the_resting_face_once():
    rest = RestingFace.of(LABELS, np.array([list(shown("sad").values())]), 2.0)
    rows = np.array([list(shown("sad").values())])
    np.testing.assert_array_equal(started(rows, rest, rested=True), rows)
    assert started(rows, rest, rested=False)[0].argmax() == LABELS.index("neutral")
    np.testing.assert_array_equal(started(rows, None, rested=False), rows)


def test_a_rest_that_is_called_neutral_needs_nothing_taken_out():
    neutral, sad = (RestingFace.of(LABELS, np.array([list(shown(label).values())])) for label in ("neutral", "sad"))
    assert rest_to_start_from(neutral) is None and rest_to_start_from(None) is None
    assert rest_to_start_from(sad) is sad
