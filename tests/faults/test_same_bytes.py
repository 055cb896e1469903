"""The same request gives the same pages, byte for byte, wherever, whenever and in whatever language it is run."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from workspace import Done, Workspace

pytestmark = pytest.mark.slow
PLACES = {
    "here": {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1", "COLUMNS": "80"},
    "there-and-much-further": {
        "TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242",
        "COLUMNS": "200", "MPLBACKEND": "svg",
    },
}  # fmt: skip
Run = tuple[Workspace, Done]


@pytest.fixture(scope="module")
def runs(make_workspace: Callable[..., Workspace]) -> list[Run]:
    """One directorate and the council's pages, in two places at once."""
    own = [make_workspace(name, **env) for name, env in PLACES.items()]

    def run(workspace: Workspace, jobs: str) -> Run:
        return workspace, workspace.pmf("run", "--directorate", "childrens", "--jobs", jobs)

    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(run, own, ["1", "2"]))


def files(own: Workspace, pattern: str) -> dict[str, bytes]:
    outputs = own.home / "outputs"
    return {
        path.relative_to(outputs).as_posix(): path.read_bytes() for path in sorted(outputs.rglob(pattern))
    }


def first_difference(one: bytes, other: bytes) -> str:
    """Where two contents part, for the one who has to find out why."""
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return (
        "" if one == other else f"{one[max(0, at - 60) : at + 60]!r} or {other[max(0, at - 60) : at + 60]!r}"
    )


@pytest.mark.parametrize("pattern", ["*.html", "*.ipynb", "*.csv", "*.xlsx", "manifest.json"])
def test_two_places_make_the_same_bytes(runs: list[Run], pattern: str) -> None:
    (one, first), (other, second) = runs
    assert (first.code, second.code) == (0, 0), first.said + second.said
    ours, theirs = files(one, pattern), files(other, pattern)
    assert list(ours) == list(theirs)
    assert {name: found for name in ours if (found := first_difference(ours[name], theirs[name]))} == {}


def test_the_pages_compared_are_all_the_pages_and_the_index(runs: list[Run]) -> None:
    names = [Path(name).name for name in files(runs[0][0], "*.html")]
    assert {"index.html", "2_measures_against_markers.html", "5_council_scorecard.html"} <= set(names)
    assert "7_audit_committee.html" in names


def test_two_places_have_the_same_run_id_and_snapshot(runs: list[Run]) -> None:
    ids = [(own.manifest()["run_id"], own.manifest()["snapshot"]) for own, _ in runs]
    assert ids[0] == ids[1]


def test_no_page_holds_the_place_or_the_host_it_was_made_in(runs: list[Run]) -> None:
    for own, _ in runs:
        for name, content in files(own, "*.html").items():
            assert str(own.home).encode() not in content, name
