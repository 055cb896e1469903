"""The pages on methods keep up: options with their defaults, reasons in the code's words, examples that run number by number."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pmf_lib import policy, settings
from pmf_lib.performance.benchmark import BenchmarkScheme
from pmf_lib.performance.forecast import ForecastScheme
from pmf_lib.performance.schemes import SpcScheme

ROOT = settings.root()
SCHEMES = ROOT / "parameters" / "schemes"
METHODS = ROOT / "docs" / "methods"
PAGES = sorted(page for page in METHODS.glob("*.md") if page.name != "README.md")
ABOUT_THE_FILE = ("version", "dated", "source")
WORDS_NOT_OPTIONS = "verdicts.yml"
LONG = 8
LONG_TABLE = 40
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

REASONS = {
    "series": ["performance.series"],
    "status": ["performance.status_words"],
    "control-charts": [
        *("performance.spc.words", "performance.series.ANNUAL", "performance.series.OVERLAPPING"),
        *("performance.spc.rebases._judged", "performance.spc.rebases._timely"),
    ],
    "capability": ["performance.capability._untested"],
    "forecast": ["performance.forecast.known", "performance.forecast.make"],
    "benchmark": [
        *("performance.benchmark.tested._fault", "performance.benchmark.tested.tested"),
        *(
            f"performance.benchmark.told.{name}"
            for name in ("band_why", "sentence", "_no_best_way", "_nobody")
        ),
    ],
    "data-quality": ["records.quality.doubts.UNJUDGED"],
}
"""Page → modules, functions or constants of which every sentence in words is on the page."""


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def plain(words: str) -> str:
    """On one line, without marks, so that line breaks and emphasis of a page do not matter."""
    return re.sub(r"[\s*`|]+", " ", words)


# ---- parameters ------------------------------------------------------------------------------------------------------


def leaves(content: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted name and value of each option; the heading 'options' adds nothing to a name, and a long table is one option."""
    for name, value in content.items():
        if isinstance(value, dict) and not is_table(value):
            yield from leaves(value, before if name == "options" else f"{before}{name}.")
        elif before or name not in ABOUT_THE_FILE:
            yield f"{before}{name}", value


def is_table(value: dict[str, Any]) -> bool:
    """Rows by name, more than a page can tell one by one."""
    return len(value) >= LONG_TABLE and all(isinstance(row, dict) for row in value.values())


def declared() -> dict[tuple[str, str], Any]:
    return {
        (path.name, name): value
        for path in SCHEMES.glob("*.yml")
        if path.name != WORDS_NOT_OPTIONS
        for name, value in leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    }


def on_pages() -> dict[tuple[str, str], str]:
    """Every row of a table under 'Parameters', by the file that its heading names."""
    found: dict[tuple[str, str], str] = {}
    for page in PAGES:
        for section in re.split(r"^#+ ", text(page), flags=re.MULTILINE):
            heading = re.match(r"Parameters \(`parameters/schemes/([a-z_]+\.yml)`\)", section)
            for name, default in re.findall(r"^\| `([^`]+)` \| `?([^|`]+?)`? \|", section, re.MULTILINE):
                if heading:
                    assert (heading[1], name) not in found, f"{name} of {heading[1]} is told twice"
                    found[heading[1], name] = default
    return found


def as_told(value: Any) -> list[Any]:
    """How a page may write a default: as it is in the file, or how long a list is."""
    rows = isinstance(value, list) and len(value) > 0 and all(isinstance(row, dict) for row in value)
    long = isinstance(value, list | dict) and (rows or len(value) >= LONG)
    return [f"list of {len(value)}", "a list"] if long else [value]


def test_every_declared_option_is_on_a_page_and_no_other() -> None:
    assert set(on_pages()) == set(declared())


@pytest.mark.parametrize("option", sorted(declared()), ids=" ".join)
def test_a_page_gives_the_default_that_is_declared(option: tuple[str, str]) -> None:
    assert yaml.safe_load(on_pages()[option]) in as_told(declared()[option])


@pytest.mark.parametrize(
    ("name", "scheme"), [("spc", SpcScheme), ("forecast", ForecastScheme), ("benchmark", BenchmarkScheme)]
)
def test_the_files_hold_the_defaults_of_the_code(name: str, scheme: Any) -> None:
    options = policy.load(SCHEMES / f"{name}.yml", scheme).options
    assert options == type(options)()


# ---- refusals --------------------------------------------------------------------------------------------------------


def sentences(of: str) -> set[str]:
    """Pieces of text in a module, a function or a constant that are words to a reader, holes cut out."""
    tree = ast.parse(source(of))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    pieces = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]
    return {piece for text in pieces for piece in re.split(r"\{[^}]*\}", text) if is_words(piece)}


def source(of: str) -> str:
    """The text of `pmf_lib.<of>`; of a constant, its lines."""
    try:
        return inspect.getsource(importlib.import_module(f"pmf_lib.{of}"))
    except ModuleNotFoundError:
        module, name = of.rsplit(".", 1)
    found = importlib.import_module(f"pmf_lib.{module}")
    if inspect.isfunction(getattr(found, name)):
        return inspect.getsource(getattr(found, name))
    return f"told = {getattr(found, name)!r}"


def is_words(piece: str) -> bool:
    return len(re.findall(r"\w+", piece)) >= 3 and " " in piece.strip() and not re.search(r"[\\^_=]", piece)


@pytest.mark.parametrize(("page", "of"), [(page, of) for page, all_of in REASONS.items() for of in all_of])
def test_every_reason_that_the_code_gives_is_on_its_page(page: str, of: str) -> None:
    told = plain(text(METHODS / f"{page}.md")).lower()
    assert sentences(of)
    assert [one for one in sorted(sentences(of)) if plain(one).strip(" .:;,").lower() not in told] == []


def test_each_reason_for_a_verdict_on_reliance_is_on_its_page() -> None:
    reasons = yaml.safe_load((SCHEMES / "quality.yml").read_text(encoding="utf-8"))["reliance"]
    rows = re.findall(
        r"^\| `(\w+)` \| (do not rely|rely with care) \|", text(METHODS / "data-quality.md"), re.M
    )
    words = {"do_not_rely": "do not rely", "with_care": "rely with care"}
    assert rows == [(one["code"], words[one["verdict"]]) for one in reasons]


def test_every_choice_where_references_disagree_is_named() -> None:
    cases = json.loads((ROOT / "tests" / "vectors" / "robustness.json").read_text(encoding="utf-8"))[
        "vectors"
    ]
    told = text(METHODS / "control-charts.md")
    assert [case["id"] for case in cases if f"`{case['id']}`" not in told] == []


# ---- worked examples -------------------------------------------------------------------------------------------------


class Kept(doctest.DocTestRunner):
    """Keeps what each example gave."""

    def __init__(self) -> None:
        super().__init__(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
        self.gave: list[tuple[doctest.Example, str]] = []

    def report_success(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.gave.append((example, got))


def worked(page: Path) -> Kept:
    """The page's examples, run; numbers that are shown to be right."""
    runner = Kept()
    examples = doctest.DocTestParser().get_doctest(text(page), {}, page.name, str(page), 0)
    failures: list[str] = []
    runner.run(examples, out=failures.append)
    assert failures == [], "".join(failures)
    return runner


@pytest.fixture(scope="module", params=PAGES, ids=lambda page: page.stem)
def ran(request: pytest.FixtureRequest) -> tuple[Path, list[tuple[doctest.Example, str]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PMF_HOME", str(ROOT))
        return request.param, worked(request.param).gave


def numbers(shown: str) -> set[float]:
    return {float(number.replace(",", "")) for number in NUMBER.findall(shown)}


def altered(shown: str) -> Iterator[str]:
    """The text with one of its digits another, each in turn."""
    for at, one in enumerate(shown):
        if one.isdigit():
            yield f"{shown[:at]}{(int(one) + 1) % 10}{shown[at + 1 :]}"


def test_each_page_has_an_example_that_runs_and_gives_numbers(ran: Any) -> None:
    _, gave = ran
    assert sum(len(NUMBER.findall(example.want)) for example, _ in gave) >= 3


def test_an_example_fails_if_any_digit_of_its_result_is_altered(ran: Any) -> None:
    _, gave = ran
    checker = doctest.OutputChecker()
    passes = [
        wrong
        for example, got in gave
        for wrong in altered(example.want)
        if checker.check_output(wrong, got, doctest.NORMALIZE_WHITESPACE)
    ]
    assert passes == []


def test_the_prose_of_an_example_has_no_number_that_the_example_has_not(ran: Any) -> None:
    page, gave = ran
    section = text(page).split("\n## Worked example")[1].split("\n## ")[0]
    prose = re.sub(r"```.*?```", "", section, flags=re.DOTALL)
    known = numbers(" ".join(example.source + got for example, got in gave))
    assert sorted(numbers(prose) - known) == []


# ---- the index -------------------------------------------------------------------------------------------------------


def test_the_index_leads_to_every_page() -> None:
    links = re.findall(r"\]\((\w[\w-]*\.md)\)", text(METHODS / "README.md"))
    assert sorted(set(links)) == [page.name for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_formula_parameters_refusals_example_and_sources(page: Path) -> None:
    headings = re.findall(r"^## (.+)$", text(page), re.MULTILINE)
    wanted = ("Parameters", "What is said instead", "Worked example", "Source")
    assert [one for one in wanted if not any(heading.startswith(one) for heading in headings)] == []
