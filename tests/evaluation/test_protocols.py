import numpy as np
import pytest
from skimage import data
from told import Told

from engine import images
from engine.datasets import FaceSet
from engine.datasets.face_set import fingerprint
from engine.errors import DataError
from engine.evaluation.protocols import evaluate, predict
from engine.evaluation.scene import set_into_scene, whole_path


class Teller:
    """Answers with the gray level of the crop's first pixel: 0 angry, 1 happy, 2 neutral."""

    name = title = "teller"
    labels = ("angry", "happy", "neutral")
    thresholds = dict.fromkeys(labels, 0.5)
    crop_size = 48
    card = {"calibration": {"temperature": 1.5}}

    def probabilities(self, crops):
        return np.eye(3, dtype=np.float32)[crops[:, 0, 0] % 3]


def faces(answers, labels, **more):
    pictures = np.repeat(np.array(answers, np.uint8), 48 * 48).reshape(-1, 48, 48)
    return FaceSet("set", pictures, np.array(labels), **more)


def test_emotions_that_the_data_lacks_stay_wrong_answers():
    figures = evaluate(Teller(), faces([0, 1, 2], ["angry", "happy", "happy"]))
    assert figures["accuracy"] == pytest.approx(2 / 3)
    assert figures["confusion"] == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_classes_that_the_model_lacks_are_left_out_and_counted():
    figures = evaluate(Teller(), faces([0, 1, 1], ["angry", "fear", "fear"]))
    assert figures["n"] == 1 and figures["left_out"] == {"fear": 2}
    with pytest.raises(DataError, match="fear: 2"):
        evaluate(Teller(), faces([1, 1], ["fear", "fear"]))


def test_leak_free_needs_groups_and_a_split():
    split = np.array(["train", "test", "test"])
    grouped = faces([0, 0, 1], ["angry", "angry", "angry"], split=split, group=np.array([5, 5, 6]))
    figures = evaluate(Teller(), grouped, "test")
    assert figures["accuracy"] == 0.5
    assert figures["leak_free"]["n"] == 1 and figures["leak_free"]["accuracy"] == 0
    assert evaluate(Teller(), grouped)["leak_free"] is None
    assert evaluate(Teller(), faces([0], ["angry"]))["leak_free"] is None


def test_votes_replace_the_labels():
    votes = np.zeros((2, 10), np.int8)
    votes[:, 1] = 9
    data_set = faces([1, 1], ["angry", "angry"], votes=votes)
    assert evaluate(Teller(), data_set)["accuracy"] == 0
    assert evaluate(Teller(), data_set, judge="votes")["accuracy"] == 1
    with pytest.raises(DataError, match="no FERPlus votes"):
        evaluate(Teller(), faces([1], ["happy"]), judge="votes")


def test_predictions_tell_where_they_come_from():
    split = np.array(["train", "test", "test"])
    grouped = faces([0, 0, 1], ["angry", "angry", "angry"], split=split, group=np.array([5, 5, 6]))
    progress = Told()
    record, left_out = predict(Teller(), grouped, "test", progress=progress)
    assert record.rows.tolist() == [1, 2] and record.leaked.tolist() == [True, False] and left_out == {}
    assert record.data == "set" and record.part == "test, given labels"
    assert record.fingerprint == fingerprint(grouped)
    assert {words for _, _, words in progress.steps} == {"cutting faces out", "answering"}


def test_the_fingerprint_is_the_sets_own_whoever_judges():
    votes = np.zeros((2, 10), np.int8)
    votes[:, 1] = 9
    data_set = faces([1, 1], ["angry", "angry"], votes=votes)
    records = [predict(Teller(), data_set, judge=judge)[0] for judge in ("given", "votes")]
    assert records[0].fingerprint == records[1].fingerprint
    assert records[0].true.tolist() != records[1].true.tolist()


def test_copies_are_drawn_together_even_where_the_set_knows_no_groups():
    record, _ = predict(Teller(), faces([0, 0, 1], ["angry", "happy", "angry"]))
    assert record.unit[0] == record.unit[1] != record.unit[2]


def test_the_models_own_threshold_and_temperature_count():
    found = evaluate(Teller(), faces([0, 1, 2], ["angry", "happy", "happy"]))
    assert found["selective"]["thresholds"]["happy"] == 0.5 and found["calibration"]["temperature"] == 1.5


@pytest.fixture(scope="module")
def astronaut_crop():
    return np.rint(images.resize(images.to_gray(data.astronaut()[20:190, 140:310]), 48)).astype(np.uint8)


def test_a_scene_holds_the_enlarged_crop(astronaut_crop):
    scene = set_into_scene(astronaut_crop, np.random.default_rng(0))
    assert scene.shape == (480, 640, 3)
    assert scene.std() > 5 and (scene[..., 0] == scene[..., 2]).all()


def test_the_whole_path_counts_what_is_found(astronaut_crop):
    gray = np.full((48, 48), 90, np.uint8)
    data_set = FaceSet("set", np.stack([astronaut_crop, gray]), np.array(["happy", "happy"]))
    figures = whole_path(Teller(), data_set)
    assert figures["n"] == 2 and figures["detectable"] == 1 and figures["found"] == 1
    assert figures["found_share"] == 1
    with pytest.raises(DataError, match="no face|In none"):
        whole_path(Teller(), FaceSet("set", gray[None], np.array(["happy"])))


def test_by_the_rule_of_ferplus_authors_contempt_is_an_eighth_expression_to_be_wrong_about():
    votes = np.zeros((3, 10), np.int8)
    votes[[0, 1, 2], [1, 7, 8]] = 9
    found = evaluate(Teller(), faces([1, 1, 1], ["happy"] * 3, votes=votes), judge="ferplus")
    assert found["labels"] == ["angry", "happy", "neutral", "contempt"]
    assert found["n"] == 2 and found["accuracy"] == 0.5
    assert found["per_class"]["contempt"] == found["per_class"]["contempt"] | {"recall": 0, "support": 1}
