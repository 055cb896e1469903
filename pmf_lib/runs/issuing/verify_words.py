"""What `pmf verify` says: broken links in words with what to do, and what holds and is still to be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmf_lib.runs.issuing.verify import Fault, Store, is_of_another_version, last_of_runs, snapshots
from pmf_lib.store import damaged, issued, ledger

SEAL_LENGTH = 12


def worded(fault: Fault) -> tuple[str, str]:
    """What is wrong, and what to do."""
    says, mend = WORDS[fault.kind]
    facts = {"file": fault.file, **fault.facts}
    return says.format(**facts), mend.format(**facts)


def notices(store: Store) -> list[str]:
    """What holds and is still to be known: what was once damaged, and runs that are under way or were never ended."""
    once = [
        _once(entry) for entry in store.state.entries if entry.get("kind") in (ledger.MENDED, damaged.KIND)
    ]
    busy = [f"Run {name} is at work now; it was not held against the ledger." for name in store.at_work]
    started = [
        f"Run {name} was started and not ended: the same `pmf run` goes on with it."
        for name, line in last_of_runs(store.entries).items()
        if line["kind"] == "started" and name not in store.at_work
    ]
    others = [
        f"Snapshot {name} was frozen by another version of this workbook, and was not checked."
        for name in snapshots(store)
        if is_of_another_version(store, name)
    ]
    return [*once, *busy, *started, *others]


def seal(store: Store) -> str:
    """The start of the last line's hash: whoever notes it down can tell later that nothing before it was changed."""
    return store.state.last[:SEAL_LENGTH]


_COPY = "Put it back from a copy of the store"
_RUN = "Run the same `pmf run` again: it makes anew what does not hold."
WORDS: Mapping[str, tuple[str, str]] = {
    "line unfinished": (
        "'{file}', line {line}" + ledger.WORDS["unfinished"],
        "The next `pmf run` mends it; nothing that was finished is lost.",
    ),
    **{
        f"line {why}": (
            "'{file}', line {line}" + ledger.WORDS[why],
            f"{_COPY}. Without one, the next `pmf run` sets the damaged file aside, goes on from the lines before, "
            "and the ledger says so from then on.",
        )
        for why in ("unreadable", "changed", "cut")
    },
    "aside": ("'{file}' is not there, or not as it was set aside.", f"{_COPY}."),
    "manifest": (
        "'{file}' is missing or cannot be read.",
        f"{_RUN} Otherwise put it back from a copy of the store.",
    ),
    "manifest elsewhere": ("'{file}' is the manifest of another run, '{run}'.", f"{_COPY}."),
    "manifest changed": ("'{file}' is not as it was when the run ended.", f"{_COPY}. {_RUN}"),
    "item unknown": ("'{file}': no line of the ledger says how {item} ended.", _RUN),
    "item differs": ("'{file}': the ledger says something else of {item} than the manifest.", _RUN),
    "file missing": ("'{file}' is missing.", f"{_COPY}. {_RUN}"),
    "file changed": ("'{file}' was changed after its run.", f"{_COPY}. {_RUN}"),
    "snapshot": ("'{file}': {why}", ""),
    "snapshot missing": ("'{file}' is missing; run {run} was made from it.", f"{_COPY}."),
    **{f"issued {why}": (says, issued.MENDS.get(why, issued.MEND)) for why, says in issued.WORDS.items()},
}
"""Kind of fault → what is wrong, what to do."""


def _once(entry: Mapping[str, Any]) -> str:
    if entry["kind"] == damaged.KIND:
        return f"'{entry['what']}' was once damaged and made anew; what was found is kept in 'damaged/{entry['set_aside']}'."
    return (
        f"The ledger was once damaged: line {entry['line']}{ledger.WORDS[entry['why']]} It was mended; "
        f"what was found is kept in 'damaged/{entry['set_aside']}'."
    )
