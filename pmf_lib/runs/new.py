"""Begin something of one's own: a council with its run, or a framework after one that is here."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, expected, unknown
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
    _refuse_bad_id("council", council_id)
    if framework not in frameworks.ids():
        raise ParameterError(unknown("framework", framework, frameworks.ids(), "List: `pmf framework list`."))
    root = settings.root()
    texts = {
        root / "parameters" / "councils" / f"{council_id}.yml": _council_text(council_id, name, units),
        root / "parameters" / "runs" / f"{council_id}.yml": _run_text(council_id, framework, quarter),
        **{root / "data" / council_id / f"{table}.csv": _head(table) for table in MEASURES},
    }
    _refuse_existing(texts)
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)


def framework(framework_id: str, after: str) -> list[Path]:
    """Copy a framework under a new id, to have its words replaced; the folder's files.

    Raises
    ------
    ParameterError
        The id is not one or is taken, or there is no framework to copy.
    """
    _refuse_bad_id("framework", framework_id)
    if after not in frameworks.ids():
        raise ParameterError(unknown("framework", after, frameworks.ids(), "List: `pmf framework list`."))
    home = settings.root() / "parameters" / "frameworks"
    folder = home / framework_id
    _refuse_existing([folder])
    shutil.copytree(home / after, folder)
    head = folder / "framework.yml"
    text = re.sub(r"(?m)^id: .*$", f"id: {framework_id}", head.read_text(encoding="utf-8"), count=1)
    write_text(head, text)
    frameworks.load(framework_id)
    return sorted(folder.iterdir())


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
        "Who the council is, its directorates, and where its records come from: docs/records.md.", content
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


def _refuse_bad_id(what: str, got: str) -> None:
    if not re.fullmatch(ID_PATTERN, got):
        wanted = "at most 40 lower case letters, digits and hyphens"
        raise ParameterError(expected(f"id of the {what}", got, wanted, "northborough"))


def _refuse_existing(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.exists():
            shown = path.relative_to(settings.root()).as_posix()
            raise ParameterError(
                f"'{shown}' is there already, and nothing is overwritten. Choose another id, or edit it."
            )
