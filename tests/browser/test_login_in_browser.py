"""Two people log in with the operator's provider, each in a browser of their own."""

import pytest
from provider import CLIENT, provider
from serving import free_port, serving


@pytest.fixture
def shared_server(tmp_path):
    """A server on which people log in, and its provider."""
    port = free_port()
    with provider() as here:
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(
            f"""[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a text of the test that is long enough"
client_id = "{CLIENT}"
client_secret = "nothing"
server_metadata_url = "{here.metadata}"
"""
        )
        data = tmp_path / "data"
        with serving(tmp_path, f"--secrets.files={secrets}", port=port, NEUROMER_DATA=str(data)) as running:
            yield running.address, here


def log_in(page, here, subject):
    here.subject, here.name = subject, f"Reader {subject}"
    page.get_by_role("button", name="Log in").click()
    page.get_by_text(f"Reader {subject}").wait_for()


def test_each_sees_their_own_and_nobody_without_logging_in(chromium, shared_server):
    address, here = shared_server
    visitors = [chromium.new_context().new_page() for _ in range(2)]
    for page, subject in zip(visitors, "ab", strict=True):
        page.set_default_timeout(60_000)
        # A deep link to a page of a server that nobody has opened yet.
        page.goto(f"{address}/sessions")
        page.get_by_role("button", name="Log in").wait_for()
        assert page.get_by_role("button", name="Try it with a made-up person").count() == 0
        log_in(page, here, subject)
        page.goto(f"{address}/sessions")
        page.get_by_role("button", name="I understand").click()
        page.get_by_text("Reader").wait_for()
    first, second = visitors
    pseudonym = first.get_by_role("textbox", name="Pseudonym")
    pseudonym.fill("Seven77")
    pseudonym.press("Enter")
    first.wait_for_url("**/sessions?*person=*")
    first.get_by_role("heading", name="Seven77").wait_for()
    theirs = first.url
    second.goto(theirs)
    second.get_by_text("Reader b").wait_for()
    second.get_by_text("There is no person").wait_for()
    assert second.get_by_text("Seven77").count() == 0
    first.get_by_role("button", name="Log out").click()
    first.get_by_role("button", name="Log in").wait_for()
    first.goto(theirs)
    first.get_by_role("button", name="Log in").wait_for()
    assert first.get_by_text("Seven77").count() == 0
    for page in visitors:
        page.context.close()
