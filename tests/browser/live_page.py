"""What a visitor does and sees on the page Live."""

import re

from looking import settle
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

ANSWER = re.compile(r"\d %$")
NOBODY = "No face in sight"
PATIENCE_MS = 60_000
CAMERAS = 2
"""That the server watches at a time."""


def agree(page):
    """Turn the consent on; return the frame with the buttons Start and Stop."""
    page.get_by_text("I know what happens to the camera").click()
    frame = page.frame_locator("iframe[title*=webrtc]")
    frame.get_by_role("button", name="Start").wait_for()
    settle(page)
    return frame


def turn_on(frame):
    """Press Start and wait for the picture."""
    frame.get_by_role("button", name="Start").click()
    frame.locator("video").wait_for()


def start(page):
    """Turn the camera on; return the frame with its picture."""
    frame = agree(page)
    turn_on(frame)
    return frame


def turn_off(page, frame, left=0):
    """Press Stop; so many cameras are watched then, and nothing has gone wrong."""
    frame.get_by_role("button", name="Stop").click()
    watched(page, left)
    assert page.get_by_test_id("stAlertContentError").count() == 0


def see(page, heading):
    """Wait for the headline."""
    page.get_by_role("heading", name=heading).wait_for(timeout=PATIENCE_MS)


def see_answer(page):
    """Wait for an expression and its share."""
    see(page, ANSWER)


def download(page, button):
    """Press a button that gives a file, and once more where nothing came, as a visitor does; return the download.

    Streamlit deletes a file two runs after the page has named another in its place: while a page refreshes itself, what
    was asked for may be gone before it is fetched.
    """
    for patience_ms in (PATIENCE_MS / 3, PATIENCE_MS):
        try:
            with page.expect_download(timeout=patience_ms) as waiting:
                page.get_by_role("button", name=button).click()
            return waiting.value
        except PlaywrightTimeoutError:
            settle(page)
    raise AssertionError(f"{button} gave no file, twice")


def watched(page, cameras):
    """Wait until the server says that it watches so many cameras."""
    page.get_by_text(f"Watched by this server now: {cameras} of at most").wait_for(timeout=PATIENCE_MS)
