"""``pmf spc``: reference series through the command, its exit codes, its pictures, and the example of the guide."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from test_performance_vectors import IMPROVEMENT, POLARITY, SPECIAL
from workspace import REPOSITORY, Done

from pmf_lib.cli import main

SCHEMES = REPOSITORY / "parameters" / "schemes"
GUIDE = REPOSITORY / "docs" / "methods" / "control-charts.md"
VECTORS = json.loads((REPOSITORY / "tests" / "vectors" / "end_to_end.json").read_text(encoding="utf-8"))
LINES = {"mean": "mean", "lpl": "lpl", "upl": "upl", "near_lpl": "lower_near", "near_upl": "upper_near"}
MONTHS = [f"{2015 + at // 12}-{at % 12 + 1:02d}-01" for at in range(60)]


def pmf(*arguments: str) -> Done:
    done = CliRunner().invoke(main, ["spc", *arguments], catch_exceptions=False)
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is no workspace, as anybody's is."""
    monkeypatch.delenv("PMF_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, values: list[Any], labels: list[str] = MONTHS, area: str = "") -> Path:
    lines = [f"{label},{value}{area}" for label, value in zip(labels, values, strict=False)]
    path.write_text("\n".join([f"date,value{area and ',area'}", *lines]), encoding="utf-8")
    return path


def set_options(home: Path, **changes: Any) -> None:
    """A workspace of nothing but verdict words and options of control charts."""
    (home / "parameters" / "schemes").mkdir(parents=True)
    shutil.copy(SCHEMES / "verdicts.yml", home / "parameters" / "schemes")
    scheme = yaml.safe_load((SCHEMES / "spc.yml").read_text(encoding="utf-8"))
    scheme["options"] |= changes
    (home / "parameters" / "schemes" / "spc.yml").write_text(yaml.safe_dump(scheme), encoding="utf-8")


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["id"]) for one in VECTORS["vectors"]])
def test_a_reference_series_gives_its_chart(
    vector: dict[str, Any], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, options, expected = vector["input"], vector["options"], vector["expected"]
    set_options(
        here,
        screen=options.get("screen_outliers", True),
        fix_after_n=options.get("fix_after_n_points"),
        two_in_three="nhsr-0.2.2",
        refuse_below=2,
        seasonal_f=None,
    )
    monkeypatch.setenv("PMF_HOME", str(here))
    labels = given.get("periods", MONTHS)
    way = POLARITY[options.get("improvement_direction", "increase")]
    rebase = [word for at in options.get("rebase_at_index", []) for word in ("--rebase", labels[at])]
    done = pmf(str(write(here / "a.csv", given["values"], labels)), "--json", "--polarity", way, *rebase)
    assert done.code == 0, done.said
    points = json.loads(done.out)["series"][0]["points"]
    for theirs, ours in LINES.items():
        if None not in expected[theirs]:
            shown = [point[ours] for point in points]
            np.testing.assert_allclose(shown, expected[theirs], rtol=vector["tolerance"])
    kinds = [SPECIAL[text][0] for text in expected["special_cause"]]
    assert [point["point_type"] for point in points] == kinds
    assert [point["improvement"] for point in points] == [
        IMPROVEMENT[kind] for kind in expected["point_type"]
    ]


def steps() -> tuple[str, str, str]:
    """The worked example of the guide: the file, the command, and what it prints."""
    text = GUIDE.read_text(encoding="utf-8").split("## From the command line")[1]
    content, command, printed = re.findall(r"```(?:csv|sh|text)\n(.*?)```", text, re.DOTALL)[:3]
    return content, command.strip(), printed


def test_the_example_of_the_guide_prints_what_it_says(here: Path) -> None:
    content, command, printed = steps()
    program, name, path, *options = shlex.split(command)
    assert (program, name) == ("pmf", "spc")
    (here / path).write_text(content, encoding="utf-8")
    done = pmf(path, *options)
    assert (done.code, done.out) == (0, printed)


def test_a_chart_of_one_series_is_the_same_bytes_every_time(here: Path) -> None:
    path = write(here / "a.csv", [5, 7, 6, 8] * 6)
    for name in ("one.svg", "two.svg"):
        assert pmf(str(path), "--chart", name, "--polarity", "lower").code == 0
    assert (here / "one.svg").read_bytes() == (here / "two.svg").read_bytes()
    assert (here / "one.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("labels", [MONTHS, [f"n{at}" for at in range(60)]])
def test_a_wall_holds_ten_series_a_picture(here: Path, labels: list[str]) -> None:
    lines = [f"{labels[at]},{(at * 7 + area) % 5},area {area}" for area in range(13) for at in range(20)]
    (here / "a.csv").write_text("\n".join(["date,value,area", *lines]), encoding="utf-8")
    done = pmf("a.csv", "--by", "area", "--chart", "wall.svg")
    assert done.code == 0, done.said
    assert [path.name for path in sorted(here.glob("*.svg"))] == ["wall-2.svg", "wall.svg"]
    assert "Drawn: wall-2.svg" in done.err


@pytest.mark.parametrize("values", [[""] * 3, [4] * 3, [4] * 20, ["1e-9", "3e-9"] * 8, [-1e90, 1e90] * 8])
def test_odd_series_are_told_and_drawn(here: Path, values: list[Any]) -> None:
    done = pmf(
        str(write(here / "a.csv", values)), "--chart", "a.svg", "--target", "-3", "--polarity", "lower"
    )
    assert done.code == 0, done.said


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("a.csv", "--chart", "none/a.svg"), 2, "the folder 'none' is not there"),
        (("a.csv", "--chart", "a.png"), 2, "expected a name that ends in .svg"),
        (("a.csv", "--date", "dat"), 2, "Did you mean 'date'?"),
        (("a.csv", "--polarity", "up"), 2, "'up' is not one of"),
        (("b.csv",), 3, "'b.csv': No such file"),
        (("bad.csv",), 5, "bad.csv has two rows for one time"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_code_of_its_kind(
    here: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    write(here / "a.csv", [5, 7, 6, 8] * 6)
    write(here / "bad.csv", [5, 7], [MONTHS[0], MONTHS[0]])
    done = pmf(*options)
    assert (done.code, said in done.err) == (code, True), done.said
    assert not list(here.glob("*.svg"))


def test_a_fault_in_a_row_is_no_error(here: Path) -> None:
    done = pmf(str(write(here / "a.csv", [5, "seven", 6, 8] * 5)))
    assert done.code == 0
    assert "row 3, column 'value': got 'seven', expected a number such as 12.5" in done.out


def test_a_home_that_is_named_wrongly_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMF_HOME", str(here))
    done = pmf(str(write(here / "a.csv", [5, 7] * 8)))
    assert (done.code, "which holds no 'parameters' folder" in done.err) == (3, True)
