"""The filters of the index: radio buttons and rules of the page's own stylesheet, without script.

A rule hides the rows that do not carry the class of the button chosen (``:has()``); another shows a note where no row of
a block fits all buttons chosen. So they work from a file share and without a server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

Chosen = tuple[tuple[str, tuple[int, ...]], ...]
"""What one row holds: key of the group and places of its options there, for each group that can hide it."""


@dataclass(frozen=True)
class Option:
    """One button: what it belongs to (options of the same name elsewhere are others), its name in rows, its label."""

    of: str
    name: str
    label: str
    heading: str = ""


@dataclass(frozen=True)
class Group:
    """One filter: its key in ids and classes, its legend, its options, and the rows that it hides."""

    key: str
    legend: str
    options: tuple[Option, ...]
    rows: str = ":is(.pmf-report, .pmf-measure)"

    @property
    def is_shown(self) -> bool:
        """A filter with one option hides nothing."""
        return len(self.options) > 1

    def headed(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Place and label of each option under its heading; headings only where there are several."""
        whole = len({option.of for option in self.options}) < 2
        there = [
            (option.of, "" if whole else option.heading, at, option.label)
            for at, option in enumerate(self.options)
        ]
        return [
            (heading, [(at, label) for _, _, at, label in found])
            for (_, heading), found in groupby(there, lambda row: row[:2])
        ]

    def places(self, of: str, names: Iterable[str]) -> tuple[int, ...]:
        """Where the options that a row holds stand."""
        held = {(of, name) for name in names}
        return tuple(at for at, option in enumerate(self.options) if (option.of, option.name) in held)

    def rules(self) -> str:
        """What does not carry the class of the option chosen is hidden; the option chosen is said."""
        if not self.is_shown:
            return ""
        hidden = "".join(
            f"body:has(#{self.key}-{at}:checked) {self.rows}:not(.{self.key}{at}){{display:none}}\n"
            for at in range(len(self.options))
        )
        said = ",".join(
            f"body:has(#{self.key}-{at}:checked) .{self.key}-{at}"
            for at in ("all", *range(len(self.options)))
        )
        return f"{hidden}{said}{{display:inline}}\n"


def distinct(options: Iterable[Option]) -> tuple[Option, ...]:
    """Every option once, those of the same owner together, else in order of appearance."""
    found = dict.fromkeys(option for option in options if option.name)
    owners = list(dict.fromkeys(option.of for option in found))
    return tuple(sorted(found, key=lambda option: owners.index(option.of)))


def classes(chosen: Chosen) -> str:
    """The classes of a row that holds these options.

    >>> classes((("d", (2,)), ("m", (0, 7))))
    'd2 m0 m7'
    """
    return " ".join(f"{key}{at}" for key, places in chosen for at in places)


def note_rule(block: str, rows: Sequence[Chosen], groups: Mapping[str, Group]) -> str:
    """The rule that shows a block's note, and hides its table, when no row of it fits all buttons chosen."""
    fits = list(dict.fromkeys("".join(_fits(*one) for one in row if groups[one[0]].is_shown) for row in rows))
    if not fits or not all(fits):  # nothing to hide, or a row that no filter hides
        return ""
    return f"body:not({','.join(fits)}) #{block}{{--note:block;--note-row:table-row;--rows:none}}\n"


def _fits(key: str, places: Iterable[int]) -> str:
    buttons = [f"#{key}-{at}" for at in ("all", *places)]
    return f":has(:is({','.join(buttons)}):checked)"
