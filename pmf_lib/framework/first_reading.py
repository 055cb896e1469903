"""The first reading of the frameworks' documents, where it is at hand: one row a requirement, with its id.

The workbook needs no copy of it: ``dispositions.csv`` names each requirement and says what became of it. Where the list
itself is at hand (`pmf_lib.settings.requirements`), it shows that no requirement was left out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from pmf_lib.errors import PolicyError
from pmf_lib.framework.dispositions import Disposition

ID = "id"
PREFIX_ENDS = "-"
"""A requirement's id begins with the sign of its document: ``P22-001`` is of the document 'P22'."""


def requirements(path: Path, dispositions: Iterable[Disposition]) -> list[str]:
    """Ids of the list's requirements that are of the same document as these dispositions.

    Raises
    ------
    PolicyError
        It is not a CSV file in UTF-8 with a column 'id'.
    """
    documents = {_document(row.requirement) for row in dispositions if row.requirement}
    return [one for one in _ids(path) if _document(one) in documents]


def _document(requirement: str) -> str:
    return requirement.partition(PREFIX_ENDS)[0]


def _ids(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [row[ID] for row in csv.DictReader(stream)]
    except (UnicodeDecodeError, csv.Error, KeyError):
        raise PolicyError(
            f"'{path.name}': got no list of requirements, expected a CSV file in UTF-8 with a column '{ID}'. Set "
            "PMF_REQUIREMENTS to the file."
        ) from None
