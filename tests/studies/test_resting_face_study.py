"""The study of resting faces, on a model that knows what it is shown."""

import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.errors import DataError
from engine.studies import resting_face
from engine.studies.resting_face import LOOKS, WAYS, Face, in_words, measure

SHADES = {label: 30 * at for at, label in enumerate(SEVEN)}


class Reader:
    """Reads an expression, and how surely, off a crop's first two pixels; a sad look is added to one with a third."""

    labels, crop_size = SEVEN, 48
    thresholds = dict.fromkeys(SEVEN, 0.5)

    def probabilities(self, crops):
        rows = []
        for crop in crops:
            odds = np.full(len(SEVEN), 0.02)
            odds[SEVEN.index("neutral")] = 0.5
            odds[int(crop[0, 0]) // 30] += int(crop[0, 1]) / 100
            odds[SEVEN.index("sad")] += int(crop[0, 2]) / 100
            rows.append(odds / odds.sum())
        return np.array(rows)


def crop(label, strength, sad):
    picture = np.zeros((48, 48), np.uint8)
    picture[0, :3] = SHADES[label], strength, sad
    return picture


def face(look):
    sad = 60 if look == "sad" else 0
    still = np.stack([crop("neutral", 0, sad)] * 24)
    shown = tuple((label, crop(label, 50, sad)) for label in ("happy", "angry"))
    return Face(look, still[:20], still[20:], shown)


def test_a_look_that_is_always_there_is_taken_out():
    found = measure(Reader(), [face("neutral"), face("sad"), face("sad")])
    assert found["neutral"]["faces"] == 1 and found["sad"]["faces"] == 2 and "happy" not in found
    assert found["sad"]["plain"]["right"] == 0 and found["sad"]["plain"]["false"] == 1
    for way in ("found", "named"):
        assert found["sad"][way]["right"] == 1 and found["sad"][way]["wrong"] == found["sad"][way]["false"] == 0
    assert found["sad"]["known"] == 1


def test_in_words_has_a_line_a_look():
    row = {"faces": 3, "known": 0.5} | {way: {"right": 0.25, "wrong": 0.5, "false": 0.0} for way in WAYS}
    said = in_words({kind: dict.fromkeys(LOOKS, row) for kind in ("people", "blends")})
    assert said.count("25%, 50%, 0%") == 2 * len(LOOKS) * len(WAYS)


@pytest.mark.parametrize("look", LOOKS)
def test_drawn_people_rest_as_they_are_said_to(look, monkeypatch):
    monkeypatch.setattr(resting_face, "LOOKS", (look,))
    monkeypatch.setattr(resting_face, "_FRAMES", 1)
    monkeypatch.setattr(resting_face, "_FRESH", 1)
    (drawn,) = resting_face.synthetic_people(1, 5, 48)
    assert drawn.look == look and drawn.rest.shape == drawn.fresh.shape == (1, 48, 48)
    assert look not in dict(drawn.shown) and len(drawn.shown) == (6 if look == "neutral" else 5)


def test_no_faces_are_refused():
    options = type("Options", (), {"people": 0, "blends": 1})
    with pytest.raises(DataError, match="at least one"):
        resting_face.run(options, None)
