"""The guide to records says what the schema says."""

from __future__ import annotations

from pathlib import Path

from pmf_lib.records.guide import markdown
from pmf_lib.records.schema import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "records.md"


def test_the_committed_guide_is_the_schemas():
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "docs/records.md lags behind the schema. Write it again with: "
        "python -c \"from pmf_lib.records import guide; print(guide.markdown(), end='')\" > docs/records.md"
    )


def test_the_guide_has_every_column():
    for table in TABLES.values():
        section = markdown().split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert [name for name in table.columns if f"| `{name}` |" not in section] == []
