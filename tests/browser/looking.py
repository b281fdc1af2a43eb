"""What every look at a page in a browser needs."""

PHONE = (390, 844)
"""Width and height in pixels."""

GROUPS = {
    "Look": ("Photo", "Video", "Live"),
    "People": ("Sessions", "Practice"),
    "Research": ("Datasets", "Train", "Evaluate"),
    "Learn": ("Spikes", "Models"),
}
"""The navigation, as a visitor sees it."""

_WIDE = "[document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth)"


class Actions:
    """Counts what somebody does: clicks, keys, files, words written."""

    def __init__(self):
        self.count = 0

    def __call__(self, what, *given, **how):
        self.count += 1
        return what(*given, **how)


def settle(page):
    """Wait until a page is done with what it was asked for."""
    page.wait_for_timeout(300)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')")


def width(page):
    """Return how many pixels wide a page is, more than it is given where it scrolls sideways."""
    return max(page.evaluate(_WIDE))


def go_to(page, title):
    """Go to another page by the navigation of a wide window, and wait for its head."""
    (group,) = (group for group, titles in GROUPS.items() if title in titles)
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
