"""The networks for clips: their sizes, what they may and may not see, and their files. Keras takes long to import."""

import numpy as np
import onnxruntime
import pytest
from lazily import Lazily

from engine.errors import ModelError
from engine.models import registry
from engine.recognition.importance import attention_maps, response_maps

keras = Lazily("keras")
agmenet = Lazily("engine.models.agmenet")
export = Lazily("engine.models.export")
frames = Lazily("engine.models.frames")
learnet = Lazily("engine.models.learnet")
llem = Lazily("engine.models.llem")
resnet = Lazily("engine.models.resnet")
looks = Lazily("engine.models.saliency_outputs")


def random(*shape, seed=0):
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


@pytest.fixture(scope="module")
def gray_agmenet():
    keras.utils.set_random_seed(3)
    return agmenet.agmenet(3, (4, 24, 24, 1))


def test_learnet_has_the_published_parameters():
    assert learnet.learnet(8).count_params() == 1_867_528


def test_resnet_at_full_width_is_resnet_18():
    # torchvision's resnet18 has 11,689,512 trainable ones; 4,800 normalised channels carry a mean and a variance each.
    model = resnet.resnet(1000, (64, 64, 3), width=64)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 11_689_512
    assert model.count_params() == 11_689_512 + 2 * 4_800


@pytest.mark.parametrize(("name", "at_most"), [("resnet", 720_000), ("agmenet", 200_000), ("clip_cnn_lstm", 100_000)])
def test_a_few_hundred_clips_get_a_small_network(name, at_most):
    model = registry.build_clip(name, 3)
    assert model.count_params() < at_most
    assert model.input_shape == (None, *registry.CLIP_ARCHITECTURES[name].shape)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("learnet", (56, 56, 3)),
        ("resnet", (48, 48, 3)),
        ("agmenet", (1, 28, 28, 3)),
        ("agmenet", (3, 28, 28, 3)),
        ("clip_cnn_lstm", (1, 28, 28, 3)),
        ("clip_cnn_lstm", (3, 20, 24, 1)),
    ],
)
def test_any_size_gives_probabilities_by_the_embedding_alone(name, shape):
    options = {"llem": False} if name == "agmenet" else {}
    model = registry.build_clip(name, 5, shape=shape, **options)
    both = keras.Model(model.input, [model.output, model.get_layer("embedding").output])
    probabilities, embedding = (np.asarray(each) for each in both(random(2, *shape)))
    last = model.get_layer("probabilities")
    expected = np.exp(embedding @ np.asarray(last.kernel) + np.asarray(last.bias))
    np.testing.assert_allclose(probabilities, expected / expected.sum(axis=1, keepdims=True), atol=1e-5)
    assert probabilities.shape == (2, 5) and probabilities.dtype == np.float32


def test_frames_are_seen_as_frames_and_not_mixed_between_clips():
    for name in ("agmenet", "clip_cnn_lstm"):
        options = {"llem": False} if name == "agmenet" else {}
        model = registry.build_clip(name, 3, shape=(3, 24, 24, 2), **options)
        clips = random(2, 3, 24, 24, 2)
        together = np.asarray(model(clips))
        np.testing.assert_allclose(together[1:], np.asarray(model(clips[1:])), atol=1e-5)
        assert np.abs(together - np.asarray(model(clips[:, ::-1]))).max() > 1e-5, "the order of frames does not count"


def test_regions_are_means_by_area():
    maps = random(2, 5, 6, 3)
    found = np.asarray(frames.Regions(2, 3)(maps))
    rows = np.stack(
        [(maps[:, 0] + maps[:, 1] + maps[:, 2] / 2) / 2.5, (maps[:, 2] / 2 + maps[:, 3] + maps[:, 4]) / 2.5]
    )
    expected = rows.reshape(2, 2, 3, 2, 3).mean(axis=3).transpose(1, 0, 2, 3).reshape(2, 6, 3)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_agmenets_parts_can_be_left_out():
    shape = (3, 24, 24, 1)
    whole = agmenet.agmenet(3, shape)
    light = llem.build_llem(24, 24).count_params()
    names = {layer.name for layer in whole.layers}
    assert {"llem", "attention", "frame_alone"} <= names
    for switch, part in (("llem", "llem"), ("attention", "attention"), ("ensemble", "frame_alone")):
        less = agmenet.agmenet(3, shape, **{switch: False})
        assert part not in {layer.name for layer in less.layers}
        assert less.output_shape == (None, 3) and less.count_params() < whole.count_params()
    assert whole.count_params() - agmenet.agmenet(3, shape, llem=False).count_params() == light


def test_the_llem_is_not_trained_along_and_may_be_run_beforehand(gray_agmenet):
    clip = 0.2 * random(2, 4, 24, 24, 1)
    assert not gray_agmenet.get_layer("llem").trainable_weights
    enhanced = np.asarray(gray_agmenet.get_layer("llem")(clip.reshape(-1, 24, 24, 1))).reshape(clip.shape)
    behind = keras.Model(gray_agmenet.get_layer("enhanced_frames").output, gray_agmenet.output)
    np.testing.assert_allclose(np.asarray(behind(enhanced)), np.asarray(gray_agmenet(clip)), atol=1e-5)
    assert len(behind.trainable_weights) == len(gray_agmenet.trainable_weights)


def test_a_llem_in_front_of_flow_is_refused():
    with pytest.raises(ValueError, match="3 channels"):
        agmenet.agmenet(3, (1, 28, 28, 3))


def test_attention_is_shared_out(gray_agmenet):
    shares = np.asarray(keras.Model(gray_agmenet.input, agmenet.attended(gray_agmenet))(random(2, 4, 24, 24, 1)))
    assert shares.shape == (2, 4, 4, 3) and (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=(1, 2, 3)), 1, atol=1e-5)


def test_learnets_responses_are_means_of_what_relu_lets_through():
    model = learnet.learnet(3, (56, 56, 3))
    pictures = random(2, 56, 56, 3)
    found = keras.Model(model.input, learnet.responses(model))(pictures)
    sides = [np.asarray(array).shape for array in found.values()]
    assert sides == [(2, side, side) for side in (28, 14, 7, 4, 2)]
    layers = [model.get_layer(f"branch_{branch}_level_2").output for branch in (1, 2, 3, 4)]
    expected = np.concatenate([np.asarray(each) for each in keras.Model(model.input, layers)(pictures)], axis=-1)
    np.testing.assert_allclose(np.asarray(found["response_level_2"]), expected.mean(axis=-1), atol=1e-5)


@pytest.mark.parametrize("name", ["learnet", "agmenet", "clip_cnn_lstm"])
def test_files_answer_as_the_network_and_tell_where_it_looks(name, gray_agmenet, tmp_path):
    shape = {"learnet": (56, 56, 3), "agmenet": (4, 24, 24, 1), "clip_cnn_lstm": (3, 24, 24, 1)}[name]
    model = gray_agmenet if name == "agmenet" else registry.build_clip(name, 3, shape=shape)
    export.export_clip_model(model, tmp_path, looks.saliency_outputs(model))
    batch = random(3, *shape, seed=1)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(None, {session.get_inputs()[0].name: batch}), strict=True))
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    told = {"embedding": again.get_layer("embedding").output, **looks.saliency_outputs(again)}
    expected = keras.Model(again.input, told)(batch)
    assert names[:2] == ["probabilities", "embedding"] and set(names[1:]) == set(expected)
    np.testing.assert_allclose(outputs["probabilities"], np.asarray(again(batch)), atol=1e-5)
    for key, array in expected.items():
        np.testing.assert_allclose(outputs[key], np.asarray(array), atol=1e-4)
    if name == "learnet":
        maps = response_maps(outputs, (112, 112))
        assert list(maps) == ["stem", "level_1", "level_2", "level_3", "hybrid"] and maps["stem"].shape == (112, 112)
    if name == "agmenet":
        assert attention_maps(outputs, (48, 48)).mean() == pytest.approx(1, abs=1e-4)


def test_agmenet_learns_which_region_moved():
    """Four places that brighten over time, told apart after a few steps."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    y = np.tile(np.arange(4), 32)
    clips = rng.normal(0.5, 0.05, (128, 3, 24, 24, 1)).astype(np.float32)
    for clip, place in zip(clips, y, strict=True):
        top, left = divmod(place, 2)
        clip[1:, 4 + 12 * top : 10 + 12 * top, 4 + 12 * left : 10 + 12 * left] += 0.3
    model = agmenet.agmenet(4, (3, 24, 24, 1), llem=False)
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    for _ in range(12):
        model.train_on_batch(clips[:96], y[:96])
    # With statistics of the batch: the running ones need more steps than a test has time for.
    found = np.asarray(model(clips[96:], training=True)).argmax(axis=1)
    assert (found == y[96:]).mean() > 0.8


def test_an_unknown_architecture_is_refused_with_the_known_ones():
    with pytest.raises(ModelError, match=r"'cnn'.*learnet.*agmenet"):
        registry.build_clip("cnn", 3)
