import subprocess
import sys

import numpy as np
import pytest
from patterned_faces import CLASSES, patterned

from engine.errors import DataError, ModelError
from engine.training.learners import LEARNERS, fit_predict


def numbered(faces):
    return np.array([CLASSES.index(label) for label in faces.labels])


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_learner_learns_and_says_so_in_probabilities(learner):
    faces = patterned()
    training, held_out = np.arange(100), np.arange(100, 150)
    found = fit_predict(learner, faces.pictures, numbered(faces), training, held_out)
    assert found.shape == (50, 3) and found.dtype == np.float32
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert (found.argmax(axis=1) == numbered(faces)[held_out]).mean() > 0.7


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_same_seed_gives_the_same_answers(learner):
    faces = patterned(60)
    arguments = learner, faces.pictures, numbered(faces), np.arange(40), np.arange(40, 60)
    np.testing.assert_array_equal(fit_predict(*arguments, seed=3), fit_predict(*arguments, seed=3))


@pytest.mark.parametrize("learner", LEARNERS)
def test_held_out_pictures_are_not_looked_at(learner):
    faces = patterned(60)
    labels, others = numbered(faces), numbered(faces).copy()
    others[40:] = 0
    pictures = faces.pictures.copy()
    pictures[50:] = 7
    training, held_out = np.arange(40), np.arange(40, 50)
    first = fit_predict(learner, faces.pictures, labels, training, held_out, classes=3)
    np.testing.assert_array_equal(first, fit_predict(learner, pictures, others, training, held_out, classes=3))


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_label_without_training_pictures_is_never_answered(learner):
    faces = patterned(60)
    training = np.flatnonzero(numbered(faces) != 1)
    found = fit_predict(learner, faces.pictures, numbered(faces), training, np.arange(60), classes=5)
    assert found.shape == (60, 5) and not found[:, [1, 3, 4]].any()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("learner", LEARNERS)
def test_nothing_is_asked_and_few_pictures_train(learner):
    faces = patterned(6)
    found = fit_predict(learner, faces.pictures, numbered(faces), np.arange(4), np.arange(0), classes=3)
    assert found.shape == (0, 3)


def test_one_label_is_too_few():
    faces = patterned(9)
    with pytest.raises(DataError, match="The 3 training pictures show 1 expression"):
        fit_predict("knn", faces.pictures, numbered(faces), np.array([0, 3, 6]), np.array([1]))


def test_an_unknown_learner_is_said():
    with pytest.raises(ModelError, match="There is no learner 'oracle'. There are: knn, svm, random-forest"):
        fit_predict("oracle", np.zeros((2, 48, 48), np.uint8), np.arange(2), np.arange(2), np.arange(2))


def test_the_names_are_there_without_scikit_learn():
    program = (
        "import sys, engine.training.learners, engine.training.cross_validation, engine.studies.duplicate_leak\n"
        "import engine.tasks.pools\n"
        "print([name for name in ('sklearn', 'scipy', 'keras', 'tensorflow', 'distributed') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
