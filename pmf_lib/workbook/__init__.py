"""The face that notebooks import: ``from pmf_lib import workbook``.

Names are loaded when they are first used, so that importing the face costs nothing.

>>> from pmf_lib import workbook
>>> "start" in dir(workbook)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES = (
    "charts",
    "committee",
    "evidence",
    "measures",
    "results",
    "scorecard",
    "sentences",
    "tables",
    "words",
)
NAMES = {"start": "book", "Book": "book"}


def __getattr__(name: str) -> Any:
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    if name in NAMES:
        return getattr(import_module(f"{__name__}.{NAMES[name]}"), name)
    raise AttributeError(f"The workbook has no '{name}'. It has: {', '.join(__dir__())}.")


def __dir__() -> list[str]:
    return sorted([*MODULES, *NAMES])
