"""Which servers a browser on another machine may go through."""

import json

import pytest

from engine import settings
from engine.errors import UserError

TURN = {"urls": "turn:turn.example.org:3478", "username": "me", "credential": "secret"}


def test_by_default_there_are_none(monkeypatch):
    for name in ("NEUROMER_ICE_SERVERS", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert settings.ice_servers() == []


@pytest.mark.parametrize("named", [[], [TURN], [TURN, {"urls": ["stun:a.example", "stuns:b.example:1"]}]])
def test_they_are_named_in_json(monkeypatch, named):
    monkeypatch.setenv("NEUROMER_ICE_SERVERS", json.dumps(named))
    assert settings.ice_servers() == named


NO_LISTS = """
turn:host
{
{}
null
[1]
["turn:a"]
[{"username": "secret"}]
[{"urls": []}]
[{"urls": 1}]
[{"urls": "https://a.example"}]
[{"urls": "turn:a", "credential": 7}]
[{"urls": "turn:a", "more": "secret"}]
"""


@pytest.mark.parametrize("named", [*NO_LISTS.split("\n")[1:-1], "[" * 10_000])
def test_what_is_no_list_of_servers_is_said_without_its_secrets(monkeypatch, named):
    monkeypatch.setenv("NEUROMER_ICE_SERVERS", named)
    with pytest.raises(UserError, match="NEUROMER_ICE_SERVERS") as met:
        settings.ice_servers()
    assert '"me"' in met.value.remedy and "secret" not in met.value.what
