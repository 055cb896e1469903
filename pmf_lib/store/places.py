"""Where things lie: in the store (kept) and in the view (disposable)."""

from __future__ import annotations

from pathlib import Path

from pmf_lib import settings
from pmf_lib.periods import parse_quarter

SLUG_LENGTH = 40


def runs() -> Path:
    """Every run's folder lies here."""
    return settings.store() / "runs"


def run_folder(run_id: str) -> Path:
    """One run: manifest.json and items/."""
    return runs() / run_id


def item_folder(run_id: str, unit: str, notebook: str) -> Path:
    """One item: executed notebook, page, outcome and log."""
    return run_folder(run_id) / "items" / unit / notebook


def snapshots() -> Path:
    """Every frozen snapshot lies here."""
    return settings.store() / "snapshots"


def ledger() -> Path:
    """The ledger of this store."""
    return settings.store() / "ledger.jsonl"


def issued() -> Path:
    """Every issued version lies here: <council>/<framework>/<quarter>/<edition>/vN."""
    return settings.store() / "issued"


def issued_versions(council: str, framework: str, quarter: str, edition: str) -> Path:
    """The versions of one paper lie here."""
    return issued() / council / framework / parse_quarter(quarter).path / edition


def view(council: str, framework: str, quarter: str, edition: str) -> Path:
    """The folder that people open: outputs/<council>/<framework>/<quarter>/<edition>."""
    return settings.outputs() / council / framework / parse_quarter(quarter).path / edition


def issued_view(council: str, framework: str, quarter: str, edition: str, version: int) -> Path:
    """The folder that people open for an issued version: beside the newest, as <edition>-vN."""
    newest = view(council, framework, quarter, edition)
    return newest.with_name(f"{newest.name}-v{version}")
