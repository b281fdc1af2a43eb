import tomllib
from pathlib import Path

import pytest

from engine.charts import palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text())
GROUNDS = [CONFIG["theme"][theme]["backgroundColor"] for theme in ("light", "dark")]


def test_contrast_is_the_standards():
    assert palette.contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert palette.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert palette.contrast("#123456", "#123456") == 1


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", [*palette.QUALITATIVE, palette.GRAY])
def test_marks_stand_out_on_both_pages(colour, ground):
    assert palette.contrast(colour, ground) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_themes_own_words_can_be_read(theme):
    colours = CONFIG["theme"][theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        for ink in ("textColor", "linkColor", "primaryColor"):
            assert palette.contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert palette.contrast("#FFFFFF", colours["primaryColor"]) >= 3, "the words on a button"
    for mark in colours["chartCategoricalColors"]:
        assert palette.contrast(mark, colours["backgroundColor"]) >= 3


def test_words_on_a_cell_can_be_read_whatever_its_share():
    for step in range(101):
        ground = palette.mixed(step / 100, palette.BLUE)
        assert palette.contrast(palette.readable_on(ground), ground) >= 4.5


def test_mixing():
    assert palette.mixed(0, palette.BLUE) == "#FFFFFF"
    assert palette.mixed(1, palette.BLUE) == palette.BLUE
    assert palette.mixed(0.5, "#000000", "#204060") == "#102030"
    assert palette.rgba("#0072B2", 0.8) == "rgba(0, 114, 178, 0.8)"
