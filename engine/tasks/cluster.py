"""The workers of a Dask cluster, named by its scheduler's address."""

import contextlib
import logging
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.tasks.workers import Workers, limit

if TYPE_CHECKING:
    from distributed import Client

CONNECT_S = 5.0  # patience with an address, and with a cluster that has no worker yet
DESERTED_S = 60.0  # patience with a cluster whose workers are all gone, until new ones come
LOOK_S = 5.0  # how often it is asked whether it has workers


@contextlib.contextmanager
def connect(address: str) -> Iterator["Cluster"]:
    """Open the cluster behind a scheduler's address; what is still under way when the statement is left is given up.

    Raises
    ------
    UserError
        As `engine.tasks.pools.pool`.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UserError(
            "Work can be sent to a cluster only with the package distributed, which is not installed.",
            "Install it with `uv sync --extra cluster`, or leave out the scheduler.",
        ) from error
    with _quiet():
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UserError(
                f"No Dask scheduler answers at {address!r}.",
                "Give the address that it prints when it starts, such as tcp://127.0.0.1:8786.",
            ) from error
        with client:
            yield Cluster(client, address)


class Cluster(Workers):
    """A connected cluster.

    Parameters
    ----------
    client
        Connected.
    address
        For people.

    Raises
    ------
    UserError
        Where the cluster has no workers, or they cannot run NeuroMER.
    """

    def __init__(self, client: "Client", address: str) -> None:
        from distributed import KilledWorker

        self.died = (KilledWorker,)
        self._client, self._address = client, address
        # Not pure: a job that is tried again must not get the first answer again.
        self._executor = client.get_executor(pure=False)
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            raise self._deserted() from error
        try:
            self.submit(int).result(timeout=10 * CONNECT_S)
        except Exception as error:  # whatever its processes meet when they load the engine
            raise UserError(
                f"The cluster at {address} cannot run NeuroMER ({error}).",
                "Start its scheduler and workers in the project's folder, with its environment: "
                "`python -m dask scheduler`, `python -m dask worker ADDRESS`.",
            ) from error
        # Each worker has its next job already while its last answer travels.
        self.width = 2 * sum(client.nthreads().values())
        self._seen = self._asked = time.monotonic()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Send a job; what it is given travels with it, so that it can be sent again where a worker dies."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            return self._executor.submit(_work, function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what is under way, or give it up."""
        self._executor.shutdown(wait and not cancel_futures)

    def check(self) -> None:
        """Raise `UserError` where the cluster has had no worker for a minute."""
        now = time.monotonic()
        if now - self._asked < LOOK_S:
            return
        self._asked = now
        with contextlib.suppress(OSError):
            if self._client.nthreads():
                self._seen = now
        if now - self._seen > DESERTED_S:
            raise self._deserted()

    def _deserted(self) -> UserError:
        return UserError(f"The cluster at {self._address} has no workers.", "Start some, then try again.")


_limit_once = cache(limit)


def _work(function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Any:
    # One core a job, which is how Dask counts a worker's threads.
    _limit_once(1)
    return function(*arguments, **named)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log of lost connections out of the answers: what matters of it is raised."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
