"""A stream opens ports on this machine's own address alone, and asks nobody for names."""

import inspect

import aioice
import psutil
import pytest

from engine import settings
from engine.errors import UserError
from engine.recognition.live.addresses import keep_to_own_addresses
from tests.coroutines import finished


@pytest.fixture(autouse=True)
def aioice_as_it_comes(monkeypatch):
    for name in ("get_host_addresses", "get_or_create_mdns_protocol"):
        monkeypatch.setattr(aioice.ice, name, getattr(aioice.ice, name))
    monkeypatch.delenv("NEUROMER_LIVE_ADDRESSES", raising=False)


def ports():
    """Addresses on which this process has an open UDP port."""
    return {each.laddr.ip for each in psutil.Process().net_connections("udp") if each.laddr}


async def gathered(name=None):
    """Candidates and open ports of a connection, to which a browser behind a ``.local`` name offers itself."""
    connection = aioice.Connection(ice_controlling=False)
    await connection.gather_candidates()
    if name:
        offered = aioice.Candidate("1", 1, "udp", 1, name, 9, "host")
        await connection.add_remote_candidate(offered)
    found = {candidate.host for candidate in connection.local_candidates}, ports(), connection.remote_candidates
    await connection.close()
    return found


def test_aioice_still_has_what_is_replaced():
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]
    source = inspect.getsource(aioice.ice.Connection)
    assert "get_host_addresses(" in source
    assert "await get_or_create_mdns_protocol(self)" in source and "await mdns_protocol.resolve(" in source


def test_only_this_machine_is_answered():
    keep_to_own_addresses()
    before = ports()
    hosts, opened, _ = finished(gathered())
    assert hosts == {"127.0.0.1"} and opened - before <= {"127.0.0.1"}
    assert ports() == before


def test_a_hidden_name_is_not_looked_up():
    keep_to_own_addresses()
    before = ports()
    _, opened, remote = finished(gathered("0b1f4a3c-3f58-4f5c-9d0e-1c0ffee00000.local"))
    assert opened - before <= {"127.0.0.1"} and remote == []


def test_an_operator_names_others(monkeypatch):
    monkeypatch.setenv("NEUROMER_LIVE_ADDRESSES", " 127.0.0.1, 127.0.0.2 ,::1")
    assert settings.live_addresses() == ["127.0.0.1", "127.0.0.2", "::1"]
    keep_to_own_addresses()
    hosts, *_ = finished(gathered())
    assert {"127.0.0.1", "127.0.0.2"} <= hosts <= {"127.0.0.1", "127.0.0.2", "::1"}


@pytest.mark.parametrize("named", ["localhost", "10.0.0.1;10.0.0.2", "256.1.1.1", "10.0.0.0/8"])
def test_what_is_no_address_is_said(monkeypatch, named):
    monkeypatch.setenv("NEUROMER_LIVE_ADDRESSES", named)
    with pytest.raises(UserError, match="NEUROMER_LIVE_ADDRESSES"):
        keep_to_own_addresses()
