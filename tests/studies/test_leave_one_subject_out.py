"""Each subject is answered for, and chosen for, without it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.datasets.flow_set import FlowSet
from engine.errors import DataError, ModelError
from engine.evaluation.subject_figures import difference, figures
from engine.studies.micro_expressions import answers, groups_of, leave_one_subject_out
from engine.training.clip_learners import LEARNERS
from tests.studies.flow_sets import moving


def test_what_is_easy_is_learnt_and_the_same_seed_says_the_same():
    clips = moving()
    first, second = (leave_one_subject_out(clips, "linear", 3) for _ in range(2))
    assert (first.probabilities.argmax(axis=1) == clips.y).mean() > 0.9
    np.testing.assert_allclose(first.probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
    assert set(first.chosen) == set(clips.subject)
    assert first.best_epoch is None


def test_a_subject_has_no_part_in_its_own_answers_nor_in_what_is_chosen_for_it():
    clips = moving(seed=4)
    own = clips.subject == "a/2"
    lied = replace(clips, y=np.where(own, (clips.y + 1) % 3, clips.y))
    true, false = (leave_one_subject_out(each, "linear", 0) for each in (clips, lied))
    assert true.chosen["a/2"] == false.chosen["a/2"]
    np.testing.assert_array_equal(true.probabilities[own], false.probabilities[own])
    assert np.abs(true.probabilities[~own] - false.probabilities[~own]).max() > 1e-4


def test_groups_keep_subjects_whole_and_spread_each_data_set():
    clips = moving(subjects=12)
    group = groups_of(clips, 1)
    for one in np.unique(clips.subject):
        assert len(np.unique(group[clips.subject == one])) == 1
    for name in ("a", "b"):
        assert len(np.unique(group[clips.dataset == name])) == 6


def test_the_figures_are_those_of_the_pooled_answers():
    from sklearn.metrics import f1_score, recall_score

    clips = moving(seed=7)
    found = figures(clips, "svm", [answers(clips, "svm", seed) for seed in (0, 1)])
    answered = np.array(found["probabilities"]).argmax(axis=2)
    assert found["whole"]["uf1"] == pytest.approx(
        np.mean([f1_score(clips.y, each, average="macro") for each in answered])
    )
    rows = clips.dataset == "a"
    assert found["datasets"]["a"]["uar"] == pytest.approx(
        np.mean([recall_score(clips.y[rows], each[rows], average="macro") for each in answered])
    )
    low, high = found["whole"]["uf1_interval"]
    assert low <= found["whole"]["uf1"] <= high
    assert np.sum(found["confusion"]) == 2 * len(clips)
    assert sum(found["chosen"].values()) == 2 * 6


def test_a_learner_differs_from_itself_by_nothing():
    clips = moving()
    told = np.stack([leave_one_subject_out(clips, "linear", 0).probabilities])
    same = difference(clips, told, told)
    assert same["uf1"] == {"value": 0.0, "interval": [0.0, 0.0]}
    worse = difference(clips, told, np.roll(told, 1, axis=2))
    assert worse["uf1"]["value"] > 0.5 and worse["uf1"]["interval"][0] > 0.3


def test_what_cannot_be_left_out_is_said():
    clips = moving()
    two = FlowSet(
        *(
            value[clips.subject < "a/4"] if isinstance(value, np.ndarray) else value
            for value in (clips.flow, clips.y, clips.classes, clips.dataset, clips.subject)
        )
    )
    with pytest.raises(DataError, match="2 subjects"):
        leave_one_subject_out(two, "linear")
    lonely = replace(clips, y=np.where(clips.subject == "a/0", 2, clips.y % 2))
    with pytest.raises(DataError, match="Only one subject shows surprise"):
        leave_one_subject_out(lonely, "linear")
    with pytest.raises(ModelError, match="neuromer"):
        leave_one_subject_out(clips, "nobody")


def test_every_learner_has_its_own_name():
    assert all(name == each.name for name, each in LEARNERS.items())
