"""The golden thread: from the framework's top down to objectives, measures and conversations, and where it breaks.

The thread is a graph, with edges from above down. A break is a place where a way that should go on does not; what nobody
sent is unknown, and never a break. Where a clause test looks at the same single link, the break is that test's exception.
"""

from __future__ import annotations

from pmf_lib.assurance.thread.breaks import KINDS, breaks, unknown
from pmf_lib.assurance.thread.graph import graph
from pmf_lib.assurance.thread.reach import STATES, reach
from pmf_lib.assurance.thread.tree import ABOVE, tree

__all__ = ["ABOVE", "KINDS", "STATES", "breaks", "graph", "reach", "tree", "unknown"]
