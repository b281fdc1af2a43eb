import re

import pytest

from tests.pages.shown_words import shown_words

# What was said before, and what is said now.
BANNED = {
    r"\bten voters\b": "the model's name alone",
    r"^As it is$": "off",
    r"\bDecided:": "Sure enough to say (64 % or more)",
    r"Of the validation pictures that it decided": "When this sure on test pictures, it was right 92 times in 100",
    r"\bspeaks most for\b": "The mouth counted most for",
    r"\bstill(ing|ed)\b": "without this motion",
    r"\bby your own word\b": "your correction",
    r"\bfullest colour\b": "darkest blue",
    r"\bpictures a second\b": "frames a second",
    r"^(begins|strongest|over)$": "start, peak, end",
    r"\bTake it home\b": "Export",
    r"\bWhat was asked\b": "Settings",
    r"not learnt, all constants open": "Untrained network",
    r"\banswers a harder question\b": "what it does",
    r"A red line above": "said where the camera does not start",
    r"^\{\} (events|runs)\b": "engine.words.counted, which knows 1",
}


@pytest.fixture(scope="module")
def shown():
    return list(shown_words())


@pytest.mark.parametrize("banned", BANNED)
def test_old_words_do_not_come_back(banned, shown):
    found = [each for each in shown if re.search(banned, each.text)]
    assert not found, f"say instead: {BANNED[banned]}"


def test_the_list_sees_what_pages_say(shown):
    texts = {each.text for each in shown}
    assert "Sure enough to say ({}). {}" in texts and "Export" in texts
