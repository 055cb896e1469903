"""The benchmark of runs: what a command takes, the loops' orders, and the table told from given results."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "bench"
MIB = 2**20
MACHINE = {"machine": {"system": "Linux", "cores": 2}, "versions": {"pandas": "3.1"}, "load": 0.5}


@pytest.fixture
def bench(monkeypatch):
    """The modules of the benchmark, by name."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module


def result(who, items, seconds, *, records=1, code="a", cpu=1.0, council=3):
    listed = {
        "listed": items + council,
        "council": council > 0,
        "peak_bytes": 300 * MIB,
        "worker_bytes": 200 * MIB,
    }
    named = {"who": who, "items": items, "records": records, "code": code}
    return {**named, "seconds": seconds, "cpu_seconds": cpu, **listed, **MACHINE}


GIVEN = [
    *(result("shell", 8, seconds) for seconds in (110.0, 90.0, 300.0)),
    *(result("pool", 8, seconds) for seconds in (55.0, 50.0, 60.0)),
    *(result("script", 8, 60.0, cpu=80.0) for _ in range(3)),
    *(result("cold", 8, seconds, cpu=20.0) for seconds in (11.0, 9.0, 13.0)),
    result("cold", 64, 67.0),
    result("cold", 8, 22.0, records=10),
    result("cold", 8, 5.0, council=0),
]


def rows(page: str) -> list[list[str]]:
    """Cells of each row of a page's tables."""
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line[:1] == "|"]


def test_the_table_tells_medians_each_run_and_ratios(bench):
    told = bench("told")
    shown = {(row[0], row[1]): row for row in rows(told.page(told.newest(GIVEN)))}
    cold = shown["`pmf run`, empty store", "8 + 3"]
    assert cold[2:] == ["11.00 (11.00, 9.00, 13.00)", "1.00", "10.0", "5.0", "20.0", "0.25", "300", "200"]
    assert shown["`pmf run`, empty store", "8"][2:6] == ["5.00 (5.00)", "0.62", "", ""]
    assert shown["`pmf run`, empty store", "64 + 3"][2:6] == ["67.00 (67.00)", "1.00", "", ""]
    assert shown["shell loop: `papermill`, then `jupyter nbconvert`", "8 + 3"][2:5] == [
        "110.00 (110.00, 90.00, 300.00)",
        "10.00",
        "1.0",
    ]


def test_more_records_stand_in_a_table_of_their_own(bench):
    told = bench("told")
    shown = rows(told.page(told.newest(GIVEN)))
    grown = [row for row in shown if row[1].startswith("× ")]
    assert [row[1:5] for row in grown] == [
        ["× 1", "8 + 3", "11.00 (11.00, 9.00, 13.00)", "1.00"],
        ["× 10", "8 + 3", "22.00 (22.00)", "2.00"],
    ]


def test_results_of_older_code_are_left_out(bench):
    told = bench("told")
    held = told.newest([result("cold", 8, 99.0, code="old"), *GIVEN])
    assert held["seconds"].max() == 300
    assert set(held["code"]) == {"a"}


def test_the_page_is_written_between_its_marks_and_the_picture_beside_it(bench, tmp_path, monkeypatch):
    told = bench("told")
    monkeypatch.setattr(told, "PAGE", tmp_path / "benchmarks.md")
    told.PAGE.write_text(f"Before.\n{told.BEGIN}old\n{told.END}After.\n", encoding="utf-8")
    told.write(told.newest(GIVEN))
    drawn = (tmp_path / "benchmarks.svg").read_bytes()
    told.write(told.newest(GIVEN))
    text = told.PAGE.read_text(encoding="utf-8")
    assert text.startswith("Before.\n")
    assert text.endswith(f"{told.END}After.\n")
    assert "old" not in text
    assert text.count("](benchmarks.svg)") == 1
    assert (tmp_path / "benchmarks.svg").read_bytes() == drawn


def test_the_page_has_its_marks(bench):
    text = bench("told").PAGE.read_text(encoding="utf-8")
    assert text.count(bench("told").BEGIN) == text.count(bench("told").END) == 1


def test_a_file_of_results_is_gone_on_with(bench, tmp_path):
    runs, out = bench("runs"), tmp_path / "results.jsonl"
    known = {"items": 8, "records": 1, "council": True, "code": "a"}
    assert runs._held(out, "shell", known) == 0
    out.write_text("".join(json.dumps(line) + "\n" for line in GIVEN), encoding="utf-8")
    assert runs._held(out, "shell", known) == 3
    assert runs._held(out, "shell", {**known, "code": "b"}) == 0
    assert runs._held(out, "ours", known) == 0  # three cold runs, but none of the others
    assert runs._held(out, "ours", known, ["cold"]) == 3


FAMILY = """
import json, sys
from dataclasses import asdict
from pathlib import Path
import family
took = family.taken(["sh", "-c", sys.argv[1]], env={"PATH": sys.argv[2]}, cwd=Path.cwd(), log=Path("log.txt"))
print(json.dumps(asdict(took)))
"""


def measured(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the benchmark says that a command took, in a process of its own, which adopts orphans."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PYTHONPATH": str(BENCH)}
    asked = [sys.executable, "-c", FAMILY, command, path]
    return subprocess.run(asked, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are counted on Linux")
def test_a_command_is_measured_with_whoever_it_leaves_behind(tmp_path):
    busy = "b = bytearray(150 * 2**20); import time; end = time.process_time() + 1.5\nwhile time.process_time() < end: pass"
    (tmp_path / "busy.py").write_text(busy, encoding="utf-8")
    took = json.loads(measured("python busy.py & exit 0", tmp_path).stdout)
    assert took["seconds"] < took["cpu_seconds"]
    assert took["cpu_seconds"] > 1.5
    assert took["peak_bytes"] > 150 * MIB
    assert took["worker_bytes"] > 150 * MIB


def test_a_command_that_fails_is_no_measurement(tmp_path):
    ended = measured("echo it broke; exit 3", tmp_path)
    assert ended.returncode
    assert "ended with 3" in ended.stderr
    assert "it broke" in ended.stderr


def test_a_script_shows_what_its_notebook_shows(bench, tmp_path):
    cells = [
        {"source": ["unit = 'a'  # which"], "metadata": {"tags": ["parameters"]}},
        {
            "source": [
                "class Shown:\n",
                "    def _repr_html_(self):\n",
                "        return f'<p>{unit} {snapshot}</p>'\n",
            ]
        },
        {"source": ["Shown()"]},
        {"source": ["print('said')"]},
    ]
    usual = {"cell_type": "code", "metadata": {}}
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": [{**usual, **cell} for cell in cells]}))
    source = bench("scripted").script(tmp_path / "n.ipynb", {"unit": "b"}, "'frozen'")
    (tmp_path / "n.py").write_text(source, encoding="utf-8")
    subprocess.run([sys.executable, "n.py", "n.html"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "n.html").read_text(encoding="utf-8") == "<p>b frozen</p>"


def test_loops_and_runs_do_the_same_items(bench, tmp_path):
    contestants, size = bench("contestants"), bench("many").Size(2)
    home = bench("place").workspace(tmp_path / "home", ROOT, size)
    whole, few = contestants.items(home, 8), contestants.items(home, 3)
    assert contestants.items(home, 8, with_council=False) == whole[:-3]
    assert [item.unit for item in whole].count("council") == 3
    assert {item.unit for item in whole} == {"adults-health", "childrens", "council"}
    assert contestants.run(whole) == ["pmf", "run"]
    assert contestants.run(few)[2:4] == ["--item", f"adults-health/{few[0].notebook}"]
    assert len(few) == 3
    for who in contestants.LOOPS:
        contestants.loop(who, home, few)
        kept = "".join(path.read_text(encoding="utf-8") for path in (home / "loop").glob("*.*"))
        assert all(f"{item.out}.html" in kept or f"{item.out}.ipynb" in kept for item in few), who


def test_a_loop_without_a_page_is_refused(bench, tmp_path):
    contestants = bench("contestants")
    item = contestants.Item("1_data_quality", "childrens", {})
    with pytest.raises(RuntimeError, match="no page was made of childrens/1_data_quality"):
        contestants.check_pages(tmp_path, [item])


def test_the_environment_runs_the_code_it_names(bench, tmp_path):
    package = tmp_path / "older" / "pmf_lib"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    place = bench("place")
    assert place.environment(tmp_path / "older", tmp_path)["PYTHONPATH"] == str(tmp_path / "older")
    with pytest.raises(RuntimeError, match="expected the code of"):
        place.environment(tmp_path / "none", tmp_path)
