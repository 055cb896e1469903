"""What was found damaged: never deleted, set aside in ``damaged/`` of the store, and the ledger says so."""

from __future__ import annotations

import logging
from pathlib import Path

from pmf_lib.store import ledger

KIND = "set aside"


def set_aside(store: Path, path: Path, why: str) -> Path:
    """Move a damaged file or folder out of the way, say so, and return where it lies now."""
    place = store / "damaged"
    place.mkdir(parents=True, exist_ok=True)
    name = f"{path.parent.name}-{path.name}"
    aside = place / f"{name}-{1 + len(list(place.glob(f'{name}-*')))}"
    path.rename(aside)
    what = path.relative_to(store).as_posix()
    ledger.append(store / "ledger.jsonl", [{"kind": KIND, "what": what, "why": why, "set_aside": aside.name}])
    logging.getLogger(__name__).warning("%s It is kept as '%s', and made anew.", why, aside)
    return aside
