"""The face that notebooks import: ``from pmf_lib import workbook``.

Names are loaded when they are first used, so that importing the face costs nothing.

>>> from pmf_lib import workbook
>>> "start" in dir(workbook), "tables" in dir(workbook)
(True, True)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

PLACES = {
    "pages.quality": ("quality", "quality_detail", "quality_dimensions"),
    "pages.measures": (
        "measures",
        "one_by_one",
        "sides",
        "travel",
        "wall",
        "rebased",
        "others",
        "year_end",
        "sentences",
        "reach",
        "commentary",
    ),
    "pages.lived": (
        "embedding",
        "claims",
        "drift",
        "enablers",
        "findings",
        "group_levels",
        "lived",
        "sureness",
        "clause_tables",
        "thread",
    ),
    "pages.year": ("cycle",),
    "pages.board": ("board", "board_detail", "board_pack", "loop"),
    "pages.scorecard": ("scorecard", "aims", "pledges", "portfolios", "awaiting", "resourcing", "successes"),
    "pages.assured": ("assurance_map", "assurers"),
    "pages.rating": ("rating",),
    "pages.followup": ("followup",),
    "pages.committee": (
        "committee",
        "committee_tables",
        "first_side",
        "fitting",
        "implications",
        "responses",
        "caveats",
        "workpaper",
    ),
    "pages.annual": ("answered", "courses", "own_review", "review", "statement", "year_limits"),
    "pages.shared": ("evidence", "changes", "actions", "certified"),
    "pieces": ("figure", "markup", "tables", "words"),
}
MODULES = {name: f"{place}.{name}" for place, names in PLACES.items() for name in names} | {
    "charts": "charts",
    "decided": "decided",
    "outturns": "outturns",
    "reliance": "reliance",
    "results": "results",
    "tidy": "tidy",
}
NAMES = {"start": "book", "Book": "book"}


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"{__name__}.{MODULES[name]}")
    if name in NAMES:
        return getattr(import_module(f"{__name__}.{NAMES[name]}"), name)
    raise AttributeError(f"The workbook has no '{name}'. It has: {', '.join(__dir__())}.")


def __dir__() -> list[str]:
    return sorted([*MODULES, *NAMES])
