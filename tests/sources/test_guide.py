"""The page on where records come from says what the code does."""

from __future__ import annotations

import re

import pytest
import yaml
from workspace import REPOSITORY

from pmf_lib.council import Records
from pmf_lib.records.schema import TABLES
from pmf_lib.records.sources.query import query

PAGE = (REPOSITORY / "docs" / "where-records-come-from.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(block)["records"] for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_one_that_a_councils_file_may_hold(example):
    records = Records.model_validate(example)
    for database in records.databases:
        assert set(database.tables) <= set(TABLES)
        assert all(query(asked, "here") for asked in database.tables.values())


def test_every_kind_of_place_is_on_the_page():
    assert [name for name in Records.model_fields if f"`{name}`" not in PAGE] == []
