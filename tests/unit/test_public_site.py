"""The site of the public editions: what anybody may read, and no trace of what they may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pmf_lib.runs.site import public_site

QUARTER = "sample/pmf-2022-25/2024-25-q2"
RATED = pd.DataFrame(columns=["measure", "directorate", "markers", "state", "variation", "href"], dtype="str")


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose view holds the full and the public edition of one run."""
    monkeypatch.setattr("pmf_lib.settings.outputs", lambda: tmp_path / "outputs")
    for edition in ("full", "public"):
        unit = tmp_path / "outputs" / QUARTER / edition / "council"
        unit.mkdir(parents=True)
        (unit / "5_council_scorecard.html").write_text(f"the {edition} page")
        (unit / "5_council_scorecard.ipynb").write_text("{}")
        (unit.parent / "manifest.json").write_text("{}")
        (unit.parent / "measures.csv").write_text("measure\n")
    (tmp_path / "outputs" / "glossary.html").write_text("words")
    return tmp_path / "outputs"


def facts(edition: str) -> dict[str, Any]:
    page = f"{QUARTER}/{edition}/council/5_council_scorecard.html"
    item = {
        "unit": "Whole council",
        "title": "Scorecard",
        "href": page,
        "outcome": "ok",
        "headline": f"Found: {edition}",
    }
    about = {
        "council": "Sampleton",
        "framework": "PMF",
        "quarter": "2024-25 Q2",
        "edition": edition,
        "evidence": "made-up",
    }
    return {**about, "items": [item], "measures": RATED}  # fmt: skip


def runs(outputs: Path, *names: str) -> dict[Path, dict[str, Any]]:
    return {outputs / QUARTER / edition: facts(edition) for edition in names}


def test_the_public_site_holds_the_public_pages_and_tables_the_glossary_and_nothing_else(
    outputs: Path,
) -> None:
    public_site.write(runs(outputs, "full", "public"), [])
    site = outputs / "public-site"
    assert sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()) == [
        "glossary.html",
        "index.html",
        f"{QUARTER}/public/council/5_council_scorecard.html",
        f"{QUARTER}/public/measures.csv",
    ]


def test_its_index_leads_to_the_public_pages_and_knows_of_no_other_edition(outputs: Path) -> None:
    public_site.write(runs(outputs, "full", "public"), [])
    index = (outputs / "public-site" / "index.html").read_text()
    assert f'href="{QUARTER}/public/council/5_council_scorecard.html"' in index
    assert "Found: public" in index
    assert "Found: full" not in index
    assert f"{QUARTER}/full" not in index


def test_without_a_public_edition_there_is_no_site_and_an_old_one_goes(outputs: Path) -> None:
    public_site.write(runs(outputs, "full", "public"), [])
    public_site.write(runs(outputs, "full"), [])
    assert not (outputs / "public-site").exists()
