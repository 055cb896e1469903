"""`pmf framework new`: a framework of one's own begins whole, from a template that keeps up with the code, and is known as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pandas as pd
import pytest
import yaml
from pydantic import BaseModel
from workspace import REPOSITORY, Workspace

from pmf_lib import framework as frameworks
from pmf_lib.assurance.checks import TESTS
from pmf_lib.assurance.coverage import coverage
from pmf_lib.errors import ParameterError
from pmf_lib.framework import placeholders
from pmf_lib.framework.clauses import FILES as GROUP_FILES
from pmf_lib.framework.clauses import GROUPS, GroupFile, WrittenClause
from pmf_lib.framework.files import BodiesFile, ReportLevel
from pmf_lib.framework.load import FILES
from pmf_lib.framework.parts import Activity, AgendaItem, Body, Force
from pmf_lib.records.schema.words import BODIES, PLAN_LEVELS
from pmf_lib.runs import look
from pmf_lib.runs.begin import new_framework
from pmf_lib.runs.begin.new_framework import TEMPLATE
from pmf_lib.runs.plan import Order, only_items
from pmf_lib.store.manifest import Item
from pmf_lib.workbook.pages.measures import measures

NEW = ("framework", "new", "eastmere-2025")
HOME = "parameters/frameworks"
KEYS = (TEMPLATE / "clauses" / "keys.txt").read_text(encoding="utf-8")
MODELS: dict[str, type[BaseModel]] = {**FILES, **dict.fromkeys((f"clauses/{name}" for name in GROUP_FILES), GroupFile)}  # fmt: skip


def text_of(file: str) -> str:
    """A file of the template as a council gets it."""
    return (TEMPLATE / file).read_text(encoding="utf-8").replace(new_framework.KEYS, KEYS)


def folder(own: Workspace) -> list[str]:
    return sorted(path.name for path in (own.home / HOME).iterdir())


# ---- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["2025", "no", "2025-01-01", "1e3"])
def test_an_id_that_yaml_would_take_for_something_else_is_written_as_text(
    workspace: Workspace, name: str
) -> None:
    done = workspace.here("framework", "new", name)
    assert done.code == 0, done.said
    assert frameworks.load(name).id == name


def test_it_writes_every_file_that_a_framework_may_have_and_says_what_to_do_next(
    workspace: Workspace,
) -> None:
    done = workspace.here(*NEW, "--title", 'Our "way": plan, do # it\'s all')
    assert done.code == 0, done.said
    made = workspace.home / HOME / "eastmere-2025"
    assert {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()} == set(MODELS)
    assert frameworks.load("eastmere-2025").title == 'Our "way": plan, do # it\'s all'
    assert "18 files with 62 texts marked '(example, replace)'." in done.out
    assert [line[:4] for line in done.out.splitlines()[2:]] == ["  1.", "  2.", "  3."]
    assert "pmf framework show eastmere-2025" in done.out
    assert "pmf run --framework eastmere-2025" in done.out


def test_what_it_wrote_can_be_listed_shown_and_checked_and_says_that_it_is_a_template(
    workspace: Workspace,
) -> None:
    workspace.here(*NEW)
    listed = workspace.here("framework", "list").out.splitlines()
    assert listed[0].endswith("(in force) – still holds words of its template")
    assert [line for line in listed[1:] if "template" in line] == []
    shown = workspace.here("framework", "show", "eastmere-2025")
    assert (shown.code, "Template words left: 63 in 18 files (framework.yml 13," in shown.out) == (0, True)
    assert look.check_parameters().startswith("3 frameworks")


def test_its_clauses_are_counted_like_any_others(workspace: Workspace) -> None:
    workspace.here(*NEW)
    found = coverage(frameworks.load("eastmere-2025"), ())
    assert found.clauses_n == 21
    assert "no first reading is recorded" in workspace.here("clauses", "--framework", "eastmere-2025", "--coverage").out  # fmt: skip


def test_one_that_is_here_is_copied_under_its_own_id_and_title(workspace: Workspace) -> None:
    done = workspace.here(*NEW, "--from", "wpf-2009", "--title", "Ours")
    assert (done.code, "with the words of 'wpf-2009', which bear no mark" in done.out) == (0, True)
    made = frameworks.load("eastmere-2025")
    assert (made.id, made.title, made.nodes) == ("eastmere-2025", "Ours", frameworks.load("wpf-2009").nodes)
    assert not (workspace.home / HOME / "eastmere-2025" / "dispositions.csv").exists()
    assert placeholders.note(made) == ""


REFUSED = {
    "a space and a capital": (["East mere"], "got 'East mere', expected at most 40 lower case letters, digits and hyphens, the first no hyphen, for example 'northborough-2025'. Not among them: 'E', ' '."),
    "a way out of the folder": (["../../etc"], "Not among them: '.', '/'."),
    "a hyphen first": (["--", "-east"], "the first no hyphen"),
    "41 letters": (["e" * 41], "at most 40"),
    "one that is taken": (["pmf-2022-25"], "'parameters/frameworks/pmf-2022-25' is there already, and nothing is overwritten."),
    "no framework to begin from": (["own", "--from", "pmf-2022"], "'pmf-2022' is not a known framework. Did you mean 'pmf-2022-25'?"),
    "a title of two lines": (["own", "--title", "One\ntwo"], "--title got 'One\\ntwo', expected the document's title on one line."),
    "a title of spaces": (["own", "--title", "  "], "--title got '  '"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_it_refuses_in_words_and_writes_nothing(workspace: Workspace, case: str) -> None:
    arguments, words = REFUSED[case]
    before = folder(workspace)
    done = workspace.here("framework", "new", *arguments)
    assert (done.code, words in done.err) == (2, True), done.said
    assert folder(workspace) == before


@pytest.mark.parametrize("failing", ["write_text", "read"])
def test_what_fails_half_way_leaves_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    told: list[Path] = []

    def fails(path: Path, *_: Any) -> None:
        told.append(path)
        raise OSError(28, "No space left on device")

    where = new_framework if failing == "write_text" else frameworks
    monkeypatch.setattr(where, failing, fails)
    done = workspace.here(*NEW)
    assert (done.code, "No space left on device" in done.err, len(told)) == (3, True, 1)
    assert folder(workspace) == ["pmf-2022-25", "wpf-2009"]


def test_while_it_is_written_it_is_no_framework(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    read = frameworks.read
    monkeypatch.setattr(
        frameworks, "read", lambda folder: (seen.append(frameworks.ids()), read(folder))[1]
    )  # fmt: skip
    workspace.here(*NEW)
    assert seen == [["pmf-2022-25", "wpf-2009"]]
    assert "eastmere-2025" in frameworks.ids()


def test_there_is_one_command_that_begins_a_framework(workspace: Workspace) -> None:
    assert workspace.here("new", "framework", "own").code == 2


# ---- the template ----------------------------------------------------------------------------------------------------


def test_the_template_has_every_file_and_every_group() -> None:
    found = {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*.yml")}
    assert found == set(MODELS)


def keys_of(model: type[BaseModel]) -> Iterator[str]:
    """Every key of a model and of the models within it."""
    for name, spec in model.model_fields.items():
        yield name
        for inner in [spec.annotation, *inner_of(spec.annotation)]:
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from keys_of(inner)


def inner_of(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from inner_of(part)


@pytest.mark.parametrize("file", MODELS)
def test_each_key_is_shown_and_explained_in_the_file_and_in_the_guide(file: str) -> None:
    text, guide = text_of(file), (REPOSITORY / "docs" / "frameworks.md").read_text(encoding="utf-8")
    keys = set(keys_of(MODELS[file]))
    assert {key for key in keys if not re.search(rf"\b{key}\b", guide)} == set()
    comments = "\n".join(re.findall(r"#.*", text))
    assert {key for key in keys if not re.search(rf"\b{key}\b", comments)} == set()
    if file == "clauses/planning.yml" or not file.startswith("clauses/"):
        missing = {key for key in keys if not re.search(rf"\b{key}:", text)} - {"who"}
        assert missing == set()


def options(model: type[BaseModel], key: str) -> list[str]:
    """The choices of a key."""
    return list(get_args(model.model_fields[key].annotation))


def listed(text: str, begin: str, end: str = r"[.;()]") -> list[str]:
    """What a comment lists after some words, up to a sign; line ends and quotation marks don't count."""
    plain = re.sub(r"\s*\n\s*#\s*", " ", text)
    found = re.search(rf"{begin}\s*(.*?)\s*(?:{end})", plain)
    assert found, begin
    return [part.strip(" '") for part in re.split(r", | or ", found[1]) if part]


def test_the_choices_that_comments_name_are_those_of_the_code() -> None:
    assert re.findall(r"^# {13}(\w+(?: \w+)?)  ", KEYS, re.MULTILINE) == list(get_args(Force))
    assert listed(KEYS, "of what it is asked:") == options(WrittenClause, "unit")
    assert listed(KEYS, "how often it is asked:") == options(WrittenClause, "period")
    for key in ("how", "side"):
        for option in options(WrittenClause, key):
            assert re.search(rf"\b{option} \(", KEYS), option
    assert listed(KEYS, "of a closed list:") == list(GROUPS)
    bodies, timetable = text_of("bodies.yml"), text_of("timetable.yml")
    assert listed(bodies, r"kind\s+one of:") == options(Body, "kind")
    assert listed(bodies, "frequency:", ";") == options(AgendaItem, "frequency")
    assert listed(bodies, "it is one of:") == list(BODIES)
    assert listed(timetable, r"frequency\s+", r"\(") == options(Activity, "frequency")
    assert listed(timetable, r"force\s+", r"\(") == options(Activity, "force")
    assert listed(text_of("framework.yml"), "status:", r"\.") == ["in force", "superseded"]
    assert listed(text_of("clauses/planning.yml"), " level:") == list(PLAN_LEVELS)


def test_without_its_line_the_way_of_a_report_is_as_its_comment_says_the_one_that_stands_there() -> None:
    text = text_of("bodies.yml")
    assert (
        "# reporting_route: the way of a quarter's report, the first level first; without this line this order holds."
        in text
    )
    assert listed(text, "Levels:", ";") == list(get_args(ReportLevel))
    whole = yaml.safe_load(text)
    assert {**whole, "reporting_route": list(BodiesFile().reporting_route)} == whole


def test_its_clauses_show_every_choice_and_name_tests_that_are_there() -> None:
    made = frameworks.read(TEMPLATE)
    for key in ("force", "how", "side", "group"):
        shown = {getattr(clause, key) for clause in made.clauses}
        wanted = set(GROUPS) if key == "group" else set(get_args(Force) if key == "force" else options(WrittenClause, key))  # fmt: skip
        assert shown == wanted
    assert {clause.unit for clause in made.clauses} == set(options(WrittenClause, "unit"))
    assert {clause.check for clause in made.clauses if clause.check} <= set(TESTS)
    look.check_tests(made)


def test_each_of_its_own_words_bears_the_mark() -> None:
    made = frameworks.read(TEMPLATE)
    said = [
        made.title,
        made.council,
        made.edition,
        made.in_force.words,
        made.review.words if made.review else "",
    ]
    said += [text for node in made.nodes for text in (node.title, *node.statements)]
    said += [clause.what for clause in made.clauses]
    said += [text for body in made.bodies for text in body.duties]
    said += [
        text
        for agenda in made.agendas
        for item in agenda.items
        for text in (item.title, item.text, item.frequency_words)
    ]
    said += [text for part in (*made.promises, *made.values) for text in (part.title, part.text)]  # noqa: PD011
    said += [activity.what for activity in made.timetable]
    said += [text for point in made.assumptions for text in (point.text, point.reason)]
    said += [point.text for point in made.open_points]
    assert [text for text in said if not text.rstrip(".").endswith(placeholders.MARK)] == []


def test_its_lines_fit_an_editor_s_window() -> None:
    long = [line for file in MODELS for line in text_of(file).splitlines() if len(line) > 125]
    assert long == []


def test_commented_keys_are_right_once_the_sign_is_taken_away(workspace: Workspace) -> None:
    """The open level and the years of a node that the template shows as comments."""
    workspace.here(*NEW)
    made = workspace.home / HOME / "eastmere-2025"
    head = (made / "framework.yml").read_text(encoding="utf-8")
    opened = re.sub(
        r"(?m)^  # (- id: pledge|  (?:singular|plural|parents|links|open|open_words|source):)", r"  \1", head
    )
    (made / "framework.yml").write_text(opened, encoding="utf-8")
    thread = (made / "thread.yml").read_text(encoding="utf-8").replace("# years:", "years:")
    (made / "thread.yml").write_text(thread, encoding="utf-8")
    found = frameworks.load("eastmere-2025")
    assert (found.level("pledge").open, found.node("outcome-1").years.valid_to) == (True, "2024-25")


def test_the_template_is_in_the_wheel() -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel")
    builder = wheel.WheelBuilder(str(REPOSITORY))
    packed = {Path(file.distribution_path).as_posix() for file in builder.recurse_included_files()}
    wanted = {f"pmf_lib/framework/template/{name}" for name in [*MODELS, "clauses/keys.txt"]}
    assert wanted - packed == set()


# ---- what is left of it ----------------------------------------------------------------------------------------------


def test_a_framework_without_the_mark_says_nothing_of_a_template() -> None:
    for name in ("pmf-2022-25", "wpf-2009"):
        assert placeholders.note(frameworks.load(name)) == ""


def test_what_is_left_is_counted_by_file_in_a_sentence() -> None:
    whole = frameworks.load("wpf-2009")
    title = whole.model_copy(update={"title": f"Ours {placeholders.MARK}"})
    assert placeholders.note(title).startswith("Template words left: 1 in 1 file (framework.yml 1). ")
    clauses = tuple(
        clause.model_copy(update={"what": placeholders.MARK, "who": placeholders.MARK}) if clause.id == "boards-meet" else clause
        for clause in whole.clauses
    )  # fmt: skip
    both = title.model_copy(update={"clauses": clauses})
    assert placeholders.left(both) == {"clauses/boards.yml": 2, "framework.yml": 1}
    assert placeholders.note(both).startswith("Template words left: 3 in 2 files (clauses/boards.yml 2, framework.yml 1). ")  # fmt: skip


def test_a_comment_with_the_mark_is_no_word_of_the_framework(workspace: Workspace) -> None:
    workspace.here(*NEW)
    before = placeholders.left(frameworks.load("eastmere-2025"))
    path = workspace.home / HOME / "eastmere-2025" / "thread.yml"
    path.write_text(f"# {placeholders.MARK}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert placeholders.left(frameworks.load("eastmere-2025")) == before


# ---- tests and items that are named ----------------------------------------------------------------------------------


def test_a_test_that_is_not_there_is_told_by_show_and_by_check(workspace: Workspace) -> None:
    workspace.here(*NEW)
    path = workspace.home / HOME / "eastmere-2025" / "clauses" / "risk.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["clauses"][0]["check"] = "risk_is_manged"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    for command in (("framework", "show", "eastmere-2025"), ("check",)):
        done = workspace.here(*command)
        assert (done.code, "Did you mean 'risk_is_managed'?" in done.err) == (4, True), done.said


def test_several_items_are_taken_in_the_plan_s_order_and_an_unknown_one_is_refused() -> None:
    orders = [
        Order(Item(unit=unit, notebook="a", stage="directorate", title="A", key=unit), {})
        for unit in ("x", "y", "z")
    ]
    assert [order.item.id for order in only_items(orders, ["z/a", "x/a", "z/a"])] == ["x/a", "z/a"]
    assert only_items(orders, []) == orders
    with pytest.raises(ParameterError, match=r"'w/a' is not a known item"):
        only_items(orders, ["x/a", "w/a"])


def test_a_page_says_plainly_that_no_measure_is_linked_yet() -> None:
    book: Any = SimpleNamespace(framework=SimpleNamespace(marker_word="result"))
    assert measures.matrix(book, pd.DataFrame({"n_measures": [0, 0]})).markup == (
        "<p>No measure of this unit is linked to any result of the framework, so nothing shows how it stands against them. "
        "Say in the table of links which measure speaks for which result, and why.</p>"
    )
