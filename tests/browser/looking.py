"""What every look at a page in a browser needs."""

PHONE = (390, 844)
"""Width and height in pixels."""

_WIDE = "[document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth)"


def settle(page):
    """Wait until a page is done with what it was asked for."""
    page.wait_for_timeout(300)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSkeleton]')")


def width(page):
    """Return how many pixels wide a page is, more than it is given where it scrolls sideways."""
    return max(page.evaluate(_WIDE))
