"""With what a run's items are done: side by side on this machine, or by a cluster's workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pmf_lib.runs import cluster
from pmf_lib.runs.supervise import Limits
from pmf_lib.runs.warm.owner import Warm, warming
from pmf_lib.store.manifest import Manifest


@dataclass(frozen=True)
class Means:
    """How many items side by side, what each may use, and by whom they are done."""

    jobs: int
    limits: Limits
    warm: Warm | None = None
    """The process that items are forked from; None: each starts cold."""
    workers: Any = None
    """The Dask client whose workers do the items; None: they are done here."""

    def hold(self, run: Manifest) -> None:
        """Have ready what every item of the run reads."""
        if self.warm:
            self.warm.hold(run.council, run.framework, run.snapshot)


@contextmanager
def means(jobs: int, limits: Limits, address: str = "", *, is_cold: bool = False) -> Iterator[Means]:
    """The workers of the scheduler at this address, else this machine with a process that warms up at once, or without."""
    if is_cold and not address:
        yield Means(jobs, limits)
    elif address:
        with cluster.connected(address) as workers:
            yield Means(jobs, limits, workers=workers)
    else:
        with warming() as warm:
            yield Means(jobs, limits, warm)
