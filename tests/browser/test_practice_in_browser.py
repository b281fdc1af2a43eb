"""What only a browser shows of the page Practice: how long a face is really shown, and that the keyboard is enough."""

import re

from looking import settle
from playwright.sync_api import expect


def test_a_test_by_keyboard_alone_shows_each_face_for_as_long_as_it_says(visit):
    page = visit.open("/practice")
    page.get_by_text("Test", exact=True).click()
    page.get_by_role("button", name="Begin").wait_for()
    settle(page)
    page.keyboard.press("b")
    for number in (1, 2):
        page.get_by_text(f"Face {number} of 14").wait_for()
        settle(page)
        page.keyboard.press("s")
        told = page.get_by_text(re.compile(r"It stood for [\d.]+ s"))
        while not told.count():  # a busy machine shows a face too long: then another one is shown
            page.get_by_text(re.compile("It stood for|doesn’t count")).first.wait_for(timeout=60_000)
            settle(page)
            if page.get_by_text("doesn’t count").count():
                page.keyboard.press("s")
        shown_s = float(re.search(r"[\d.]+", told.inner_text()).group())
        assert 0.17 <= shown_s <= 0.27
        expect(page.get_by_role("button", name="sad")).to_be_enabled()
        settle(page)
        page.keyboard.press("5")
    page.get_by_text("Face 3 of 14").wait_for()
    assert page.get_by_test_id("stAlertContentError").count() == 0
