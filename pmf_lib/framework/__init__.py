"""A council's performance management framework as data: model, loading, printing."""

from pmf_lib.framework.load import digest, ids, load, read
from pmf_lib.framework.model import Framework, Level, Node
from pmf_lib.framework.tree import tree_text

__all__ = ["Framework", "Level", "Node", "digest", "ids", "load", "read", "tree_text"]
