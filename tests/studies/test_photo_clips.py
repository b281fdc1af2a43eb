"""Spotting on bent photos: which photos are used, and that what was bent is found."""

import numpy as np
import pytest
from skimage import data, io

from engine.datasets.face_set import FaceSet
from engine.errors import DataError
from engine.studies import photo_clips
from engine.studies.spotting import matches

ASTRONAUT = np.ascontiguousarray(data.astronaut()[:300, 80:380])


def set_of(pictures, labels):
    return FaceSet("photos", pictures, np.array(labels))


def test_halves_share_no_picture_and_no_copy():
    faces = set_of([ASTRONAUT, ASTRONAUT.copy(), data.cat()], ["neutral"] * 3)
    used = []
    for half in ("first", "second"):
        try:
            used += [half for _ in photo_clips.faces_of(faces, half)]
        except DataError as error:
            assert "80 pixels" in str(error)
    assert len(used) == 1  # the astronaut once, the cat never


def test_only_neutral_faces_rest_where_a_set_says_so():
    faces = set_of([ASTRONAUT, data.cat()], ["happy", "neutral"])
    for half in ("first", "second"):
        with pytest.raises(DataError, match="No photo of photos"):
            photo_clips.faces_of(faces, half)


def test_small_faces_are_not_used():
    faces = set_of([np.ascontiguousarray(ASTRONAUT[::4, ::4])], ["neutral"])
    with pytest.raises(DataError, match="80 pixels"):
        photo_clips.faces_of(faces, "first")


def test_what_was_bent_is_found():
    (shown,) = photo_clips.faces_of(set_of([ASTRONAUT], ["neutral"]), "first")
    spotted = photo_clips.spot_clip((3, shown))
    assert len(spotted.true) == 1
    assert len(matches(spotted.found, spotted.true)) == len(spotted.true)


def test_anybodys_folder_of_photos_will_do(tmp_path):
    for name, picture in (("me.png", ASTRONAUT), ("cat.png", data.cat())):
        io.imsave(tmp_path / name, picture)
    (tmp_path / "notes.txt").write_text("no picture")
    read = photo_clips.read_photos(str(tmp_path))
    assert len(read) == 2 and set(read.labels) == {""}
