"""A run's progress: a bar on a terminal, a line an item elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pmf_lib.runs.carry_out import Tell
from pmf_lib.store.manifest import Item


@contextmanager
def shown(total: int, *, quiet: bool = False) -> Iterator[Tell]:
    """Yield what to call as items start and end."""
    console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=quiet or not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("Items", total=total)

        def tell(item: Item, what: str) -> None:
            if what == "started":
                return
            bar.advance(task)
            words = f": {item.message}" if item.message else ""
            console.print(escape(f"{what:>9}  {item.id}{words}"))

        yield tell
