"""On which addresses of this machine a camera's stream is answered: this machine's own, unless its operator names more.

aioice, which finds the way between browser and server, opens a port on every address that the machine has, and one more
on all of them to look up the ``.local`` names behind which browsers hide theirs. It has no setting for either, so both
functions are replaced here, for the whole process.
"""

import aioice.ice

from engine import settings


def keep_to_own_addresses() -> None:
    """Let streams that begin from now on open ports on `engine.settings.live_addresses` alone.

    Raises
    ------
    UserError
        Where ``NEUROMER_LIVE_ADDRESSES`` cannot be read.
    """
    settings.live_addresses()
    aioice.ice.get_host_addresses = _host_addresses
    aioice.ice.get_or_create_mdns_protocol = _no_mdns  # type: ignore[assignment]


def _host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return [each for each in settings.live_addresses() if (use_ipv6 if ":" in each else use_ipv4)]


async def _no_mdns(_: object) -> "_NoNames":
    return _NoNames()


class _NoNames:
    """Finds no ``.local`` name. The browser behind it is found all the same, as soon as it asks."""

    async def resolve(self, _: str) -> None:
        return None
