"""Items on other machines, through Dask: the same item, done by workers; the coordinator keeps manifest and ledger.

Every worker has the workspace at the same state of code (``PMF_HOME``, or the folder in which it is started) and the store in
a shared folder (``PMF_STORE``); both are looked at before an item starts. A worker that dies costs time alone: Dask gives
its item to another, and an item that is done twice is the same twice.
"""

from __future__ import annotations

import atexit
import logging
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, as_completed
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from pmf_lib import settings
from pmf_lib.errors import RunError, quoted
from pmf_lib.runs.plan import Order
from pmf_lib.runs.supervise import Ending, Limits, supervise
from pmf_lib.runs.warm.owner import Warm
from pmf_lib.store import identity, places

CONNECT_SECONDS = 30
SCHEMES = ("tcp", "tls")
MEND = (
    "Start workers in the workspace, at the same state of its code, with PMF_STORE naming the shared folder."
)


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """A Dask client of the scheduler at this address.

    Raises
    ------
    RunError
        Dask is not installed, that is no address, nobody answers there, or the scheduler has no workers.
    """
    _check(address)
    try:
        from distributed import Client
    except ImportError:
        raise RunError("--cluster needs Dask. Install it: pip install 'distributed>=2025.1'.") from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise RunError(f"--cluster: no Dask scheduler answers at '{address}' ({error}).") from None
    for name in (
        "distributed",
        "distributed.client",
    ):  # what it says of a lost connection is said here in words
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with client:
        if not client.scheduler_info()["workers"]:
            raise RunError(f"--cluster: the scheduler at '{address}' has no workers. {MEND}")
        yield client


def _check(address: str) -> None:
    """Refuse what is no address: Dask would look for it for a minute."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme not in SCHEMES or not re.fullmatch(r".+:\d{1,5}", parts.netloc):
        raise RunError(
            f"--cluster: '{quoted(address)}' is not the address of a Dask scheduler. "
            "Write its host and port, for example 'tcp://10.0.0.5:8786'."
        )


def endings(client: Any, orders: Iterable[Order], run_id: str, limits: Limits) -> Iterator[Ending]:
    """Endings as they come from the workers; an interruption gives up what has not been started."""
    pool = client.get_executor(pure=False)
    code = identity.code_digest(settings.root())
    given = {pool.submit(done_here, order, run_id, limits, code): order for order in orders}
    try:
        for future in as_completed(given):
            yield _ending(future, given)
    finally:
        pool.shutdown(wait=False)


def done_here(order: Order, run_id: str, limits: Limits, code: str) -> Ending:
    """One order, done by the worker that this is called in.

    Raises
    ------
    RunError
        The worker has other code, or another store.
    """
    here = settings.root()
    if identity.code_digest(here) != code:
        raise RunError(f"A worker's workspace ('{here}') holds other code than the coordinator's. {MEND}")
    if not places.run_folder(run_id).is_dir():
        raise RunError(f"A worker's store ('{settings.store()}') does not hold run {run_id}. {MEND}")
    return supervise(order, run_id, limits, threading.Event(), _warm())


@cache
def _warm() -> Warm:
    """The worker's own warm process."""
    made = Warm()
    atexit.register(made.close)
    return made


def _ending(future: Future[Ending], given: Mapping[Future[Ending], Order]) -> Ending:
    """How the item ended; killed, where Dask gave it up because every worker that took it died.

    Raises
    ------
    RunError
        The scheduler is gone.
    """
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        message = "Every worker that took it was ended from outside before it could finish."
        item = given[future].item.model_copy(update={"outcome": "killed", "message": message})
        return Ending(item, 0.0, 0)
    except (CancelledError, OSError):
        raise RunError(
            "--cluster: the scheduler is gone. What was finished is kept: start it again, then run the same command."
        ) from None
