"""A run's progress: a bar with the time left on a terminal, a line an item elsewhere, or a log in JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pmf_lib.runs.pace import Pace, in_words, past_seconds

if TYPE_CHECKING:
    from pmf_lib.runs.carry_out import Tell
    from pmf_lib.runs.plan import Order
    from pmf_lib.store.manifest import Item


def line(what: str, item: str, message: str = "") -> str:
    """What is said of an item.

    >>> line("kept", "childrens/1_data_quality")
    '     kept  childrens/1_data_quality'
    """
    return f"{what:>9}  {item}" + (f": {message}" if message else "")


def event(what: str, item: str, message: str = "", left_seconds: float | None = 0.0) -> str:
    """What happened to an item, as a line of JSON with the time."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    told = {"at": now, "event": what, "item": item, "message": message, "left_seconds": left_seconds}
    return json.dumps(told, ensure_ascii=False)


@contextmanager
def shown(orders: Sequence[Order], jobs: int, *, as_json: bool = False) -> Iterator[Tell]:
    """Yield what to call as items start and end; how long is left is told from the ledger's past runs."""
    from pmf_lib.store import ledger, places

    pace = Pace(past_seconds(ledger.entries(places.ledger())), jobs)
    pace.left = {order.item.id: order.item.notebook for order in orders}
    with _logged(pace) if as_json else _drawn(pace) as tell:
        yield tell


@contextmanager
def _logged(pace: Pace) -> Iterator[Tell]:
    """A line of JSON an event, on standard error."""

    def tell(item: Item, what: str) -> None:
        if what != "started":
            pace.done(item.id)
        sys.stderr.write(event(what, item.id, item.message, pace.seconds) + "\n")

    yield tell


@contextmanager
def _drawn(pace: Pace) -> Iterator[Tell]:
    """A bar on a terminal, a line an item elsewhere."""
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"), console=console, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("Items", total=len(pace.left), left=_left(pace))

        def tell(item: Item, what: str) -> None:
            if what == "started":
                return
            pace.done(item.id)
            bar.update(task, advance=1, left=_left(pace))
            console.print(escape(line(what, item.id, item.message)))

        yield tell


def _left(pace: Pace) -> str:
    return "" if pace.seconds is None or not pace.left else in_words(pace.seconds)
