"""Ours beside an alternative in a process of its own, or alone where that cannot be had here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.bench.packages import install
from engine.bench.peer import Peer, PeerUnavailableError
from engine.bench.timing import Comparison, Times, alternate


@dataclass(frozen=True)
class Alternative:
    """What ours is measured beside.

    Attributes
    ----------
    name
        What it is called where it cannot be measured; otherwise it says that itself.
    module
        See `engine.bench.peer.Peer`.
    packages
        What it needs besides our environment, see `engine.bench.packages.install`.
    patience
        Seconds to wait for it to get ready, and for each answer.
    """

    name: str
    module: str
    packages: tuple[str, ...] = ()
    patience: float = 180


def compare(
    ours: Times,
    other: Alternative,
    arguments: Sequence[str],
    folder: Path | None = None,
    *,
    rounds: int,
    each: tuple[int, int],
) -> Comparison:
    """Time ours and an alternative in turns, see `engine.bench.timing.alternate`.

    Parameters
    ----------
    ours
        Our contestant.
    other
        What it is measured beside.
    arguments
        Of the alternative's module.
    folder
        Where its packages go, once for several measurements; None for an alternative that needs none.
    rounds, each
        As `alternate` takes them.
    """
    try:
        search_path = [] if folder is None else [folder / "packages"]
        for packages in search_path:
            install(other.packages, packages)
        with Peer(other.module, arguments, search_path, other.patience) as peer:
            return alternate(ours, peer.times, peer.description, rounds=rounds, each=each)
    except PeerUnavailableError as error:
        alone = alternate(ours, None, other.name, rounds=rounds, each=each)
        return replace(alone, missing=f"alternative not available: {error}")
