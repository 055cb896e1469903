"""What is amiss in a made-up council: ``arrangements/stories.yml`` says which rows are changed, and no others are.

A story that no longer finds its rows is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from arranged import Row, Tables, joined, texts
from arranged_form import Cells
from pydantic import Field

from pmf_lib import policy


class Edit(policy.Policy):
    """Rows of a table (those that have all of `where`), and what is made of them."""

    table: str
    where: Cells = Field(default_factory=dict)
    put: Cells = Field(default_factory=dict)
    without: dict[str, str] = Field(default_factory=dict)
    """Column → an id that is taken out of its list."""
    copied: bool = False
    """Is what `put` makes of a row written after it, and not in its place?"""
    drop: bool = False
    add: Cells = Field(default_factory=dict)


class Story(policy.Policy):
    id: str
    words: str
    edits: tuple[Edit, ...]


class Stories(policy.Policy):
    stories: tuple[Story, ...]


def stories(folder: Path) -> tuple[Story, ...]:
    """What ``arrangements/stories.yml`` of the folder says."""
    return policy.load(folder / "arrangements" / "stories.yml", Stories).stories


def told(tables: Tables, told_stories: Iterable[Story]) -> Tables:
    """The tables with what the stories change in them."""
    for story in told_stories:
        for edit in story.edits:
            tables = {**tables, edit.table: list(_edited(tables[edit.table], edit, story.id))}
    return tables


def _edited(rows: list[Row], edit: Edit, story: str) -> Iterator[Row]:
    if edit.add:
        yield from rows
        yield texts(edit.add)
        return
    found = [row for row in rows if _is_meant(row, edit)]
    if not found:
        raise ValueError(f"Story '{story}': no row of '{edit.table}' has {edit.where} {edit.without}.")
    for row in rows:
        if row not in found or edit.copied:
            yield row
        if row in found and not edit.drop:
            lists = {
                key: joined(each for each in row[key].split("; ") if each != gone)
                for key, gone in edit.without.items()
            }
            yield row | texts(edit.put) | lists


def _is_meant(row: Row, edit: Edit) -> bool:
    """Has the row every cell of `where` (a star stands for anything), and lists what is to be taken out?"""
    named = all(fnmatchcase(row.get(key, ""), text) for key, text in texts(edit.where).items())
    return named and all(gone in row.get(key, "").split("; ") for key, gone in edit.without.items())
