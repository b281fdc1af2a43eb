"""Networks for clips are trained, answer alike in a mirror, and become one shipped model."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.errors import ModelError
from engine.features.clip_input import log_scaled
from engine.images.lowlight import llem_weights
from engine.models.registry import build_clip
from engine.training import clip_networks
from engine.training.clip_forms import FACES, flipped, mirrored, varied
from engine.training.clip_learners import LEARNERS, NetworkLearner
from engine.training.clip_networks import ClipTraining
from engine.training.clip_readers import fit_linear, pooled
from engine.training.clip_recipes import recipe
from engine.training.clip_task import Task
from engine.training.face_learners import behind_llem
from tests.studies.flow_sets import moving

_QUICK = ClipTraining(learning_rate=1e-2, batch_size=8, mixup=0.0)


@given(arrays(np.uint8, (2, 28, 28, 3)))
def test_a_mirror_image_of_a_mirror_image_is_the_map(maps):
    np.testing.assert_array_equal(mirrored(mirrored(maps)), maps)


@given(arrays(np.uint8, (1, 28, 28, 3)), st.integers(0, 3))
def test_mirroring_a_scaled_map_is_scaling_a_mirrored_one(maps, _):
    turned = log_scaled(maps)[:, :, ::-1] * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(log_scaled(mirrored(maps)), turned, atol=1e-6)


def test_a_scaled_map_follows_the_formula_and_forgets_gain():
    maps = moving(1, 3).flow
    channel = maps[0, ..., 1].astype(float)
    far = channel - np.median(channel)
    expected = np.sign(far) * np.log1p(np.abs(far) / (np.median(np.abs(far)) + 2))
    np.testing.assert_allclose(log_scaled(maps)[0, ..., 1], expected, rtol=1e-5)
    assert not log_scaled(np.full((1, 28, 28, 3), 7, np.uint8)).any()


def test_varied_maps_are_shifted_and_mirrored_never_changed_otherwise():
    maps = moving(2, 3).flow
    still = varied(maps, 0, np.random.default_rng(1))
    for each, before, turned in zip(still, maps, mirrored(maps), strict=True):
        assert np.array_equal(each, before) or np.array_equal(each, turned)
    assert varied(maps, 2, np.random.default_rng(1)).shape == maps.shape


def test_the_linear_reader_is_logistic_regression():
    clips = moving()
    coefficients, offset = fit_linear(clips.flow, clips.y, 3, 1e-3)
    answered = (pooled(clips.flow) @ coefficients + offset).argmax(axis=1)
    assert (answered == clips.y).mean() > 0.95
    two = clips.y != 1
    coefficients, offset = fit_linear(clips.flow[two], clips.y[two], 3, 1e-3)
    answered = (pooled(clips.flow[two]) @ coefficients + offset).argmax(axis=1)
    assert (answered == clips.y[two]).mean() > 0.95


def test_a_network_is_learnt_anew_each_time_and_asked_after_each_epoch():
    clips = moving(4, 6)
    task = Task(clips.flow, clips.y, 3, clips.flow[:5], seed=2)
    learner = LEARNERS["flow-network"]
    first = learner.by_epoch(task, 4)
    assert first.shape == (4, 5, 3)
    np.testing.assert_allclose(first.sum(axis=2), 1, atol=1e-5)
    # Whatever was trained in between.
    learner.answers(Task(clips.flow, (clips.y + 1) % 3, 3, clips.flow[:1], seed=9), [1])
    np.testing.assert_allclose(learner.answers(task, [4])[4], first[-1], atol=1e-5)


@pytest.mark.parametrize("share", [0.25, 0.0])
def test_the_shipped_form_answers_as_its_parts_do(tmp_path, share):
    from engine.evaluation.subject_figures import figures
    from engine.recognition.clip_model import ClipModel
    from engine.studies.micro_expressions import answers
    from engine.training.clip_model import train_clip_model

    clips = moving()
    kept = figures(clips, "neuromer", [answers(clips, "linear", 0)]) | {"chosen": {f"(0.001, 2, {share})": 6}}
    card = train_clip_model(clips, kept, tmp_path)
    model = ClipModel(tmp_path)
    assert json.loads((tmp_path / "card.json").read_text())["kind"] == "clip"
    assert model.labels == clips.classes and all(least > 0 for least in model.thresholds.values())
    network = clip_networks.train("flow_network", clips.flow, clips.y, 3, 2, 0)
    by_network = clip_networks.answers(network, "flow_network", clips.flow)
    coefficients, offset = fit_linear(clips.flow, clips.y, 3, 1e-3)
    values = [pooled(each) @ coefficients + offset for each in (clips.flow, mirrored(clips.flow))]
    by_line = np.mean([np.exp(each) / np.exp(each).sum(axis=1, keepdims=True) for each in values], axis=0)
    mixed = np.log((1 - share) * by_line + share * by_network) / card["calibration"]["temperature"]
    expected = np.exp(mixed) / np.exp(mixed).sum(axis=1, keepdims=True)
    # Weights are rounded to half precision in the files.
    np.testing.assert_allclose(model.probabilities(clips.flow), expected, atol=5e-3)
    np.testing.assert_allclose(model.probabilities(mirrored(clips.flow)), model.probabilities(clips.flow), atol=1e-5)


def test_a_published_network_is_shipped_with_where_it_looks_and_answers_as_in_the_benchmark(tmp_path, monkeypatch):
    from engine.evaluation.subject_figures import figures
    from engine.recognition.clip_model import ClipModel
    from engine.studies.micro_expressions import answers
    from engine.training.clip_model import train_clip_model

    clips, asked = moving(3, 6), []
    network = build_clip("agmenet", 3, shape=(8, 28, 28, 3), llem=False)
    network.compile("adamw")
    network.optimizer.build(network.trainable_variables)
    # Its training is the benchmark's own, tested above; it would take longer than all the rest.
    monkeypatch.setattr("engine.training.clip_recipes.train", lambda *given, **how: asked.append(given) or network)
    kept = figures(clips, "agmenet", [answers(clips, "linear", 0)]) | {"chosen": {"8": 1, "16": 2}}
    card = train_clip_model(clips, kept, tmp_path)
    ((architecture, _, _, _, epochs, seed, how),) = asked
    assert (architecture, epochs, seed, how) == ("agmenet", 16, 0, LEARNERS["agmenet"].how)
    assert (card["name"], card["takes"], card["training"]["chosen"]) == ("agmenet-flow", "frames", {"epochs": 16})
    assert "--learner agmenet" in card["training"]["command"] and "abstract" in card["limits"][0]
    model = ClipModel(tmp_path)
    sharp = clip_networks.answers(network, "agmenet", clips.flow) ** (1 / card["calibration"]["temperature"])
    expected = sharp / sharp.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.probabilities(clips.flow), expected, atol=1e-3)
    assert model.saliency(clips.flow)["attended"].shape == (len(clips), 8, 4, 3)
    assert (tmp_path / "model.keras").stat().st_size < 4 * card["parameters"], "no optimizer is saved with it"


def test_a_learner_that_is_no_network_cannot_be_shipped():
    with pytest.raises(ModelError, match="'svm'.*neuromer, learnet, agmenet"):
        recipe("svm")


def test_a_network_learns_from_faces_and_looks_at_their_mirror_image():
    random = np.random.default_rng(4)
    y = np.tile(np.arange(2), 20)
    faces = random.normal(0.5, 0.05, (len(y), 2, 16, 16, 1)).astype(np.float32)
    faces[y == 1, 1, 8:12] += 0.5  # what moves, between two frames
    learner = NetworkLearner("few", "Few", (8,), "clip_cnn_lstm", _QUICK, (("shape", (2, 16, 16, 1)),), FACES)
    asked = np.concatenate([faces[30:], flipped(faces[30:])])
    answered, turned = np.split(learner.answers(Task(faces[:30], y[:30], 2, asked, 1), [8])[8], 2)
    assert (answered.argmax(axis=1) == y[30:]).all()
    np.testing.assert_allclose(turned, answered, atol=1e-5)


def test_frames_are_brightened_as_in_a_whole_agmenet():
    import keras

    from engine.models import llem  # noqa: F401 - its layers are in the saved network

    frames = np.random.default_rng(1).uniform(0, 0.3, (2, 3, 16, 16, 1)).astype(np.float32)
    trained = keras.saving.load_model(llem_weights(), compile=False)
    whole = build_clip("agmenet", 6, shape=frames.shape[1:], llem=trained)
    part = build_clip("agmenet", 6, shape=frames.shape[1:], llem=False)
    part.set_weights(keras.Model(whole.get_layer("enhanced_frames").output, whole.output).get_weights())
    bright = behind_llem(frames)
    assert bright.mean() > 2 * frames.mean()
    np.testing.assert_allclose(part.predict_on_batch(bright), whole.predict_on_batch(frames), atol=1e-4)


@settings(max_examples=25)
@given(arrays(np.float32, (2, 1, 4, 5, 1), elements=st.floats(0, 1, width=32)), st.integers(0, 2), st.integers(0, 9))
def test_all_frames_of_a_clip_are_varied_alike(first, shift_px, seed):
    clips = np.repeat(first, 3, axis=1)
    found = varied(clips, shift_px, np.random.default_rng(seed), flipped)
    assert found.shape == clips.shape and np.array_equal(found, np.repeat(found[:, :1], 3, axis=1))
    if not shift_px:
        assert all(np.array_equal(a, b) or np.array_equal(a, flipped(b)) for a, b in zip(found, clips, strict=True))


def test_what_is_prepared_of_faces_may_be_written_to():
    faces = np.ones((1, 2, 2, 1), np.float32)
    FACES.prepared(faces)[:] = 0
    assert faces.all()
