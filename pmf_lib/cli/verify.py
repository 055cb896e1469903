"""``pmf verify``: does the store hold together?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from pmf_lib.errors import LISTED_AT_MOST, StoreError

if TYPE_CHECKING:
    from pmf_lib.runs.issuing.verify import Checked, Store


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def verify(as_json: bool) -> None:
    """Follow every link of the store, and name the first one that is broken."""
    from pmf_lib import settings
    from pmf_lib.runs.issuing import verify as verifying

    store = verifying.look(settings.store())
    checked = [check(store) for check in verifying.CHECKS]
    click.echo(_json(store, checked) if as_json else _text(store, checked))
    _refuse_faults(checked)


def _text(store: Store, checked: list[Checked]) -> str:
    from pmf_lib.runs.issuing.verify_words import notices, seal
    from pmf_lib.workbook.pieces.words import counted

    lines = [
        f"{'broken' if one.faults else 'holds':>7}  {counted(one.count, one.what)}, {one.held}"
        for one in checked
    ]
    return "\n".join([*lines, *notices(store), f"Seal of the ledger's last line: {seal(store)}"])


def _json(store: Store, checked: list[Checked]) -> str:
    from pmf_lib.runs.issuing.verify_words import notices, seal

    checks = [
        {
            "what": one.what,
            "held": one.held,
            "count": one.count,
            "faults": [_fault(fault) for fault in one.faults],
        }
        for one in checked
    ]
    holds = not any(one.faults for one in checked)
    facts = {"holds": holds, "checks": checks, "notices": notices(store), "seal": seal(store)}
    return json.dumps(facts, indent=2, ensure_ascii=False)


def _fault(fault: Any) -> dict[str, Any]:
    from pmf_lib.runs.issuing.verify_words import worded

    says, mend = worded(fault)
    return {"kind": fault.kind, "file": fault.file, "says": says, "mend": mend}


def _refuse_faults(checked: list[Checked]) -> None:
    from pmf_lib.runs.issuing.verify_words import worded

    faults = [fault for one in checked for fault in one.faults]
    if not faults:
        return
    says, mend = worded(faults[0])
    more = [f"  {worded(fault)[0]}" for fault in faults[1:LISTED_AT_MOST]]
    head = f"The store does not hold. The first broken link: {says} {mend}".rstrip()
    also = [f"{len(faults) - 1} more broken:"] if more else []
    raise StoreError("\n".join([head, *also, *more]))
