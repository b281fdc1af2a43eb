"""Browsers that visit a running dashboard."""

import shutil

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


def open_in(browser, server, path, size, script=None):
    """Open a page of the dashboard in a browser that is the test's own; in it and its frames a script runs first."""
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}, accept_downloads=True).new_page()
    page.set_default_timeout(60_000)
    if script is not None:
        page.add_init_script(script)
    page.goto(server + path)
    page.wait_for_selector("h1")
    return page
