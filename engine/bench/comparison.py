"""Ours beside an alternative in a process of its own, or alone where that cannot be had here."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bench.packages import install
from engine.bench.peer import Peer, PeerUnavailableError
from engine.bench.timing import Times, alternate


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


@dataclass(frozen=True)
class Comparison:
    """Two contestants' times.

    Attributes
    ----------
    ours, theirs
        Medians in seconds; theirs is None where it could not be measured.
    repetitions
        Runs behind each.
    name
        What the alternative is: names and versions.
    missing
        Why it could not be measured, as the end of a note; empty where it was.
    """

    ours: float
    theirs: float | None
    repetitions: tuple[int, int]
    name: str
    missing: str = ""

    def theirs_in(self, units: float) -> float | None:
        """Return their time in a unit of which a second has so many."""
        return None if self.theirs is None else self.theirs * units


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
            return Comparison(*alternate(ours, peer.times, rounds=rounds, each=each), peer.description)
    except PeerUnavailableError as error:
        alone = alternate(ours, None, rounds=rounds, each=each)
        return Comparison(*alone, other.name, f"; alternative not available: {error}")
