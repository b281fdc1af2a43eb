import dataclasses
import errno
from pathlib import Path

import numpy as np
import pytest
from easy import CLASSES, QUICK, STATEFUL, easy_faces, tiny_network
from lazily import Lazily
from told import Told

from engine.errors import ModelError
from engine.evaluation.calibration import scaled
from engine.models import registry
from engine.tasks import Cancelled, Progress
from engine.training.checkpoint import Checkpoint

keras = Lazily("keras")
batching = Lazily("engine.training.batches")
fitting = Lazily("engine.training.fit")

CROPS = easy_faces(160).pictures
TARGETS = np.eye(2, dtype=np.float32)[np.arange(160) % 2]
TRAINING, VALIDATION = slice(0, 100), slice(100, 160)


@pytest.fixture(scope="module", autouse=True)
def quick_networks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "build", tiny_network)
        yield


class Killer(Progress):
    """Ends a training of STATEFUL's batch size in the middle of an epoch, after so many of its 4 batches.

    With a smaller batch size Keras looks at its callbacks at the end of an epoch only.
    """

    def __init__(self, epoch, batch):
        super().__init__()
        self.when = epoch + batch / 4 - 1e-9

    def step(self, done, total, words):
        if done >= self.when and done % 1:
            raise Cancelled


def trained(configuration, **options):
    validation = CROPS[VALIDATION], TARGETS[VALIDATION]
    model, history = fitting.fit(configuration, CROPS[TRAINING], TARGETS[TRAINING], validation, **options)
    return model.get_weights(), history


@pytest.fixture(scope="module")
def in_one_go():
    return trained(STATEFUL)


def test_an_interrupted_training_ends_as_if_nothing_had_happened(in_one_go, tmp_path):
    path = tmp_path / "checkpoint.npz"
    for killer in (Killer(1, 2), Killer(2, 1)):
        with pytest.raises(Cancelled):
            trained(STATEFUL, checkpoint=path, progress=killer)
    assert Checkpoint.load(path).epoch == 2
    weights, history = trained(STATEFUL, checkpoint=path)
    assert history == in_one_go[1] and len(history["val_loss"]) == 3
    for resumed, straight in zip(weights, in_one_go[0], strict=True):
        np.testing.assert_array_equal(resumed, straight)


def test_many_steps_a_call_change_nothing(monkeypatch):
    several = Told()
    configuration = dataclasses.replace(QUICK, epochs=2)
    weights, history = trained(configuration, progress=several)
    monkeypatch.setattr("engine.training.fit.steps_per_call", lambda batch_size: 1)
    expected, one_by_one = trained(configuration)
    assert history.keys() == one_by_one.keys()
    # Keras compiles them in two ways, and those may round differently.
    for name, values in history.items():
        assert values == pytest.approx(one_by_one[name], rel=1e-4), name
    for ours, theirs in zip(weights, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
    assert {done for done, _, _ in several.steps} == {1, 2}


def test_a_finished_training_is_not_trained_again(tmp_path):
    path = tmp_path / "checkpoint.npz"
    configuration = dataclasses.replace(STATEFUL, epochs=1)
    weights, _ = trained(configuration, checkpoint=path)
    again, history = trained(configuration, checkpoint=path, progress=Killer(0, 1))
    assert len(history["loss"]) == 1
    for first, second in zip(weights, again, strict=True):
        np.testing.assert_array_equal(first, second)


def test_averages_are_those_that_keras_puts_in_place():
    configuration = dataclasses.replace(QUICK, epochs=2, ema_momentum=0.9, patience=None)
    ours, _ = trained(configuration)
    keras.utils.set_random_seed(configuration.seed)
    model = registry.build(configuration.architecture, 2)
    model.compile(keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.9), "categorical_crossentropy")
    order = [np.random.default_rng((configuration.seed, epoch)).permutation(100) for epoch in range(2)]
    rows = np.concatenate(order)
    # One pass over both epochs' batches in a row: 7 batches each, the seventh of 4.
    parts = [part[at : at + 16] for part in (rows[:100], rows[100:]) for at in range(0, 100, 16)]
    for part in parts:
        model.train_on_batch(CROPS[part][..., None].astype(np.float32) / 255, TARGETS[part])
    model.optimizer.finalize_variable_values(model.trainable_variables)
    for first, second in zip(ours, model.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=2e-5)


def test_early_stopping_returns_the_best_epoch(monkeypatch):
    # With the validation labels turned round, every epoch of learning makes the validation loss worse.
    configuration = dataclasses.replace(QUICK, epochs=8, patience=2, learning_rate=3e-3)
    validation = CROPS[VALIDATION], TARGETS[VALIDATION][:, ::-1]
    model, history = fitting.fit(configuration, CROPS[TRAINING], TARGETS[TRAINING], validation)
    losses = history["val_loss"]
    assert len(losses) == int(np.argmin(losses)) + 1 + 2 < 8
    model.compile(loss="categorical_crossentropy")
    again = model.evaluate(validation[0][..., None].astype(np.float32) / 255, validation[1], verbose=0)
    assert again == pytest.approx(min(losses), abs=1e-5)


def test_a_full_disk_leaves_the_last_checkpoint_whole(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    path = tmp_path / "checkpoint.npz"
    configuration = dataclasses.replace(STATEFUL, epochs=2)
    with pytest.raises(Cancelled):
        trained(configuration, checkpoint=path, progress=Killer(1, 1))
    whole = path.read_bytes()
    (tmp_path / "checkpoint.npz.part").symlink_to("/dev/full")
    with pytest.raises(OSError) as full:
        trained(configuration, checkpoint=path)
    assert full.value.errno == errno.ENOSPC
    assert path.read_bytes() == whole
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "history.json"}


@pytest.mark.parametrize("damage", [b"", b"no zip", None])
def test_a_damaged_checkpoint_is_a_sentence(tmp_path, damage):
    path = tmp_path / "checkpoint.npz"
    if damage is None:
        np.savez(path, other=np.zeros(3))
    else:
        path.write_bytes(damage)
    with pytest.raises(ModelError, match="cannot be read"):
        Checkpoint.load(path)


def test_another_networks_checkpoint_is_refused(tmp_path):
    path = tmp_path / "checkpoint.npz"
    Checkpoint(1, [np.zeros(3)], [], []).save(path)
    with pytest.raises(ModelError, match="another network"):
        trained(QUICK, checkpoint=path)


def test_a_runaway_training_is_said(tmp_path):
    path = tmp_path / "checkpoint.npz"
    with pytest.raises(ModelError, match="not a number"):
        trained(dataclasses.replace(QUICK, epochs=1, learning_rate=float("inf")), checkpoint=path)
    assert not path.exists()


def test_fit_predict_never_looks_at_what_is_held_out():
    configuration = dataclasses.replace(QUICK, epochs=2)
    held_out = np.arange(140, 160)
    blind = CROPS.copy(), TARGETS.copy()
    first = fitting.fit_predict(configuration, CROPS, TARGETS, np.arange(100), held_out, seed=3)
    blind[1][held_out] = blind[1][held_out][:, ::-1]
    second = fitting.fit_predict(configuration, *blind, np.arange(100), held_out, seed=3)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (20, 2) and first.dtype == np.float32
    np.testing.assert_allclose(first.sum(axis=1), 1, atol=1e-5)


def test_a_network_can_start_from_another(tmp_path):
    model, _ = fitting.fit(dataclasses.replace(QUICK, epochs=1), CROPS[TRAINING], TARGETS[TRAINING], None)
    model.save(tmp_path / "model.keras")
    still = dataclasses.replace(QUICK, epochs=1, learning_rate=1e-12)
    weights, _ = trained(still, initial=tmp_path / "model.keras")
    np.testing.assert_allclose(weights[0], model.get_weights()[0], atol=1e-6)


def test_starting_from_other_expressions_takes_over_the_shared_ones(tmp_path):
    other, model = tiny_network("any", 3), tiny_network("any", 2)
    other.save(tmp_path / "model.keras")
    (tmp_path / "card.json").write_text('{"labels": ["sad", "fear", "happy"]}')
    before = model.get_layer("probabilities").kernel.numpy()
    fitting.start_from(model, tmp_path / "model.keras", ("happy", "angry"))
    after = model.get_layer("probabilities").kernel.numpy()
    np.testing.assert_array_equal(after[:, 0], other.get_layer("probabilities").kernel.numpy()[:, 2])
    np.testing.assert_array_equal(after[:, 1], before[:, 1])
    np.testing.assert_array_equal(model.get_weights()[0], other.get_weights()[0])


def test_starting_from_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be started from"):
        fitting.start_from(tiny_network("any", 2), tmp_path / "model.keras", CLASSES)
    layers = keras.layers
    other = keras.Sequential([keras.Input((48, 48, 1)), layers.Flatten(), layers.Dense(2, name="probabilities")])
    other.save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="another architecture"):
        fitting.start_from(tiny_network("any", 2), tmp_path / "model.keras", CLASSES)


def test_batches_cover_every_picture_once_an_epoch_in_an_order_of_its_number():
    crops = np.repeat(np.arange(10, dtype=np.uint8), 48 * 48).reshape(10, 48, 48)
    batches = batching.Batches(crops, np.eye(10, dtype=np.float32), 4, seed=3, weights=np.arange(10, dtype=np.float32))

    def seen(epoch):
        batches.start(epoch)
        found = []
        for at in range(len(batches)):
            x, y, weight = batches[at]
            np.testing.assert_allclose(x[:, 0, 0, 0] * 255, y.argmax(axis=1), atol=1e-4)
            np.testing.assert_array_equal(weight, y.argmax(axis=1))
            found += weight.tolist()
        return found

    first, second = seen(0), seen(1)
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second and seen(0) == first


def test_balanced_weights_agree_with_scikit_learn():
    from sklearn.utils.class_weight import compute_sample_weight

    labels = np.array([0, 0, 0, 0, 0, 1, 1, 3])
    ours = fitting.sample_weights(np.eye(4, dtype=np.float32)[labels])
    np.testing.assert_allclose(ours, compute_sample_weight("balanced", labels), rtol=1e-6)


@pytest.fixture
def untrained():
    keras.utils.set_random_seed(0)
    return registry.build("any", 3)


GRAY = np.random.default_rng(0).random((4, 48, 48, 1), dtype=np.float32)


def test_a_prior_multiplies_the_answers_and_an_even_one_leaves_them(untrained):
    own = untrained.predict(GRAY, verbose=0)
    beside = fitting.with_prior(untrained)
    even = np.full((4, 3), 1 / 3, np.float32)
    np.testing.assert_allclose(beside.predict((GRAY, even), verbose=0), own, atol=1e-5)
    told = own * [0.7, 0.2, 0.1]
    asked = np.tile(np.float32([0.7, 0.2, 0.1]), (4, 1))
    np.testing.assert_allclose(
        beside.predict((GRAY, asked), verbose=0), told / told.sum(axis=1, keepdims=True), atol=1e-5
    )
    assert [variable.path for variable in beside.variables] == [variable.path for variable in untrained.variables]


def test_a_network_balanced_by_the_prior_does_not_learn_what_is_frequent(monkeypatch):
    def constant(architecture, class_count):
        gray = keras.Input((48, 48, 1))
        mean = keras.layers.Flatten()(keras.layers.AveragePooling2D(48)(gray))
        return keras.Model(gray, keras.layers.Dense(class_count, activation="softmax", name="probabilities")(mean))

    # Pictures that tell nothing: the best answer is how often an expression is wanted, and even where that is told.
    monkeypatch.setattr(registry, "build", constant)
    crops = np.full((320, 48, 48), 128, np.uint8)
    targets = np.eye(2, dtype=np.float32)[(np.arange(320) % 10 == 0).astype(int)]
    found = {}
    for balance in ("none", "prior"):
        configuration = dataclasses.replace(QUICK, epochs=10, learning_rate=0.02, class_balance=balance)
        model, _ = fitting.fit(configuration, crops, targets, None)
        found[balance] = model.predict(np.full((1, 48, 48, 1), 128 / 255, np.float32), verbose=0)[0]
    np.testing.assert_allclose(found["none"], [0.9, 0.1], atol=0.05)
    np.testing.assert_allclose(found["prior"], [0.5, 0.5], atol=0.1)


def test_each_set_has_a_prior_of_its_own():
    targets = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    found = fitting.priors(targets, np.array([0, 0, 0, 0, 1, 1]))
    np.testing.assert_allclose(found[:4], np.tile([0.75, 0.25], (4, 1)))
    np.testing.assert_allclose(found[4:], np.tile([1e-6, 1], (2, 1)), rtol=1e-5)
    np.testing.assert_allclose(fitting.priors(targets, None), np.full((6, 2), 0.5))


@pytest.mark.parametrize(("balance", "times"), [(0.0, 1), (0.5, 2), (1.0, 4)])
def test_a_smaller_set_comes_more_often(balance, times):
    origin = np.array([0] * 8 + [1] * 2)
    shown = np.bincount(fitting.shown_each_epoch(origin, balance), minlength=10)
    np.testing.assert_array_equal(shown, [1] * 8 + [times] * 2)


def test_a_baked_temperature_scales_the_logits(untrained):
    before = untrained.predict(GRAY, verbose=0)
    fitting.bake_temperature(untrained, 2.5)
    np.testing.assert_allclose(untrained.predict(GRAY, verbose=0), scaled(before, 2.5), atol=1e-5)
