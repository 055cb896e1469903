"""Begin a council of one's own, with its run and its empty tables. A framework: `pmf_lib.runs.begin.new_framework`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, expected, listed, quoted, unknown
from pmf_lib.periods import parse_quarter
from pmf_lib.records.schema import ID_PATTERN, MEASURES, TABLES
from pmf_lib.store.files import write_text

READ_AFTER_DAYS = 45
RETURN_DUE_DAYS = 20
Unit = tuple[str, str, str]
"""A directorate: id, name, and the post that answers for it."""


def council(council_id: str, name: str, units: Iterable[Unit], framework: str, quarter: str) -> list[Path]:
    """Write a council's file, its run's file and its empty tables of measures; what was written, in this order.

    Tables of arrangements are left out: an empty one would say that there are no plans, no risks and so on.

    The run reads records as they stand `READ_AFTER_DAYS` days after the quarter's end, until its file says otherwise.

    Raises
    ------
    ParameterError
        An id is not one, there is no such framework, or a file of this council is there already.
    """
    refuse_bad_id("council", council_id, "northborough")
    if framework not in frameworks.ids():
        raise ParameterError(unknown("framework", framework, frameworks.ids(), "List: `pmf framework list`."))
    root = settings.root()
    texts = {
        root / "parameters" / "councils" / f"{council_id}.yml": _council_text(council_id, name, units),
        root / "parameters" / "runs" / f"{council_id}.yml": _run_text(council_id, framework, quarter),
        **{root / "data" / council_id / f"{table}.csv": _head(table) for table in MEASURES},
    }
    refuse_existing(texts)
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)


def _council_text(council_id: str, name: str, units: Iterable[Unit]) -> str:
    content = {
        "id": council_id,
        "name": name,
        "evidence": "own",
        "directorates": [{"id": unit, "name": words, "director": post} for unit, words, post in units],
        "records": {"folders": [f"data/{council_id}"]},
        "returns": {"folder": f"data/returns/{council_id}", "due_days": RETURN_DUE_DAYS},
    }
    try:
        Council.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        raise ParameterError(f"The council's {where}: got '{first['input']}'; {first['msg']}.") from None
    return _yaml(
        "Who the council is, its directorates (each may list its 'services', by name), and where its records come from: "
        "docs/records.md.",
        content,
    )


def _run_text(council_id: str, framework_id: str, quarter: str) -> str:
    wanted = parse_quarter(quarter)
    as_at = wanted.end + timedelta(days=READ_AFTER_DAYS)
    content = {
        "council": council_id,
        "framework": framework_id,
        "quarter": wanted.label,
        "as_at": as_at.isoformat(),
        "edition": "full",
    }
    return _yaml(
        "What `pmf run` is asked for. 'as_at' is the only today: records are read as they stood then.",
        content,
    )


def _yaml(comment: str, content: dict[str, Any]) -> str:
    return f"# {comment}\n" + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def _head(table: str) -> str:
    """The header of an empty table."""
    return ",".join(TABLES[table].columns) + "\n"


def refuse_bad_id(what: str, got: str, example: str) -> None:
    """Refuse what is no id, and say which of its characters can't stand in one.

    >>> refuse_bad_id("council", "North Borough", "northborough")
    Traceback (most recent call last):
    pmf_lib.errors.ParameterError: id of the council: got 'North Borough', expected at most 40 lower case letters, digits and hyphens, the first no hyphen, for example 'northborough'. Not among them: 'N', ' ', 'B'.
    """
    if not re.fullmatch(ID_PATTERN, got):
        wanted = "at most 40 lower case letters, digits and hyphens, the first no hyphen"
        odd = dict.fromkeys(re.findall("[^a-z0-9-]", got))
        raise ParameterError(
            expected(
                f"id of the {what}",
                quoted(got),
                wanted,
                example,
                f"Not among them: {listed(map(quoted, odd))}." if odd else "",
            )
        )


def refuse_existing(paths: Iterable[Path]) -> None:
    """Refuse to write where something is."""
    for path in paths:
        if path.exists():
            shown = path.relative_to(settings.root()).as_posix()
            raise ParameterError(
                f"'{shown}' is there already, and nothing is overwritten. Choose another id, or edit it."
            )
