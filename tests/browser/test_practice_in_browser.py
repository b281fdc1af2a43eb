"""What only a browser shows of the page Practice: how long a face is really shown, and that the keyboard is enough."""

import re

from looking import settle
from playwright.sync_api import expect

FACES = 14
FOCUSED = "(at => at.tagName === 'MAIN' ? '' : at.innerText)(document.activeElement)"


def press(page, words, *keys):
    """Go from stop to stop to what says so, and press keys there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED).splitlines():
            for key in keys:
                page.keyboard.press(key)
            return
    raise AssertionError(f"no stop says {words}")


def see(page):
    """Have a face shown; return for how long it stood, in seconds."""
    told = page.get_by_text(re.compile(r"It stood for [\d.]+ s"))
    while not told.count():  # a busy machine shows a face too long: then another one is shown
        page.keyboard.press("s")
        page.get_by_text(re.compile("It stood for|doesn’t count")).first.wait_for(timeout=60_000)
        settle(page)
    return float(re.search(r"[\d.]+", told.inner_text()).group())


def test_a_whole_test_by_keyboard_alone_shows_each_face_for_as_long_as_it_says(visit):
    page = visit.open("/practice")
    page.get_by_text("Face", exact=True).first.wait_for()
    settle(page)
    press(page, "Lessons", "ArrowRight", "Space")
    page.get_by_role("button", name="Begin").wait_for()
    settle(page)
    page.keyboard.press("b")
    for number in range(1, FACES + 1):
        page.get_by_text(f"Face {number} of {FACES}").wait_for()
        assert 0.17 <= see(page) <= 0.27
        expect(page.get_by_role("button", name="sad")).to_be_enabled()
        page.keyboard.press("5")
    page.get_by_role("heading", name=re.compile(f"of {FACES} named as they were shown")).wait_for()
    page.get_by_role("button", name="Another round").wait_for()
    settle(page)
    press(page, "Another round", "Enter")
    page.get_by_text(f"Face 1 of {FACES}").wait_for()
    assert page.get_by_test_id("stAlertContentError").count() == 0
