"""What plastic synapses are worth: beside a softmax layer, to one person, to one subject's micro-expressions."""

import json

import numpy as np
import pytest

from engine.__main__ import main
from engine.datasets import FaceSet
from engine.errors import DataError
from engine.evaluation.protocols import judge_of
from engine.models import card, shipped
from engine.spiking.plastic_head import FILE, PlasticHead
from engine.studies import first_clips, person_adaptation, plastic_head, simulated_users

LABELS = ("angry", "happy", "neutral", "sad")


class Glimpser:
    """Sees one bright patch a picture, at a place for each expression, and answers by the brightest place."""

    name = "glimpser"
    labels = LABELS
    thresholds = dict.fromkeys(LABELS, 0.5)
    crop_size = 48
    card = {"training": {"configuration": {"labels": "given"}}}

    def embeddings(self, crops):
        return crops.reshape(len(crops), 4, 12, 48).mean(axis=(2, 3)).astype(np.float32)

    def probabilities(self, crops):
        odds = np.exp(self.embeddings(crops) / 4)
        return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)

    def with_embeddings(self, crops):
        return self.probabilities(crops), self.embeddings(crops)


def bright_patches(count=800, seed=0):
    """Make noise with a bright quarter, at times another one than labelled."""
    random = np.random.default_rng(seed)
    label = np.arange(count) % 4
    seen = np.where(random.random(count) < 0.1, random.integers(0, 4, count), label)
    pictures = random.integers(60, 120, (count, 48, 48))
    for at, place in enumerate(seen):
        pictures[at, 12 * place : 12 * place + 12] += random.integers(40, 90)
    split = np.where(np.arange(count) < count // 2, "Training", "PublicTest")
    return FaceSet("patches", pictures.astype(np.uint8), np.array(LABELS)[label], split)


@pytest.fixture(scope="module")
def head():
    return plastic_head.learn(Glimpser(), bright_patches())


def test_a_head_learns_what_the_embedding_shows(head):
    found = plastic_head.compare_with_softmax(Glimpser(), head, bright_patches(), "PublicTest")
    assert found["n"] == 400 and 0.85 < found["softmax"] < 0.97
    assert found["plastic_head"] > found["softmax"] - 0.03
    assert found["difference"] == pytest.approx(found["plastic_head"] - found["softmax"])
    assert found["interval"][0] <= found["difference"] <= found["interval"][1]
    assert found["agree"] > 0.95 and found["ties"] < 0.1
    assert found["plastic_head_recall"] == pytest.approx(found["plastic_head"], abs=0.03)


def test_a_rare_expression_is_learnt_as_well_as_a_frequent_one():
    faces = bright_patches()
    happy = faces.labels == "happy"
    kept = ~happy | (happy.cumsum() % 12 == 0) | (faces.split == "PublicTest")
    few = FaceSet("few", faces.pictures[kept], faces.labels[kept], faces.split[kept])
    found = plastic_head.compare_with_softmax(Glimpser(), plastic_head.learn(Glimpser(), few), few, "PublicTest")
    assert found["plastic_head_recall"] > found["softmax_recall"] - 0.05


def test_votes_teach_where_the_model_follows_them():
    faces = bright_patches(240)
    votes = np.zeros((240, 10), np.int8)
    column = {"neutral": 0, "happy": 1, "sad": 3, "angry": 4}
    # The voters see everything as the next expression.
    for at, label in enumerate(faces.labels):
        votes[at, column[LABELS[(LABELS.index(label) + 1) % 4]]] = 10
    model = Glimpser()
    model.card = {"training": {"configuration": {"labels": "votes"}}}
    voted = FaceSet("voted", faces.pictures, faces.labels, faces.split, votes=votes)
    assert judge_of(model, voted) == "votes" and judge_of(model, faces) == "given"
    taught = plastic_head.learn(model, voted)
    found = plastic_head.compare_with_softmax(model, taught, voted, "PublicTest")
    assert found["plastic_head"] > 0.8 and found["softmax"] < 0.1


def test_a_person_who_swaps_two_expressions_is_learnt(head):
    before = head.readout.network.weights.copy()
    found = simulated_users.measure(Glimpser(), head, bright_patches(), "PublicTest", corrections=8, seeds=2)
    assert found["people"] == 6 and found["corrections"] == 8
    assert found["swapped"]["before"] < 0.15 and found["swapped"]["after"] > found["swapped"]["usual"] - 0.08
    assert found["others"]["after"] > found["others"]["before"] - 0.06
    for name in ("swapped", "weakened", "others", "all"):
        assert found[name]["interval"][0] <= found[name]["difference"] <= found[name]["interval"][1]
    np.testing.assert_array_equal(head.readout.network.weights, before)
    assert head.personal.corrections == 0


def test_each_expression_that_a_person_means_is_corrected_as_often_and_no_picture_is_answered_for_again(monkeypatch):
    corrected = []

    class Recorder(simulated_users.PersonAdapter):
        def correct(self, answer, label):
            corrected.append((int(answer.argmax()), int(label)))
            super().correct(answer, label)

    monkeypatch.setattr(simulated_users, "PersonAdapter", Recorder)
    true = np.repeat(np.arange(4), 10)
    sure = np.eye(4)[true] * 0.97 + 0.0075
    person = simulated_users.SimulatedUser(("angry", "sad"), "happy")
    found = simulated_users._one(person, sure, sure, true, LABELS, 4, np.random.default_rng(1))
    assert sorted(corrected) == sorted([(0, 3), (1, 1), (2, 2), (3, 0)] * 4)
    assert found["swapped"][:2] == [1, 0] and found["others"] == [1, 1, 1]


def test_without_corrections_nothing_is_learnt(head):
    found = simulated_users.measure(Glimpser(), head, bright_patches(), "PublicTest", corrections=0, seeds=1)
    assert all(found[name]["after"] == found[name]["before"] for name in ("swapped", "weakened", "others", "all"))


def test_a_weakened_expression_has_a_quarter_of_a_neutral_face():
    crops = np.repeat(np.array([200, 40], np.uint8), 48 * 48).reshape(2, 48, 48)
    assert simulated_users.weakened(crops, np.array([False, True])).reshape(2, -1)[:, 0].tolist() == [160, 40]


def test_an_adaptation_is_recommended_where_other_faces_gain_by_it(head):
    encoder = head.readout.encoder
    faces = person_adaptation.Faces.of(Glimpser(), bright_patches(), "PublicTest")
    found = person_adaptation.simulate(encoder, faces, corrections=40, seeds=1)
    (swaps,), (careless,) = (found["kinds"][kind] for kind in ("swaps two expressions", "careless"))
    assert swaps["kept"] and swaps["gain"] > 0.2 and swaps["interval"][0] > 0
    assert not careless["kept"] and careless["gain"] < 0
    assert found["right"] >= 1 and found["wrong"] == 0 and found["right"] + found["left"] == 4
    assert "keep was recommended to" in person_adaptation.in_words(found)


def test_too_few_pictures_to_swap_are_refused(head):
    with pytest.raises(DataError, match="Only 0 expressions besides neutral have 40 pictures"):
        simulated_users.measure(Glimpser(), head, bright_patches(80), "PublicTest")


@pytest.fixture
def clips(tmp_path):
    """Flow whose first channel says the class, but of the last subject in another place than of all others."""
    random = np.random.default_rng(0)
    count = 120
    y = np.arange(count) % 3
    subject = np.array([f"s{at // 30}" for at in range(count)])
    flow = random.integers(100, 156, (count, 28, 28, 3)).astype(np.uint8)
    for at in range(count):
        flow[at, 9 * y[at] : 9 * y[at] + 9, :, 0] += 60
    path = tmp_path / "flow.npz"
    classes = np.array(["negative", "positive", "surprise"])
    np.savez(path, flow=flow, y=y, classes=classes, dataset=np.repeat("drawn", count), subject=subject)
    return path


def test_first_clips_are_told_to_every_learner(clips, monkeypatch, capsys):
    monkeypatch.setattr(first_clips, "SETTINGS", first_clips.ReadoutSettings(epochs=3))
    found = first_clips.measure(clips)
    assert found["subjects"] == 4 and found["clips"] == 100
    learners = [name for name, row in found.items() if isinstance(row, dict)]
    assert len(learners) == 4
    for name in learners:
        row = found[name]
        assert row["before"] > 0.95 and row["after"] > 0.9, name
        assert row["interval"][0] - 1e-9 <= row["difference"] <= row["interval"][1] + 1e-9
    # The command measures the same; it has only to ask for it and to print it.
    asked = []
    monkeypatch.setattr(first_clips, "measure", lambda *given, **how: asked.append(given[0]) or found)
    assert main(["study", "first-clips", "--data", str(clips), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(found)) and asked == [clips]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("missing", r"There is no file .*clips\.npz"),
        ("damaged", r"clips\.npz.* It needs flow"),
        ("short", r"y has the shape \(2,\) for 3 clips"),
    ],
)
def test_clips_that_cannot_be_read_are_refused(what, said, tmp_path):
    path = tmp_path / "clips.npz"
    if what == "damaged":
        path.write_bytes(b"PK\x03\x04")
    elif what == "short":
        kinds = {"classes": np.array(["a"]), "dataset": np.repeat("a", 3), "subject": np.repeat("b", 3)}
        np.savez(path, flow=np.zeros((3, 28, 28, 3), np.uint8), y=np.zeros(2, np.uint8), **kinds)
    with pytest.raises(DataError, match=said):
        first_clips.measure(path)


def test_commands_teach_save_and_correct(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(shipped, "load", lambda name=None: Glimpser())
    monkeypatch.setattr(shipped, "folder", lambda name: tmp_path)
    described = {"name": "glimpser", "title": "", "labels": LABELS, "files": {}, "threshold": {"value": 0.5}}
    (tmp_path / "card.json").write_text(json.dumps(described))
    faces = bright_patches()
    path = tmp_path / "patches.npz"
    y = np.array([LABELS.index(label) for label in faces.labels])
    np.savez(path, x=faces.pictures, y=y, classes=np.array(LABELS), split=faces.split)
    assert main(["study", "simulated-users", "--data", str(path)]) == 1
    assert "plastic head in" in capsys.readouterr().err
    assert main(["study", "plastic-head", "--data", str(path), "--save"]) == 0
    assert "400 pictures" in capsys.readouterr().out and PlasticHead.load(tmp_path / FILE).labels == LABELS
    assert card.read(tmp_path)["files"] == {FILE: card.digest(tmp_path / FILE)}
    assert main(["study", "simulated-users", "--data", str(path), "--seeds", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["people"] == 3
    assert main(["study", "simulated-users", "--data", str(path), "--corrections", "-1"]) == 1
    assert "-1 corrections" in capsys.readouterr().err
