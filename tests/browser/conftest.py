"""The dashboard in a real Chromium: one server and one browser for all tests."""

from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import camera
import pytest
from browsers import CHROMIUM, FLAGS, open_in
from live_page import CAMERAS
from serving import serving

HERE = {"127.0.0.1"}


@pytest.fixture(scope="session")
def data_of_server(tmp_path_factory):
    """The running dashboard's data folder."""
    return tmp_path_factory.mktemp("data-of-the-server")


@pytest.fixture(scope="session")
def server(tmp_path_factory, data_of_server):
    """Address of a running dashboard."""
    home, room = tmp_path_factory.mktemp("home"), str(CAMERAS)
    with serving(home, NEUROMER_DATA=str(data_of_server), NEUROMER_LIVE=room) as running:
        yield running.address


@pytest.fixture(scope="session")
def chromium():
    """A browser, or a skip."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """The folder of files that Chromium takes for a camera."""
    return tmp_path_factory.mktemp("films")


@pytest.fixture
def with_camera(chromium, films, server):
    """Open the page Live in a browser of its own, whose camera plays a film; None for a camera that is refused.

    A film is one of ``camera.FILMS``.
    """
    browsers = []

    def film_of(name):
        path = films / f"{name}.y4m"
        draw, fps = camera.FILMS[name]
        return path if path.exists() else camera.write_y4m(path, draw(), fps)

    def begin(film, address=server, size=(1280, 1000), script=None):
        if film is None:
            flags = [flag for flag in FLAGS if not flag.startswith("--use-fake-ui")] + ["--deny-permission-prompts"]
        else:
            flags = [*FLAGS, f"--use-file-for-fake-video-capture={film_of(film)}"]
        browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
        browsers.append(browser)
        return open_in(browser, address, "/live", size, script)

    yield begin
    for browser in browsers:
        browser.close()


@pytest.fixture
def visit(chromium, server):
    """Open a page of the dashboard in a visitor of its own; afterwards nothing may have left this machine.

    Returns a function of the path, the size, the colour scheme and what else Playwright's ``new_context`` takes. What
    the browser's console complained of is in the attribute ``complaints``, addresses asked for are in ``asked``.
    """
    contexts, asked, complaints = [], [], []

    def open_page(path="/", size=(1280, 900), scheme="light", ready="h1", **how):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, accept_downloads=True, **how
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server + path)
        page.wait_for_selector(ready)
        return page

    yield SimpleNamespace(open=open_page, asked=asked, complaints=complaints)
    for context in contexts:
        context.close()
    outside = [url for url in asked if urlsplit(url).scheme not in ("data", "blob", "about") and not _here(url)]
    assert asked and not outside, f"these left the machine: {outside}"


def _here(url):
    return urlsplit(url).hostname in HERE


@pytest.fixture(scope="session")
def astronaut():
    """A file with one smiling face."""
    import skimage

    return Path(skimage.__file__).parent / "data" / "astronaut.png"
