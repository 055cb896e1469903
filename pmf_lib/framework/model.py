"""A framework as one value: identity, levels, the golden thread of nodes, and its other parts.

What holds between the parts is checked in `pmf_lib.framework.checks`; `pmf_lib.framework.load` reads the files.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pmf_lib.errors import ParameterError, unknown
from pmf_lib.framework.clauses import Clause
from pmf_lib.framework.files import (
    AlignmentFile,
    AssumptionsFile,
    BodiesFile,
    CommitmentsFile,
    FrameworkFile,
    Level,
    Node,
    ThreadFile,
    TimetableFile,
    Years,
)
from pmf_lib.framework.parts import Assumption

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Framework", "Level", "Node", "Years"]


class Framework(
    FrameworkFile,
    ThreadFile,
    AssumptionsFile,
    AlignmentFile,
    CommitmentsFile,
    TimetableFile,
    BodiesFile,
):
    """A whole framework, whatever files it was written in."""

    clauses: tuple[Clause, ...] = ()
    """The clauses of all groups, in the order of `pmf_lib.framework.clauses.GROUPS`."""

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _levels(self) -> dict[str, Level]:
        return {level.id: level for level in self.levels}

    def node(self, wanted: str) -> Node:
        """The node of this id; raises ParameterError, with the nearest id, when there is none."""
        if wanted not in self._nodes:
            raise ParameterError(
                unknown(f"node of '{self.id}'", wanted, self._nodes, self._see("thread.yml"))
            )
        return self._nodes[wanted]

    def level(self, wanted: str) -> Level:
        """The level of this id; raises ParameterError, with the nearest id, when there is none."""
        if wanted not in self._levels:
            mend = self._see("framework.yml")
            raise ParameterError(unknown(f"level of '{self.id}'", wanted, self._levels, mend))
        return self._levels[wanted]

    def assumption(self, wanted: str) -> Assumption:
        """The local assumption of this id; raises ParameterError, with the nearest id, when there is none."""
        made = {assumption.id: assumption for assumption in self.assumptions}
        if wanted not in made:
            mend = self._see("assumptions.yml")
            raise ParameterError(unknown(f"assumption of '{self.id}'", wanted, made, mend))
        return made[wanted]

    def nodes_at(self, level: str, year: str = "") -> tuple[Node, ...]:
        """Nodes of one level in document order; only those that stand in `year`, when a financial year is given."""
        wanted = self.level(level).id
        return tuple(node for node in self.nodes if node.level == wanted and _stands(node, year))

    def children(self, parent: str) -> tuple[Node, ...]:
        """Nodes that hang from this one, in document order."""
        wanted = self.node(parent).id
        return tuple(node for node in self.nodes if node.parent == wanted)

    def path(self, wanted: str) -> tuple[Node, ...]:
        """The thread from the top down to this node."""
        node = self.node(wanted)
        return (*self.path(node.parent), node) if node.parent else (node,)

    @property
    def linkable(self) -> tuple[Node, ...]:
        """Nodes that measures may link to, in document order."""
        return self.linkable_in("")

    def linkable_in(self, year: str) -> tuple[Node, ...]:
        """Nodes that measures may link to and that stand in this financial year."""
        return tuple(node for node in self.nodes if self.level(node.level).links and _stands(node, year))

    @property
    def link_levels(self) -> tuple[Level, ...]:
        """Levels that measures may link to."""
        return tuple(level for level in self.levels if level.links)

    @property
    def marker_level(self) -> str:
        """Id of the first level that measures link to (there may be more: `link_levels`)."""
        return self.link_levels[0].id

    @property
    def marker_word(self) -> str:
        """What a node that measures link to is called, as in 'citizen outcome or internal driver'."""
        return " or ".join(level.singular for level in self._named_link_levels)

    @property
    def markers_word(self) -> str:
        """The same in the plural, as in 'citizen outcomes and internal drivers'."""
        return " and ".join(level.plural for level in self._named_link_levels)

    @property
    def _named_link_levels(self) -> tuple[Level, ...]:
        """Link levels without the open ones, unless every one is open."""
        return tuple(level for level in self.link_levels if not level.open) or self.link_levels

    def is_past_review(self, as_at: date) -> bool:
        """Is the document's own review overdue? Never, where it sets no date."""
        return self.review is not None and as_at > self.review.due

    def node_rows(self, *, linkable: bool = False) -> list[dict[str, Any]]:
        """One plain row per node in document order: the columns of `nodes_frame`."""
        return [self._row(node) for node in (self.linkable if linkable else self.nodes)]

    def nodes_frame(self, *, linkable: bool = False) -> pd.DataFrame:
        """One row per node in document order.

        Columns: node, title, level, level_word, number (nullable integer), parent, parent_title, source (section),
        is_assumed, is_parent_assumed, is_linkable (flags), valid_from, valid_to (financial years, '' is open).
        """
        import pandas as pd

        return pd.DataFrame(self.node_rows(linkable=linkable)).astype({"number": "Int64"})

    def _row(self, node: Node) -> dict[str, Any]:
        level = self.level(node.level)
        return {
            "node": node.id,
            "title": node.title,
            "level": level.id,
            "level_word": level.singular,
            "number": node.number,
            "parent": node.parent,
            "parent_title": self.node(node.parent).title if node.parent else "",
            "source": node.source,
            "is_assumed": bool(node.assumption),
            "is_parent_assumed": bool(node.parent_assumption),
            "is_linkable": level.links,
            "valid_from": node.years.valid_from,
            "valid_to": node.years.valid_to,
        }

    def _see(self, file: str) -> str:
        return f"See parameters/frameworks/{self.id}/{file}."


def _stands(node: Node, year: str) -> bool:
    return not year or node.years.covers(year)
