"""Crosswalks are checked when they are read: each fault names the file, the row and what was meant."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pmf_lib import settings
from pmf_lib.errors import PolicyError
from pmf_lib.framework import crosswalks

NAME = "wpf-2009_pmf-2022-25.yml"
IN_FORCE = settings.root() / "parameters" / "crosswalks" / NAME


def changed(tmp_path: Path, name: str = NAME, **rows: Any) -> Path:
    """A copy of the crosswalk with other rows: `drop` (ids), `first` (keys of the first row), `more` (rows), `head` (keys)."""
    content = yaml.safe_load(IN_FORCE.read_text(encoding="utf-8"))
    drop = rows.get("drop", ())
    kept = [row for row in content["rows"] if not {row.get("old"), row.get("new")} & set(drop)]
    kept[0] = {**kept[0], **rows.get("first", {})}
    path = tmp_path / name
    path.write_text(
        yaml.safe_dump({**content, **rows.get("head", {}), "rows": [*kept, *rows.get("more", [])]}),
        encoding="utf-8",
    )
    return path


def fault(path: Path) -> str:
    with pytest.raises(PolicyError) as told:
        crosswalks.read(path)
    return str(told.value)


def test_the_crosswalk_of_the_two_founding_documents_is_in_order() -> None:
    found = crosswalks.read(IN_FORCE)
    assert (found.old.id, found.new.id) == ("wpf-2009", "pmf-2022-25")
    assert {row.kind for row in found.rows} == {"node", "group", "clause"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("monitored-at-every-level", "progress-quarterly"),
        ("future-needs", "demand-forecast"),
        ("customer-feedback", "learning-loops"),
    ],
)
def test_what_the_older_document_speaks_of_is_not_told_as_new(old: str, new: str) -> None:
    """Section 5, process 6, and the core agenda; section 3: less binding there, yet there."""
    rows = [row for row in crosswalks.read(IN_FORCE).rows if row.new == new]
    assert [(row.old, row.relation) for row in rows] == [(old, "changed")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first": {"new": "markr-07"}}, "row 1: 'markr-07' is no node of 'pmf-2022-25'. Did you mean 'marker-07'?"),
        ({"first": {"old": "outcome-healty"}}, "row 1: 'outcome-healty' is no node of 'wpf-2009'."),
        ({"first": {"kind": "group"}}, "row 1: 'outcome-healthy' is no group of 'wpf-2009'."),
        ({"first": {"relation": "lost"}}, "row 1: it says 'lost', which names 'old' alone."),
        ({"first": {"old": ""}}, "row 1: it says 'changed', which names both 'old' and 'new'."),
        ({"drop": ["driver-transformation"]}, "node 'driver-transformation' of 'wpf-2009' stands in no row."),
        ({"drop": ["marker-12"]}, "node 'marker-12' of 'pmf-2022-25' stands in no row."),
        ({"drop": ["boards"]}, "group 'boards' of 'wpf-2009' stands in no row."),
        ({"more": [{"kind": "node", "old": "driver-transformation", "relation": "lost"}]}, "it is written twice."),
        ({"name": "wpf_pmf.yml"}, "call the file 'wpf-2009_pmf-2022-25.yml'."),
        ({"head": {"old": "wpf-209"}}, "'old' names 'wpf-209', which is no framework. Did you mean 'wpf-2009'?"),
        ({"first": {"relation": "gone"}}, "'rows.0.relation': got 'gone'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_row(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = changed(tmp_path, **change)
    told = fault(path)
    assert said in told
    assert path.name in told


def test_a_framework_that_no_crosswalk_names_has_none() -> None:
    assert crosswalks.of("nobody-s") == ()


def test_one_edition_of_a_framework_may_be_held_against_another(tmp_path: Path) -> None:
    """Two editions are two frameworks with ids of their own; here one is held against itself."""
    nodes = [node.id for node in crosswalks.read(IN_FORCE).new.linkable]
    groups = crosswalks.known(crosswalks.read(IN_FORCE).new, "group")
    rows = [
        {"kind": kind, "old": name, "new": name, "relation": "kept"}
        for kind, names in (("node", nodes), ("group", groups))
        for name in names
    ]
    content = {
        "version": 1,
        "dated": "2026-01-01",
        "source": "test",
        "old": "pmf-2022-25",
        "new": "pmf-2022-25",
        "rows": rows,
    }
    path = tmp_path / "pmf-2022-25_pmf-2022-25.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert len(crosswalks.read(path).rows) == len(nodes) + len(groups)
