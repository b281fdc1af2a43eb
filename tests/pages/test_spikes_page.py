import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from engine.datasets import store
from engine.models import shipped
from engine.spiking import published, stimuli

PAGE = Path(__file__).parents[2] / "pages" / "spikes.py"


@pytest.fixture(autouse=True)
def a_face(monkeypatch):
    """Let every photo but an empty one hold the same face."""
    ramp = np.add.outer(np.arange(48) * 2, np.arange(48) * 3).astype(np.uint8)
    crop = ramp + np.random.default_rng(0).integers(0, 20, (48, 48)).astype(np.uint8)
    monkeypatch.setattr(stimuli, "crop_of", lambda data: None if data == b"nobody" else crop)


@pytest.fixture
def stripes(tmp_path):
    """An imported set that is easily learnt."""
    random = np.random.default_rng(0)
    kind = np.arange(150) % 3
    down, right = np.mgrid[:48, :48]
    waves = np.stack([np.sin(right / 1.5), np.sin(down / 1.5), np.sin((down + right) / 2)])[kind]
    x = np.clip(128 + 40 * waves + random.normal(0, 30, (150, 48, 48)), 0, 255).astype(np.uint8)
    np.savez(tmp_path / "stripes.npz", x=x, y=kind, classes=np.array(published.OUTPUTS))
    np.savez(tmp_path / "few.npz", x=x[:60], y=kind[:60], classes=np.array(published.OUTPUTS))
    for name in ("stripes", "few"):
        store.import_set(tmp_path / f"{name}.npz")


def opened():
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception and not app.error
    return app


def untrained():
    return choose(opened(), "Network", "Untrained network")


def choose(app, label, value):
    next(each for each in app.get("button_group") if each.label == label).set_value(value)
    app.run()
    assert not app.exception
    return app


def number(app, label, value):
    next(each for each in app.number_input if each.label == label).set_value(value)
    app.run()
    assert not app.exception
    return app


def press(app, label):
    next(each for each in app.button if each.label == label).click()
    app.run()
    assert not app.exception
    return app


def look(app, tab):
    app.session_state["spikes tabs"] = tab
    return app.run()


def said(app):
    return " ".join(each.value for each in [*app.header, *app.markdown, *app.info]).replace("\\", "")


def alts(app):
    return [chart.proto.alt for chart in app.get("plotly_chart")]


def test_it_opens_with_a_network_that_has_learnt():
    app = opened()
    decision = app.header[0].value.removeprefix("Decision: ")
    assert decision in shipped.load().labels and "has not learnt" not in said(app)


def test_an_untrained_network_says_so():
    app = untrained()
    assert app.header[0].value.startswith("Decision: output")
    assert len(alts(app)) == 3 and all(alts(app))
    assert "has not learnt" in said(app) and "input spikes are drawn" in said(app)


def test_the_published_network_ends_in_a_tie_and_says_why():
    app = choose(untrained(), "Constants", "As published")
    assert app.header[0].value == "Decision: undecided (a tie)"
    text = said(app)
    assert "Happy, neutral and surprise fired equally often: 250 spikes each" in text
    assert "of 432 weights none changed" in text and "the code then answers “happy”" in text
    assert "map of light and dark" in text and "The weakest drive that makes a neuron fire is 20 mV" in text
    app = look(app, "Weights")
    assert any("None of them moved" in alt for alt in alts(app))
    app = number(app, "Drive, times the weakest that fires", 1.0)
    assert "Nothing ties outputs to labels" in said(app)


def test_a_digit_is_shown_without_any_face():
    app = choose(opened(), "Picture from", "Digit")
    assert "64 pixels" in said(app) and app.header[0].value.startswith("Decision: output")
    app = number(app, "Digit, 0 to 1,796", 1796)
    assert not app.error


@pytest.mark.parametrize("tab", ["Weights", "Neuron", "Energy"])
@pytest.mark.parametrize("constants", ["NeuroMER", "As published"])
def test_every_part_is_described(tab, constants):
    app = look(choose(untrained(), "Constants", constants), tab)
    assert not app.error and alts(app) and all(alts(app))


def test_energy_is_told_in_numbers_with_its_limits_and_its_source():
    app = look(untrained(), "Energy")
    text = said(app)
    for words in (
        "Arithmetic only",
        "not free",
        "names one of seven expressions",
        "10.1109/ISSCC.2014.6757323",
        "4.6 pJ",
    ):
        assert words in text
    assert "315,312,768" in str(app.table[0].value) and "29,270,016" in str(app.table[0].value)


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Membrane time constant (ms)", -1.0, "tau_ms is -1. Give a finite number above 0."),
        ("Time step (ms)", 4.0, "dt_ms is 4, longer than t_ref_ms, 2."),
        ("w_min", 2.0, "w_min is 2, above w_max, 1."),
        ("First weights, up to", 50.0, "The weight of input"),
        ("Picture is shown for (ms)", 1e9, "At most 5,000 are allowed"),
    ],
)
def test_a_number_that_cannot_be_is_a_sentence(label, value, sentence):
    app = untrained()
    if label == "First weights, up to":
        app = number(app, "L1 sum", 0.0)
    app = number(app, label, value)
    assert [sentence in error.value.replace("\\", "") for error in app.error] == [True]
    assert not press(app, "Back to the preset").error


def test_an_upload_is_taken_one_at_a_time():
    app = choose(opened(), "Picture from", "Upload")
    assert not app.header
    stream = io.BytesIO()
    Image.new("RGB", (30, 30)).save(stream, "PNG")
    app.file_uploader[0].upload("a.png", stream.getvalue())
    app.file_uploader[0].upload("b.png", stream.getvalue() + b" ")
    app.run()
    assert "One picture at a time: this is a.png" in said(app) and app.header[0].value.startswith("Decision")


def test_no_face_says_what_to_try():
    app = choose(opened(), "Picture from", "Upload")
    app.file_uploader[0].upload("a.png", b"nobody")
    app.run()
    assert "No face found" in app.info[0].value and not app.header


def learn(app, pace="full speed"):
    for _ in range(400):
        if app.get("progress") and app.get("progress")[0].proto.text.startswith("Finished"):
            return app
        app.run()
    raise AssertionError(app.get("progress")[0].proto.text)


def test_digits_are_learnt_where_no_faces_are_imported(monkeypatch):
    # Fewer runs of the page than a reader would see.
    monkeypatch.setattr("pages.views.spikes.online_learning._SLICE_S", 0.4)
    app = opened()
    app.session_state["spikes view"] = "Train it live"
    app.run()
    assert app.selectbox[0].options == ["scikit-learn's digits"] and "Import faces on the page Datasets" in said(app)
    app = press(app, "Start learning")
    assert "of 4,491 pictures" in app.get("progress")[0].proto.text
    app = choose(press(app, "Cancel"), "Pace", "full speed")
    assert app.get("progress")[0].proto.text.startswith("Stopped.")
    app = learn(press(app, "Go on"))
    assert float(app.metric[0].value.split()[0]) > 85
    app.session_state["spikes view"] = "One picture"
    app = choose(app.run(), "Picture from", "Digit")
    assert app.header[0].value == f"Decision: {stimuli.digits()[1][3]}"
    for tab in ("Weights", "Neuron", "Energy"):
        assert not look(app, tab).error
    app = choose(app, "Network", "Untrained network")
    assert app.header[0].value.startswith("Decision: output")


def test_faces_are_learnt_watched_and_forgotten(stripes, monkeypatch):
    app = opened()
    app.session_state["spikes view"] = "Train it live"
    app.run()
    assert len(app.selectbox[0].options) == 2, "a set with too few pictures is not offered"
    app = press(app, "Start learning")
    assert "Turning faces into spikes" in app.get("progress")[0].proto.text
    monkeypatch.setattr("pages.views.spikes.online_learning._SLICE_S", 0.4)
    app = learn(app)
    assert float(app.metric[0].value.split()[0]) > 80
    assert sum("ON minus OFF" in alt for alt in alts(app)) == 3
    assert "near copies" in said(app), "nobody has looked for them in this set"
    app.session_state["spikes view"] = "One picture"
    app.run()
    assert app.header[0].value.removeprefix("Decision: ") in (*published.OUTPUTS, "undecided (a tie)")
    app.session_state["spikes view"] = "Train it live"
    app = press(app.run(), "Forget and start anew")
    assert [each.label for each in app.button] == ["Start learning"]


def test_what_goes_wrong_while_learning_is_said_and_stays(stripes, monkeypatch):
    monkeypatch.setattr("engine.spiking.online_learning.face_crops", lambda pictures, rows: (rows[:0], rows[:0], {}))
    app = opened()
    app.session_state["spikes view"] = "Train it live"
    app = press(app.run(), "Start learning")
    for _ in range(100):
        if app.error:
            break
        app.run()
    assert "Hardly any face was found" in app.error[0].value
    assert [each.label for each in app.button] == ["Start learning"]


def test_the_plastic_head_names_an_expression():
    app = choose(opened(), "Network", "Trained network")
    decision = app.header[0].value.removeprefix("Decision: ")
    assert decision in shipped.load().labels and "in place of the model's last layer" in said(app)
    assert len(alts(app)) == 3 and "All constants" not in [each.label for each in app.expander]
    app = look(app, "Weights")
    assert not app.exception and "one number of the embedding" in said(app)
    app = look(app, "Energy")
    assert not app.exception and "the CNN-LSTM's last layer alone" in said(app)
    app = look(app, "Neuron")
    assert not app.exception


def step(app, label):
    next(each for each in app.button if each.label.startswith(label)).click()
    app.run()
    assert not app.exception and not app.error
    return app


def test_the_tour_leads_from_a_picture_to_ones_own_face_and_back():
    app = opened()
    next(each for each in app.get("button_group") if "Guided tour" in each.options).set_value("Guided tour")
    app.run()
    assert app.header[0].value == "1 of 4: From a picture to spikes"
    (raster,) = app.get("plotly_chart")
    white = app.slider(key="spikes tour rate").set_value(200).run()
    assert white.get("plotly_chart")[0].proto.alt != raster.proto.alt, "brighter pixels fire faster"
    step(app, "Next")
    assert app.header[0].value == "2 of 4: One neuron" and "by the formula" in said(app)
    app.slider(key="spikes tour drive").set_value(20).run()
    assert "the leak wins" in said(app), "20 mV is the rheobase: the potential never comes above the threshold"
    app.slider(key="spikes tour drive").set_value(40).run()
    # Every 18 ms (Neuron.interval_steps), the first after ln(2) time constants of 20 ms.
    assert "11 spikes in 200 ms" in said(app) and "55 a second" in said(app)
    step(app, "Next")
    assert app.header[0].value == "3 of 4: Learning" and any(each.label == "Start learning" for each in app.button)
    step(app, "Next")
    assert app.header[0].value == "4 of 4: Your own face"
    assert any(each.value.startswith("Decision: ") for each in app.header)
    step(app, "Back")
    step(app, "Next")
    step(app, "From the beginning")
    assert app.header[0].value.startswith("1 of 4") and app.button(key="spikes tour back").disabled
