"""What policy may ask of a database: the name of a table, or one SELECT.

This guards against slips. What truly keeps a database as it is are the read-only transaction in which it is read, and
the rights of the account in the address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pmf_lib.errors import PolicyError

_NAME = re.compile(r"(?:([^\W\d]\w*)\.)?([^\W\d]\w*)")
_NOT_CODE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*(?!!).*?\*/", re.DOTALL)
_CHANGES = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)
_FIRST = re.compile(r"\s*\(?\s*(select|with)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """A table or view by name."""

    table: str
    schema: str | None = None


@dataclass(frozen=True)
class Select:
    """One SELECT, as policy writes it."""

    text: str


def query(text: str, where: str) -> Named | Select:
    """What `text` asks for.

    >>> query("pmf.observations", "here"), query("SELECT * FROM observations;", "here")
    (Named(table='observations', schema='pmf'), Select(text='SELECT * FROM observations'))

    Raises
    ------
    PolicyError
        It is more than one statement, or one that may change something.
    """
    named = _NAME.fullmatch(text.strip())
    if named:
        return Named(named[2], named[1])
    fault = _fault(text)
    if fault:
        raise PolicyError(
            f"{where}: {fault}. Give a table ('observations'), a schema and a table ('pmf.observations') or one "
            "SELECT under 'records: databases: tables' in the council's file."
        )
    return Select(text.strip().rstrip(";").rstrip())


def _fault(text: str) -> str:
    """What is wrong with a statement; nothing where it is one SELECT."""
    code = _NOT_CODE.sub(" ", text).strip().rstrip(";").rstrip()
    change = _CHANGES.search(code)
    first = code.split()[0] if code else ""
    faults = {
        f"it begins with '{first}', and only a SELECT is run": not _FIRST.match(code),
        "it holds more than one statement": ";" in code,
        f"it holds '{change[0] if change else ''}', and records are only ever read": bool(change),
        "it holds a backslash or a dollar sign, which databases read in different ways": bool(
            re.search(r"[\\$]", text)
        ),
    }
    return next((words for words, is_so in faults.items() if is_so), "")
