"""Pictures of a recording's events: made, kept until a date, and what stands in the way told once."""

import io

import numpy as np
import pytest
from kept_people import ME, later, person, recording, session
from PIL import Image

from engine.errors import RecordsError, VideoError
from engine.records import event_pictures, kept, keys, pictures
from engine.records.corrections import Reject

GRAY = np.full((40, 30, 3), 128, np.uint8)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, keys.new_key())


def both(each):
    return {"onset": GRAY, "apex": GRAY // 2}


def test_each_event_that_stands_has_its_own():
    there = recording()
    kept.correct(ME, there.id, Reject("1-2"))
    shares = []
    assert event_pictures.keep(ME, there.id, both, later(5), shares.append) == (4, ())
    assert shares == [0.0, 0.5, 1.0]
    shown = pictures.listed(ME, there.id)
    assert {(each.event, each.moment) for each in shown} == {
        (name, moment) for name in ("1-1", "1-3") for moment in ("onset", "apex")
    }
    data = pictures.read(ME, next(each.id for each in shown if each.moment == "onset"))
    assert Image.open(io.BytesIO(data)).size == (30, 40)
    assert all(each.mime == event_pictures.JPEG for each in shown)


def test_a_film_is_kept_as_it_is():
    there = recording()
    assert event_pictures.keep(ME, there.id, lambda each: {"clip": b"film"}, later(5))[0] == 3
    (first, *_) = pictures.listed(ME, there.id)
    assert (first.mime, pictures.read(ME, first.id)) == (event_pictures.MP4, b"film")


def test_what_one_event_lacks_costs_the_others_nothing():
    def torn(each):
        if each.id == "1-1":
            raise VideoError("No picture can be read.", "Look at another event.")
        return both(each)

    there = recording()
    assert event_pictures.keep(ME, there.id, torn, later(5)) == (4, ("No picture can be read. Look at another event.",))


@pytest.mark.parametrize("why", ["key", "disk", "consent", "date"])
def test_why_none_is_kept_is_told_once_and_the_numbers_stay(monkeypatch, why):
    there = recording(session(person(purposes=("records",) if why == "consent" else ("records", "pictures"))))
    match why:
        case "key":
            monkeypatch.setenv(keys.VARIABLE, "none")
        case "disk":

            def full(path):
                raise OSError(28, "No space left on device")

            monkeypatch.setattr(pictures, "replace_with", full)
    count, (told,) = event_pictures.keep(ME, there.id, both, later(-1 if why == "date" else 5))
    assert count == 0
    words = {"key": "no key", "disk": "disk is full", "consent": "has not agreed", "date": "which has passed"}
    assert words[why] in told
    assert len(kept.review(ME, there.id).versions) == 3
    with pytest.raises(RecordsError):
        event_pictures.keep("another", there.id, both, later(5))
