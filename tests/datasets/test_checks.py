import cv2
import numpy as np
import pytest
from skimage import data
from told import Told

from engine.datasets.checks import SENTENCES, Checks, check, image_stats
from engine.datasets.crops import whole_crop
from engine.datasets.face_set import FaceSet
from engine.errors import DataError, ImageError
from engine.faces.quality import measure_crop
from engine.tasks import SILENT, Cancelled


class Pictures(list):
    def __getitem__(self, index):
        if super().__getitem__(index) is None:
            raise ImageError("Broken.", "Mend it.")
        return super().__getitem__(index)


ASTRONAUT = data.astronaut()
FACE = cv2.resize(ASTRONAUT[60:170, 170:280], (80, 80), interpolation=cv2.INTER_AREA)
GRAY_FACE = whole_crop(FACE)
TWO = np.concatenate([ASTRONAUT[:, 100:400], ASTRONAUT[:, 100:400][:, ::-1]], axis=1)
DARK_FACE = (GRAY_FACE * 0.2).astype(np.uint8)
BLURRED_FACE = cv2.GaussianBlur(cv2.resize(data.camera()[60:170, 180:290], (48, 48)), (0, 0), 4)

PICTURES = Pictures(
    [
        FACE,  # 0 colour, 80×80
        GRAY_FACE[:, ::-1],  # 1 the same, gray, 48×48, mirrored
        ASTRONAUT,  # 2 a whole photograph
        TWO,  # 3 two faces
        None,  # 4
        data.coffee()[:300, :300],  # 5 no face in a large picture
        np.full((48, 48), 128, np.uint8),  # 6 nothing at all
        cv2.resize(data.lfw_subset()[3], (30, 30)).astype(np.float64),  # 7 replaced below: small
        BLURRED_FACE,  # 8
        np.clip(GRAY_FACE.astype(int) // 8 + 225, 0, 255).astype(np.uint8),  # 9 a copy of 0, far too bright
        DARK_FACE,  # 10 a copy of 0
    ]
)
list.__setitem__(PICTURES, 7, np.uint8(255 * cv2.resize(data.lfw_subset()[3], (30, 30))))
LABELS = np.array(["happy", "happy", "sad", "sad", "sad", "fear", "fear", "fear", "fear", "neutral", ""])


@pytest.fixture(scope="module")
def checks():
    return check(FaceSet("drawn", PICTURES, LABELS))


@pytest.mark.parametrize(
    ("problem", "rows"),
    {
        "not readable": [4],
        "low resolution": [7],
        "too dark": [10],
        "too bright": [9],
        "almost no contrast": [6, 9],
        "several faces": [3],
        "mirrored copy": [1],
        "copies with different labels": [0, 1, 9, 10],
        "has an exact or near copy": [0, 1, 9, 10],
        "label likely wrong": [],
    }.items(),
)
def test_exactly_the_pictures_with_a_problem_have_it(checks, problem, rows):
    found = np.flatnonzero(checks.problems[problem]).tolist()
    # The photograph and the one with two faces show the same face: found as copies or not, both are right.
    assert [row for row in found if problem == "several faces" or row not in (2, 3)] == rows


def test_no_face_and_blur_are_seen(checks):
    assert checks.problems["no face found"][[5, 6]].all()
    assert not checks.problems["no face found"][[0, 1, 2, 3]].any()
    assert checks.problems["blurred"][8] and not checks.problems["blurred"][[0, 1]].any()


def test_sizes_are_those_of_the_files(checks):
    assert checks.width.tolist() == [80, 48, 512, 600, 0, 300, 48, 30, 48, 48, 48]
    assert checks.height.tolist() == [80, 48, 512, 512, 0, 300, 48, 30, 48, 48, 48]
    assert checks.faces[4] == -1 and np.isnan(checks.sharpness[4])
    assert checks.face_width[0] == 80 and 60 < checks.face_width[2] < 200 and np.isnan(checks.face_width[5])


def test_measures_are_those_of_the_crop(checks):
    sharpness, brightness, contrast = measure_crop(GRAY_FACE)
    assert checks.sharpness[0] == pytest.approx(sharpness)
    assert checks.brightness[0] == pytest.approx(brightness)
    assert checks.contrast[0] == pytest.approx(contrast)


def test_every_problem_has_a_sentence_and_one_entry_a_picture(checks):
    assert list(checks.problems) == list(SENTENCES)
    assert all(mask.shape == (11,) and mask.dtype == bool for mask in checks.problems.values())
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_an_unreadable_picture_is_a_group_of_its_own(checks):
    assert np.sum(checks.group == checks.group[4]) == 1


def test_saved_and_loaded_is_the_same(checks, tmp_path):
    checks.save(tmp_path / "checks.npz")
    again = Checks.load(tmp_path / "checks.npz")
    for name, array in vars(checks).items():
        np.testing.assert_array_equal(getattr(again, name), array)
        assert getattr(again, name).dtype == array.dtype


def damage_cut(path):
    path.write_bytes(path.read_bytes()[:200])


def damage_text(path):
    path.write_text("no checks")


def damage_short(path):
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **(arrays | {"faces": arrays["faces"][:-1]}))


def damage_missing(path):
    with np.load(path) as stored:
        arrays = dict(stored)
    del arrays["group"]
    np.savez(path, **arrays)


def damage_pickle(path):
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **(arrays | {"suggested": np.array([None] * 11, object)}))


@pytest.mark.parametrize("damage", [damage_cut, damage_text, damage_short, damage_missing, damage_pickle])
def test_a_damaged_file_is_refused_in_words(checks, tmp_path, damage):
    path = tmp_path / "checks.npz"
    checks.save(path)
    damage(path)
    with pytest.raises(DataError, match=r"found cannot be read .*Run the checks again"):
        Checks.load(path)


def test_a_set_without_pictures_has_no_problems():
    none = check(FaceSet("empty", [], np.zeros(0, "U5")))
    assert all(mask.shape == (0,) for mask in none.problems.values())


def test_the_crop_of_a_large_picture_is_its_largest_face():
    crops, seen = image_stats(FaceSet("two", [ASTRONAUT, FACE], np.array(["", ""])), SILENT)
    np.testing.assert_array_equal(crops[1], GRAY_FACE)
    assert seen.faces.tolist() == [1, 1]
    assert crops[0].std() > 20 and not np.array_equal(crops[0], whole_crop(ASTRONAUT))


def test_it_can_be_stopped():
    progress = Told(lambda: len(progress.steps) >= 3)
    with pytest.raises(Cancelled):
        check(FaceSet("drawn", PICTURES, LABELS), progress)
    assert progress.steps == [(row, 11, "looking at pictures") for row in range(3)]
