"""Two quarters issued in sequence, then a second version of the second: run, checked, issued and compared for real."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from workspace import Done, Reader, Workspace

pytestmark = pytest.mark.slow

UNITS = ("childrens", "resources")
KEPT = ("2_measures_against_markers", "5_council_scorecard")
POSTS = (
    "--preparer",
    "Performance Officer",
    "--reviewer",
    "Head of Performance",
    "--confirmer",
    "Assurance Manager",
)
VIEW = "outputs/sample/pmf-2022-25"
QUARTERS = {"2024-25-q1": ("2024-25 Q1", "2024-08-15"), "2024-25-q2": ("2024-25 Q2", "2024-11-15")}


@dataclass(frozen=True)
class Cycle:
    """The workspace once all three papers were issued; the id of each run, and the files of each version as it went out."""

    own: Workspace
    runs: tuple[str, str, str]
    first: dict[str, bytes]
    issues: tuple[Done, ...]

    def page(self, quarter: str, unit: str, notebook: str) -> Reader:
        return Reader(
            (self.own.home / VIEW / quarter / unit / f"{notebook}.html").read_text(encoding="utf-8")
        )

    def changes(self, quarter: str, unit: str = "full/council", notebook: str = KEPT[1]) -> str:
        """What a page says under its heading about changes."""
        text = self.page(quarter, unit, notebook).text
        return text.split("What changed since the last issued paper")[-1].split("Real changes")[0]


@pytest.fixture(scope="module")
def cycle(make_workspace: Callable[..., Workspace]) -> Cycle:
    """A council of two directorates and few measures; look only."""
    own = make_workspace("cycle")
    two_directorates(own)
    first, done_first = issued(own, "2024-25-q1", "2024-08-20")
    second, done_second = issued(own, "2024-25-q2", "2024-11-20")
    kept = files(own, "2024-25-q2/full/v1")
    revise(own)
    third, done_third = issued(own, "2024-25-q2", "2024-11-27")
    return Cycle(own, (first, second, third), kept, (done_first, done_second, done_third))


def two_directorates(own: Workspace) -> None:
    path = own.home / "parameters/councils/sample.yml"
    council = yaml.safe_load(path.read_text(encoding="utf-8"))
    council["directorates"] = [one for one in council["directorates"] if one["id"] in UNITS]
    council.pop("portfolios", None)
    path.write_text(yaml.safe_dump(council), encoding="utf-8")
    monthly = (
        "care-dental-checks",
        "care-health-assessments",
        "child-assessments-in-time",
        "early-help-in-time",
    )

    def few(rows: list[dict[str, str]]) -> None:
        others = [row for row in rows if row["directorate"] == "resources"][:2]
        rows[:] = [row for row in rows if row["measure_id"] in monthly] + others

    own.change("measures", few)
    own.change("targets", lambda rows: rows.__setitem__(slice(None), _without_own_tolerance(rows)))
    for path in (own.home / "notebooks").glob("*_*.*"):
        if path.stem not in KEPT:
            path.unlink()


def _without_own_tolerance(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    bare = {"tolerance": "", "tolerance_kind": ""}
    return [row | (bare if row["measure_id"] == "care-dental-checks" else {}) for row in rows]


def revise(own: Workspace) -> None:
    """A value is revised, a target raised, and the scheme changed: one measure each."""

    def another_value(rows: list[dict[str, str]]) -> None:
        last = next(
            row
            for row in reversed(rows)
            if (row["measure_id"], row["period"]) == ("child-assessments-in-time", "2024-09")
        )
        rows.append(last | {"recorded_at": "2024-11-14", "value": "51.3", "numerator": "", "denominator": ""})

    def another_target(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row.update({"target": "99"} if row["measure_id"] == "care-health-assessments" else {})

    own.change("observations", another_value)
    own.change("targets", another_target)
    scheme = own.home / "parameters/schemes/status.yml"
    scheme.write_text(scheme.read_text().replace("amount: 5", "amount: 1"))


def issued(own: Workspace, quarter: str, day: str) -> tuple[str, Done]:
    """Run a quarter, let its directorates agree, issue it; the run's id."""
    label, as_at = QUARTERS[quarter]
    ran = own.pmf("run", "--quarter", label, "--as-at", as_at, "--json")
    assert ran.code == 0, ran.said
    run = json.loads(ran.out)["run_id"]
    for unit in UNITS:
        assert own.pmf("paper", "check", run, unit, "--agreed", "--by", "Director", "--date", day).code == 0
    done = own.pmf("issue", run, *POSTS, "--date", day)
    assert done.code == 0, done.said
    return run, done


def files(own: Workspace, version: str) -> dict[str, bytes]:
    folder = own.store / "issued/sample/pmf-2022-25" / version
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_each_issue_says_which_version_of_which_quarter_it_is(cycle: Cycle) -> None:
    said = [re.findall(r"version \d of Quarter \d", done.out) for done in cycle.issues]
    assert said == [["version 1 of Quarter 1"], ["version 1 of Quarter 2"], ["version 2 of Quarter 2"]]
    assert len(set(cycle.runs)) == 3


def test_the_first_paper_has_nothing_to_compare_with(cycle: Cycle) -> None:
    assert "No run has been issued before this one" in cycle.changes("2024-25-q1")


def test_the_second_quarter_says_what_changed_since_the_first_was_issued(cycle: Cycle) -> None:
    said = cycle.changes("2024-25-q2", "full-v1/council")
    assert "Since version 1 of Quarter 1, April to June 2024, was issued, " in said
    assert "new period" in said
    manifest = json.loads(cycle.first["manifest.json"])
    assert manifest["baseline"] == cycle.runs[0]


@pytest.mark.parametrize("unit", ["full/council", "full/childrens"])
@pytest.mark.parametrize(
    ("measure", "cause"),
    [
        ("Social work assessments", "revised data"),
        ("health assessment", "target"),
        ("dental check", "policy"),
    ],
)
def test_the_second_version_names_the_cause_of_each_change(
    cycle: Cycle, unit: str, measure: str, cause: str
) -> None:
    notebook = KEPT[1] if unit.endswith("council") else KEPT[0]
    page = cycle.own.home / VIEW / "2024-25-q2" / unit / f"{notebook}.html"
    table = page.read_text().split("What changed since the last issued paper")[-1].split("</table>")[0]
    rows = [Reader(row).text for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL) if measure in row]
    assert rows
    assert all(row.endswith(cause) for row in rows)


def test_version_1_stays_to_the_byte_and_the_view_calls_it_superseded(cycle: Cycle) -> None:
    assert files(cycle.own, "2024-25-q2/full/v1") == cycle.first
    old = cycle.page("2024-25-q2", "full-v1/council", KEPT[1])
    assert "Superseded by v2 (was v1)" in old.text
    assert "Version 2 was issued on 27 November 2024; read that one." in old.within("notices")
    assert old.faults == []
    assert "Issued v2 on 27 November 2024" in cycle.page("2024-25-q2", "full-v2/council", KEPT[1]).text


def test_the_index_shows_each_papers_standing_and_what_changed(cycle: Cycle) -> None:
    index = Reader((cycle.own.home / "outputs/index.html").read_text(encoding="utf-8"))
    assert "3 papers issued" in index.text
    assert "Superseded by v2" in index.text
    assert "Since version 1 of Quarter 2, July to September 2024, was issued" in index.text
    links = [value for name, value in index.attributes if name == "href" and "full-v" in value]
    assert len(links) == 3
    assert all((cycle.own.home / "outputs" / link).is_file() for link in links)


def test_the_store_holds_and_running_again_is_the_issued_run(cycle: Cycle) -> None:
    verified = cycle.own.pmf("verify")
    assert verified.code == 0, verified.said
    assert re.search(r"holds +3 issued papers", verified.out)
    again = json.loads(cycle.own.pmf("run", "--plan", "--json").out)
    assert again["run_id"] == cycle.runs[2]


def test_the_view_is_made_again_from_the_store(cycle: Cycle, tmp_path: Path) -> None:
    own = cycle.own.copied(tmp_path / "workspace")
    pages = {
        path.relative_to(own.home): path.read_bytes() for path in (own.home / VIEW).glob("*/full-v*/*/*.html")
    }
    for view in (own.home / VIEW).glob("*/full*"):
        for path in sorted(view.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        view.rmdir()
    assert own.pmf("run").code == 0
    assert {name: (own.home / name).read_bytes() for name in pages} == pages
