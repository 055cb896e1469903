"""What can be wrong with the workbook's own set-up, and how each kind ends the command.

A fault in the council's data or practice is never an exception: it is a row of findings, the run goes on
and the report says so. An exception means that the workbook cannot answer the question it was asked.

    PmfError                  1   anything below, and a fault of the program itself
    ├── ParameterError        2   a run's or a notebook's parameter
    ├── SettingsError         3   the root folder, the environment, a file that should be there
    ├── PolicyError           4   a framework, scheme, council or source file under parameters/
    ├── RecordsError          5   records that cannot be read at all
    ├── RunError              6   items that failed, or a set that is not complete
    └── StoreError            7   a snapshot, manifest or ledger that does not hold together
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

LISTED_AT_MOST = 10


class PmfError(Exception):
    """Base of the workbook's own errors; `exit_code` is what the command line ends with."""

    exit_code = 1


class ParameterError(PmfError):
    """A parameter of a run or of a notebook is unknown, missing or of the wrong kind."""

    exit_code = 2


class SettingsError(PmfError):
    """The root, a setting in the environment, or a file that the set-up needs is not there."""

    exit_code = 3


class PolicyError(PmfError):
    """A file under ``parameters/`` says something that the workbook does not understand."""

    exit_code = 4


class RecordsError(PmfError):
    """A source of records cannot be read at all (a fault in one row is a finding instead)."""

    exit_code = 5


class RunError(PmfError):
    """Some items of a run failed, so its pages are incomplete."""

    exit_code = 6


class StoreError(PmfError):
    """A stored snapshot, manifest or ledger does not hold together."""

    exit_code = 7


def listed(options: Iterable[object]) -> str:
    """At most ten options, quoted, and how many more there are.

    >>> listed(["b", "a"])
    "'b', 'a'"
    >>> listed(range(12)).endswith("'9' and 2 more")
    True
    """
    shown = [f"'{option}'" for option in options]
    more = len(shown) - LISTED_AT_MOST
    return ", ".join(shown[:LISTED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def near_miss(got: object, options: Iterable[object]) -> str:
    """`` Did you mean '…'?`` for the nearest option, or nothing when none is near.

    >>> near_miss("adults", ["adult-social-care", "children"])
    ''
    >>> near_miss("chidren", ["adult-social-care", "children"])
    " Did you mean 'children'?"
    """
    near = get_close_matches(str(got), [str(option) for option in options], n=1)
    return f" Did you mean '{near[0]}'?" if near else ""


def unknown(what: str, got: object, options: Iterable[object], mend: str = "") -> str:
    """The sentence for a name that is not one of a closed list.

    >>> unknown(
    ...     "directorate", "chidren", ["children"], "Directorates are listed in parameters/councils/x.yml."
    ... )
    "'chidren' is not a known directorate. Did you mean 'children'? Known: 'children'. Directorates are listed in parameters/councils/x.yml."
    """
    options = list(options)
    known = f" Known: {listed(options)}." if options else ""
    return f"'{got}' is not a known {what}.{near_miss(got, options)}{known}{' ' + mend if mend else ''}"


def expected(where: str, got: object, wanted: str, example: str = "", mend: str = "") -> str:
    """The sentence for a value of the wrong kind: where, what was got, what was expected, how to mend it.

    >>> expected("parameter 'as_at'", "soon", "a date", "2024-11-15")
    "parameter 'as_at': got 'soon', expected a date, for example '2024-11-15'."
    """
    shown = f", for example '{example}'" if example else ""
    return f"{where}: got '{got}', expected {wanted}{shown}.{' ' + mend if mend else ''}"


def quoted(got: object, most: int = 120) -> str:
    r"""What was got, as a message may show it: cut to a length, and signs that a terminal would act on written out.

    >>> quoted("red\x1b[31m") == "red" + chr(92) + "x1b[31m", quoted("x" * 200, 5)
    (True, 'xxxxx…')
    """
    text = str(got[: most + 1] if isinstance(got, str) else got)
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text[:most])
    return shown + ("…" if len(text) > most else "")


def masked(text: object) -> str:
    """The text, with what an address may hold of secrets hidden: name and password, and what follows a question mark.

    >>> masked("postgresql://reader:hunter2@db.example/pmf?sslmode=require is not there")
    'postgresql://***@db.example/pmf?*** is not there'
    """
    without_names = re.sub(r"://\S*@", "://***@", str(text))
    return re.sub(r"(://[^\s?]*)\?[^\s'\"]+", r"\1?***", without_names)
