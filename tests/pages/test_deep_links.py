"""A fresh server whose very first request names a page."""

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from serving import serving

ROOT = Path(__file__).parents[2]
HOME = "Which expression does a face show?"
TITLES = {
    "home": HOME,
    "photo": "Photo",
    "video": "Video",
    "live": "Live",
    "sessions": "Sessions",
    "practice": "Practice",
    "datasets": "Datasets",
    "train": "Train",
    "evaluate": "Evaluate",
    "spikes": "Spikes",
    "models": "Models",
    "": HOME,
}
"""What each page is headed with, in the order of the navigation."""


@pytest.fixture
def fresh_server(tmp_path):
    # The agent interface runs pages without a browser; it is off otherwise.
    with serving(tmp_path, "--server.enableAgentApi=true") as running:
        yield running.port


def ask(port, **question):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/_stcore/agent/interact",
        json.dumps(question).encode(),
        {"Content-Type": "application/json"},
    )
    return json.load(urllib.request.urlopen(request, timeout=60))


def elements(node):
    yield node
    for child in node.get("children", ()):
        yield from elements(child)


def test_every_page_is_linked():
    assert set(TITLES) - {""} == {file.stem for file in (ROOT / "pages").glob("*.py")}


@pytest.mark.parametrize("page", list(TITLES), ids=lambda page: page or "start")
def test_a_deep_link_to_a_fresh_server(fresh_server, page):
    answer = ask(fresh_server, **({"page": page} if page else {}))
    assert answer["status"] == "ready"
    found = list(elements(answer["tree"]))
    assert [element["props"]["body"] for element in found if element["type"] == "title"] == [TITLES[page]]
    # The title comes first: nothing of the navigation's script is shown.
    shown = [element["type"] for element in found if element.get("props", {}).get("body")]
    assert shown[0] == "title", shown
    assert not [element for element in found if element["type"] in ("exception", "error")]
    assert any(
        "never what a person feels" in element["props"]["body"] for element in found if element["type"] == "markdown"
    )
    navigation = [each["title"] for each in answer["pages"] if not each.get("hidden")]
    # An icon stands before the titles of pages in a group.
    assert [title.split(") ")[-1] for title in navigation] == [name.capitalize() for name in TITLES if name]


def test_no_other_site_may_frame_a_page(fresh_server):
    for path in ("", "models", "_stcore/health", "static/no-such-file"):
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{fresh_server}/{path}", timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'", path
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN", path


def test_only_this_machine_is_answered(fresh_server):
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with socket.socket() as visitor:
            visitor.settimeout(5)
            assert visitor.connect_ex((address, fresh_server)) != 0
    foreign = urllib.request.Request(
        f"http://127.0.0.1:{fresh_server}/_stcore/agent/interact",
        b"{}",
        {"Content-Type": "application/json", "Host": "evil.example"},
    )
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(foreign, timeout=60)
