"""Nodes of the framework as tables and headings name them: by number and title, under the head of their level."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pmf_lib.framework import Framework, Node
from pmf_lib.workbook.book import Book
from pmf_lib.workbook.pieces.words import sentence


def levels_of(book: Book, card: pd.DataFrame) -> list[str]:
    """The heading over each node: its level, where measures link to several levels, whose numbers each begin anew."""
    framework = book.framework
    if not _has_levels(framework):
        return [""] * len(card)
    return [sentence(framework.level(framework.node(node).level).plural) for node in card["node"]]


def _has_levels(framework: Framework) -> bool:
    """Whether measures link to several levels."""
    return len([one for one in framework.link_levels if not one.open]) > 1


def numbered(number: Any, title: str) -> str:
    """A node's title after its number, where it has one.

    >>> numbered(5, "People are supported"), numbered(None, "Healthy")
    ('5. People are supported', 'Healthy')
    """
    return title if pd.isna(number) else f"{int(number)}. {title}"


def labels(nodes: pd.DataFrame) -> list[str]:
    """Each node's title after its number, of rows with number and title."""
    return [numbered(number, title) for number, title in zip(nodes["number"], nodes["title"], strict=True)]


def labels_apart(nodes: pd.DataFrame) -> list[str]:
    """The same labels; those of nodes that share their number come after their level, so that one is not taken for the other.

    >>> both = {
    ...     "number": [1, 1, 2],
    ...     "title": ["Healthy", "Resources", "Safe"],
    ...     "level_word": ["outcome", "driver", "outcome"],
    ... }
    >>> labels_apart(pd.DataFrame(both))
    ['Outcome 1. Healthy', 'Driver 1. Resources', 'Outcome 2. Safe']
    >>> labels_apart(pd.DataFrame(both).iloc[1:])
    ['1. Resources', '2. Safe']
    """
    numbers = nodes["number"].dropna()
    if not numbers.duplicated().any():
        return labels(nodes)
    said = zip(labels(nodes), nodes["level_word"], nodes["number"], strict=True)
    return [label if pd.isna(number) else f"{sentence(level)} {label}" for label, level, number in said]


def node_name(framework: Framework, node: Node) -> str:
    """A node as a heading that stands alone names it: after its level, where measures link to several levels."""
    title = numbered(node.number, node.title)
    if not _has_levels(framework):
        return title
    return f"{sentence(framework.level(node.level).singular)} {title}"
