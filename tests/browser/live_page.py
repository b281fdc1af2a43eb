"""What a visitor does and sees on the page Live."""

import re

from looking import settle
from playwright.sync_api import TimeoutError

ANSWER = re.compile(r"\d %$")
NOBODY = "No face in sight"
PATIENCE_MS = 60_000


def agree(page):
    """Turn the consent on; return the frame with the buttons Start and Stop."""
    page.get_by_text("I know what happens to the camera").click()
    frame = page.frame_locator("iframe[title*=webrtc]")
    frame.get_by_role("button", name="Start").wait_for()
    settle(page)
    return frame


def turn_on(frame):
    """Press Start and wait for the picture; where none comes, begin again once, as the page advises.

    About one connection in fifty does not come about on a busy machine.
    """
    video, start, stop = frame.locator("video"), *(frame.get_by_role("button", name=name) for name in ("Start", "Stop"))
    start.click()
    try:
        video.wait_for(timeout=PATIENCE_MS / 3)
    except TimeoutError:
        if stop.count():
            stop.click()
        start.click()
        video.wait_for(timeout=PATIENCE_MS)


def start(page):
    """Turn the camera on; return the frame with its picture."""
    frame = agree(page)
    turn_on(frame)
    return frame


def see(page, heading):
    """Wait for the headline."""
    page.get_by_role("heading", name=heading).wait_for(timeout=PATIENCE_MS)


def see_answer(page):
    """Wait for an expression and its share."""
    see(page, ANSWER)


def watched(page, cameras):
    """Wait until the server says that it watches so many cameras."""
    page.get_by_text(f"Watched by this server now: {cameras} of at most").wait_for(timeout=PATIENCE_MS)
