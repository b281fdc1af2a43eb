from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine import images, practice
from pages.views.common import icons
from pages.views.common.navigation import GROUPS
from pages.views.home import samples
from pages.views.home.samples import SAMPLES

PAGE = Path(__file__).parents[2] / "pages" / "home.py"


@pytest.fixture
def opened():
    """Open the page with a sample chosen, the first where none is named."""

    def open_page(file=None):
        app = AppTest.from_file(str(PAGE), default_timeout=60)
        if file is not None:
            app.session_state["home sample"] = {"chosen": [sample.file for sample in SAMPLES].index(file)}
        app.run()
        assert not app.exception and not app.error
        return app

    return open_page


def test_an_answer_is_there_before_anybody_does_anything(opened):
    app = opened()
    assert app.subheader[0].value.startswith("Happy, ")
    bars = [bar.proto.text for bar in app.get("progress")]
    assert len(bars) == 3 and bars[0].startswith("happy, ")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("angry_4.jpg", "Angry, "),
        ("disgust_12.jpg", "Disgust, "),
        ("sad_5.jpg", "Sad, "),
        ("surprise_15.jpg", "Surprise, "),
        ("neutral_2.jpg", "Undecided: most probable "),
        ("chelsea.png", "No face"),
    ],
)
def test_every_sample_is_answered_by_the_model(opened, file, said):
    assert opened(file).subheader[0].value.startswith(said)


def test_what_cannot_be_read_is_a_sentence(opened, monkeypatch):
    monkeypatch.setattr("pages.views.common.picture_sources.importlib.util.find_spec", lambda name: None)
    samples.answered.cache_clear()
    samples.thumbnail.cache_clear()
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert not app.exception and "is missing" in app.error[0].value
    assert app.get("page_link"), "the ways on are there nevertheless"


def test_the_drawn_samples_are_what_is_said_of_them():
    for sample in SAMPLES:
        if sample.words != "drawn":
            continue
        expression, person = Path(sample.file).stem.split("_")
        drawn = practice.face(int(person), expression).astype(float)
        assert np.abs(images.decode(sample.read()) - drawn).mean() < 3, sample.file


def test_a_thumbnail_is_small():
    for sample in SAMPLES:
        assert samples.thumbnail(sample).startswith("data:image/jpeg;base64,")
        assert len(samples.thumbnail(sample)) < 20_000


def test_there_are_ways_on_and_what_was_checked(opened):
    app = opened()
    assert [link.proto.page for link in app.get("page_link")] == ["photo", "video", "live"]
    said = " ".join(text.value for text in app.markdown)
    assert "Nothing leaves this machine" in [heading.value for heading in app.header]
    assert "every call to the operating system" in said


def test_a_shared_server_does_not_speak_of_the_visitors_machine(opened, monkeypatch):
    monkeypatch.setenv("NEUROMER_SHARED", "1")
    assert "Nothing leaves the machine that this server runs on" in [heading.value for heading in opened().header]


def test_every_page_has_an_icon_of_its_own():
    names = [name for group in GROUPS.values() for name in group]
    assert len({icons.page_icon(name) for name in names}) == len(names)
    for name in names:
        assert icons.page_icon(name).startswith("![](data:image/svg+xml,") and " " not in icons.page_icon(name)
