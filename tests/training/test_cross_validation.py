"""Cross-validation in this process, in others, and on a real Dask cluster of two processes."""

import os
import random
import signal
from dataclasses import replace

import numpy as np
import pytest
from patterned_faces import CLASSES, patterned
from told import Told

from engine.datasets import splits
from engine.errors import DataError
from engine.tasks import Cancelled, Progress
from engine.training.configuration import RECIPES
from engine.training.cross_validation import _undisturbed, cross_validate
from engine.training.training_data import prepare


@pytest.fixture(scope="module")
def faces():
    return patterned(count=90, copies=20)


@pytest.fixture(scope="module")
def data(faces):
    return prepare(replace(RECIPES["paper"], classes=CLASSES), faces)


@pytest.fixture(scope="module")
def folds(faces, data):
    return splits.k_fold(faces, data.rows, 5)


@pytest.fixture(scope="module")
def local(data, folds):
    return cross_validate("knn", data, folds)


def same(first, second):
    for name in ("true", "probabilities", "rows", "unit", "leaked"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert (first.labels, first.data, first.fingerprint, first.part) == (
        second.labels,
        second.data,
        second.fingerprint,
        second.part,
    )


def test_every_picture_is_answered_for_once(data, local):
    np.testing.assert_array_equal(local.rows, np.arange(90))
    np.testing.assert_array_equal(local.true, data.true)
    np.testing.assert_array_equal(local.unit, data.unit)
    assert not local.leaked.any()
    assert (local.answered == local.true).mean() > 0.6
    assert (local.data, local.part) == ("patterns", "5 folds")


def test_a_fold_is_what_the_learner_says_of_it(data, folds, local):
    from engine.training.learners import fit_predict

    fold = folds[2]
    alone = fit_predict("knn", data.crops, data.true, fold.training, fold.held_out, unit=data.unit)
    np.testing.assert_array_equal(local.probabilities[fold.held_out], alone)


def test_two_processes_give_the_local_result(data, folds, local):
    progress = Told()
    same(cross_validate("knn", data, folds, 2, progress=progress), local)
    assert progress.steps == [(done, 5, "training 5 folds") for done in range(6)]


def test_folds_that_were_kept_are_not_trained_again(data, folds, local, tmp_path):
    kept = tmp_path / "folds"
    with pytest.raises(Cancelled):
        cross_validate("knn", data, folds, kept=kept, progress=Told((kept / "1.npy").exists))
    assert sorted(path.name for path in kept.iterdir()) == ["0.npy", "1.npy"]
    written = (kept / "0.npy").stat().st_mtime_ns
    (kept / "1.npy").write_bytes(b"cut off")
    progress = Told()
    same(cross_validate("knn", data, folds, progress=progress, kept=kept), local)
    assert [done for done, _, _ in progress.steps] == [1, 2, 3, 4, 5]
    assert (kept / "0.npy").stat().st_mtime_ns == written and len(list(kept.iterdir())) == 5


def test_a_cluster_gives_the_local_result_also_when_a_worker_is_killed(data, folds, local):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, processes=True, threads_per_worker=1, dashboard_address=None, protocol="tcp"
    ) as cluster:
        same(cross_validate("knn", data, folds, scheduler=cluster.scheduler_address), local)

        def kill_one(status):
            if status.done == 1:
                os.kill(cluster.workers[0].process.pid, signal.SIGKILL)

        progress = Progress(kill_one, every_s=0)
        killed = cross_validate("knn", data, folds, scheduler=cluster.scheduler_address, progress=progress)
        same(killed, local)


def test_copies_on_both_sides_are_refused_with_their_count(faces, data):
    fold = splits.by_picture(faces, data.rows, seed=2)
    across = np.isin(faces.group[fold.held_out], faces.group[fold.training]).sum()
    assert across > 0
    with pytest.raises(DataError, match=f"{across} of the 18 held-out pictures of patterns have a copy"):
        cross_validate("knn", data, [fold])


def test_no_folds_are_refused(data):
    with pytest.raises(DataError, match="no folds"):
        cross_validate("knn", data, [])


def test_a_network_is_trained_by_the_same_door(data, folds):
    pytest.importorskip("tensorflow")
    configuration = replace(RECIPES["paper"], classes=CLASSES, epochs=1, batch_size=32, patience=None)
    found = cross_validate(configuration, data, folds[:1])
    np.testing.assert_array_equal(found.rows, data.rows[folds[0].held_out])
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-4)
    assert found.part == folds[0].name


def test_others_who_draw_numbers_do_not_change_a_networks_seeds():
    with _undisturbed(3):
        first = random.randint(1, 10**9)
        random.random()  # as Dask's threads do
        random.seed(7)
        second = random.randint(1, 10**9)
    own = random.Random(3)
    assert [first, second] == [own.randint(1, 10**9), own.randint(1, 10**9)]
    assert random.randint.__self__ is random._inst
