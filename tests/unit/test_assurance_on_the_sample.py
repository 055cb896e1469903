"""The assurance maps of the sample councils show what their stories say, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from assured_rows import SCHEME, rows

from pmf_lib import council, framework, workbook
from pmf_lib.assurance.lines import AssuranceMap, Given, assurance_map
from pmf_lib.assurance.lines.findings import KINDS
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import parse_quarter
from pmf_lib.records.standing import standing
from pmf_lib.workbook import results
from pmf_lib.workbook.pages.assured import assured

ROOT = Path(__file__).resolve().parents[2]
CASES = {
    "sample 2024-25 Q2": ("sample", "pmf-2022-25", "2024-25 Q2", "2024-11-15"),
    "sample 2024-25 Q1": ("sample", "pmf-2022-25", "2024-25 Q1", "2024-08-15"),
    "sample-2009 2009-10 Q2": ("sample-2009", "wpf-2009", "2009-10 Q2", "2009-11-13"),
}
TABLES = ("assurances", "attestations", "risks")
OUTCOMES_AND_DRIVERS = {
    *("outcome-healthy", "outcome-safe-secure", "outcome-aspiring-achieving", "outcome-high-quality-of-life"),
    *("outcome-active", "outcome-financially-secure", "outcome-free-from-discrimination"),
    *("driver-resources", "driver-services", "driver-transformation"),
}
BOTH_QUARTERS = {
    "gap-in-assurance": ("gap", "risk risk-council-systems"),
    "looked-at-thrice": ("over", "group measures-and-data-quality"),
    "review-too-kind": ("conflict", "group roles-and-reporting"),
    "one-line-alone": ("single_line", "risk risk-council-suppliers"),
    "nobody-assures": ("unknown", "node marker-17"),
}
LATER = {
    "weak-control": ("control", "node marker-15"),
    "audit-overdue": ("stale", "group people-and-values"),
}
STORIES = {
    "sample": BOTH_QUARTERS | LATER,
    "sample-2009": {
        "nobody-looks-at-reviews": ("gap", "group review"),
        "assessment-too-old": ("stale", "group roles-and-reporting"),
    },
}
"""Story → what the map shows of it in the latest quarter."""
SHOWN = {
    "sample 2024-25 Q2": set(STORIES["sample"].values()),
    "sample 2024-25 Q1": {*BOTH_QUARTERS.values(), ("gap", "node marker-04")},
    "sample-2009 2009-10 Q2": {
        *STORIES["sample-2009"].values(),
        ("control", "group external"),
        *(("unknown", f"node {node}") for node in OUTCOMES_AND_DRIVERS),
    },
}
"""Every finding: the stories, and what is natural."""
NO_LEVEL = {"pmf-2022-25": set(), "wpf-2009": {"review", "external"}}
"""Groups of which no directorate's page tells a level."""


def shown(found: AssuranceMap) -> set[tuple[str, str]]:
    told = zip(found.findings["kind"], found.findings["areas"], strict=True)
    return {(kind, area) for kind, areas in told for area in areas.split("; ")}


@dataclass(frozen=True)
class Case:
    """What a map is told from, where every measure meets its target and groups stand as `levels` says."""

    name: str
    given: Given
    tables: dict[str, pd.DataFrame]

    def told(self, **tables: pd.DataFrame) -> AssuranceMap:
        day = self.given.as_at
        known = {name: standing(name, frame, day) for name, frame in (self.tables | tables).items()}
        return assurance_map(replace(self.given, **known))


def case(name: str) -> Case:
    home, chosen, label, as_at = CASES[name]
    own, held = council.load(home), framework.load(chosen)
    measures, links = read("measures", home), read("links", home)
    given = Given(
        framework=held, council=own, quarter=parse_quarter(label), as_at=date.fromisoformat(as_at),
        links=links[links["framework"] == chosen], measures=measures, scheme=SCHEME,
        rated=measures[["measure_id"]].assign(state="met"), groups=levels(own, held),
        assurances=None, attestations=None, risks=None,
    )  # fmt: skip
    return Case(name, given, {one: typed(one, read(one, home).to_dict("records")) for one in TABLES})


def read(table: str, home: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / home / f"{table}.csv", dtype=str, keep_default_na=False)


def levels(own: Any, held: Any) -> pd.DataFrame:
    """Every group of which pages 3 tell a level is on paper, but for that of the conflict with the run's own level."""
    groups = {one for one in GROUPS if any(clause.group == one for clause in held.clauses)} - NO_LEVEL[
        held.id
    ]
    units = pd.DataFrame({"unit": [one.id for one in own.directorates]})
    made = pd.DataFrame({"group": [GROUPS[one] for one in sorted(groups)]}).merge(units, how="cross")
    here = (made["group"] == GROUPS["roles-and-reporting"]) & (made["unit"] == "economy-environment")
    return made.assign(level="on_paper", tested_n=1, met_n=1).assign(
        level=lambda told: told["level"].mask(here, "partly")
    )


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        patch.setenv("PMF_STORE", str(tmp_path_factory.mktemp("store")))
        yield


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {name: case(name) for name in ("sample 2024-25 Q2", "sample-2009 2009-10 Q2")}


@pytest.fixture(scope="module")
def remade() -> Iterator[Callable[[str, set[str]], dict[str, pd.DataFrame]]]:
    """Tables of a sample with some of its stories left out, typed."""
    before, known = list(sys.path), set(sys.modules)
    sys.path.insert(0, str(ROOT / "data" / "sample"))
    import arranged
    import arranged_stories
    import arranged_tables
    import catalogue

    @cache
    def clean(home: str) -> dict[str, list[dict[str, str]]]:
        council = arranged.load(ROOT / "data" / home, catalogue.load(ROOT / "data" / home))
        return {name: list(arranged_tables.WRITERS[name](council)) for name in TABLES}

    def made(home: str, without: set[str]) -> dict[str, pd.DataFrame]:
        kept = [one for one in arranged_stories.stories(ROOT / "data" / home) if one.id not in without]
        edits = {one.id: tuple(edit for edit in one.edits if edit.table in TABLES) for one in kept}
        stories = [one.model_copy(update={"edits": edits[one.id]}) for one in kept]
        return {name: typed(name, rows) for name, rows in arranged_stories.told(clean(home), stories).items()}

    yield made
    sys.path[:] = before
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(ROOT / "data")):
            del sys.modules[name]


def typed(table: str, written: list[dict[str, str]]) -> pd.DataFrame:
    """Rows as reading would have left them."""
    made = rows(table, *({"source_file": f"{table}.csv", **row} for row in written))
    return made.assign(recorded_at=pd.to_datetime(made["recorded_at"]).astype("datetime64[us]"))


@pytest.mark.parametrize("name", ["sample 2024-25 Q2", "sample-2009 2009-10 Q2"])
def test_the_map_shows_what_the_stories_say_and_nothing_else(cases: dict[str, Case], name: str) -> None:
    assert shown(cases[name].told()) == SHOWN[name]


def test_each_kind_of_finding_is_shown_once_in_the_latest_quarter(cases: dict[str, Case]) -> None:
    found = cases["sample 2024-25 Q2"].told().findings
    assert sorted(found["kind"]) == sorted(KINDS)
    assert set(KINDS) == {kind for kind, _ in STORIES["sample"].values()}


@pytest.mark.parametrize("home", STORIES)
def test_without_a_story_its_finding_goes_and_all_others_stay(
    cases: dict[str, Case], remade: Callable[[str, set[str]], dict[str, pd.DataFrame]], home: str
) -> None:
    own = next(one for name, one in cases.items() if CASES[name][0] == home)
    assert shown(own.told(**remade(home, set()))) == SHOWN[own.name]
    for story, finding in STORIES[home].items():
        assert shown(own.told(**remade(home, {story}))) == SHOWN[own.name] - {finding}, story


def test_without_any_story_everything_in_the_sample_is_assured_as_far_as_it_asks_for(
    cases: dict[str, Case], remade: Callable[[str, set[str]], dict[str, pd.DataFrame]]
) -> None:
    clean = cases["sample 2024-25 Q2"].told(**remade("sample", set(STORIES["sample"])))
    assert shown(clean) == set()
    assert len(clean.areas) == 10 + 20 + 5


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_map_of_the_page_shows_the_same_with_the_levels_that_the_run_tells(name: str) -> None:
    given = dict(zip(("council", "framework", "quarter", "as_at"), CASES[name], strict=True))
    book = workbook.start("6_assurance_map", given)
    found = assured.mapped(book, results.collected(book, *assured.READ))
    assert shown(found) == SHOWN[name]
