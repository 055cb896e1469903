"""Where the real published files are: PMF_PUBLISHED, or the folder beside the workspace; skipped where neither is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pmf_lib import council, settings
from pmf_lib.records import collect
from pmf_lib.records.published.read import read_source

Raw = dict[str, dict[str, pd.DataFrame]]
SOURCES = (
    "homelessness",
    "council_tax_support",
    "send",
    "lait",
    "adult_social_care",
    "childrens_social_care",
    "fingertips",
    "housing",
)

ABSENT = "published files are not here: set PMF_PUBLISHED, or put them into ../shared/published beside the workspace"


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published files; without it a test is skipped, or fails if PMF_REQUIRE asks for them."""
    named = os.environ.get("PMF_PUBLISHED")
    folder = Path(named) if named else settings.root().parent / "shared" / "published"
    if folder.is_dir():
        return folder.resolve()
    if "published" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(ABSENT)
    pytest.skip(ABSENT)


@pytest.fixture(scope="session")
def raw(published: Path) -> Raw:
    """Every source, read once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_PUBLISHED", str(published))
        return {name: read_source(name) for name in SOURCES}


@pytest.fixture(scope="session")
def records(published: Path) -> collect.Records:
    """The council of published figures, collected, parsed and checked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_PUBLISHED", str(published))
        return collect.collect(council.load("walsall-published"))


@pytest.fixture(scope="session")
def observed(raw: Raw) -> Callable[..., pd.Series]:
    """The one observation of a source's measure and period (and delivery)."""

    def find(source: str, measure_id: str, period: str, recorded_at: str | None = None) -> pd.Series:
        rows = raw[source]["observations"]
        found = rows[(rows["measure_id"] == measure_id) & (rows["period"] == period)]
        if recorded_at:
            found = found[found["recorded_at"] == recorded_at]
        assert len(found) == 1
        return found.iloc[0]

    return find
