"""The guide to a council's own framework, carried out line by line as it is printed: files, commands, and what goes wrong."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from workspace import REPOSITORY, Done, Reader, Workspace

from pmf_lib.framework import placeholders
from pmf_lib.runs.begin import new_framework
from pmf_lib.workbook.pieces.words import count_word

GUIDE = REPOSITORY / "docs" / "own-framework.md"
OWN = "parameters/frameworks/eastmere-2025"
PAGES = "outputs/sample/eastmere-2025/2024-25-q2/full/economy-environment"
BLOCK = re.compile(r"(?:<!-- (file|append|says): (\S+) -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of the guide: what is to be done with it, with which file or case, its language and its text."""

    act: str
    name: str
    language: str
    text: str


def blocks() -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(GUIDE.read_text(encoding="utf-8"))]


def carried_out(home: Path, command: Callable[..., Done], *, runs: bool) -> Iterator[tuple[str, Done]]:
    """The guide from top to bottom: files written, lines added, commands given; each command with what it said."""
    for block in blocks():
        if block.act == "file":
            (home / OWN / block.name).write_text(block.text, encoding="utf-8")
        elif block.act == "append":
            with (home / block.name).open("a", encoding="utf-8") as stream:
                stream.write(block.text)
        for line in block.text.strip().splitlines() if block.language == "sh" else []:
            program, *words = shlex.split(line)
            if program == "rm":
                (home / words[0]).unlink()
            elif runs or words[0] == "framework":
                yield line, command(*words)


@pytest.fixture
def eastmere(workspace: Workspace) -> Workspace:
    """A workspace in which the guide was followed, without the runs."""
    said = dict(carried_out(workspace.home, workspace.here, runs=False))
    assert {line: done.said for line, done in said.items() if done.code} == {}
    return workspace


def test_every_block_of_the_guide_is_carried_out_or_checked() -> None:
    loose = [block.text for block in blocks() if block.language != "sh" and not block.act]
    assert (loose, len(blocks()) > 15) == ([], True)


def test_nothing_of_the_template_is_left_and_no_folder_half_written(eastmere: Workspace) -> None:
    done = eastmere.here("framework", "show", "eastmere-2025")
    assert done.code == 0
    assert "Result 3: People can afford a home [1]" in done.out
    texts = [path.read_text(encoding="utf-8") for path in (eastmere.home / OWN).rglob("*.yml")]
    assert [text for text in texts if placeholders.MARK in text] == []
    assert sorted(path.name for path in (eastmere.home / OWN).parent.iterdir()) == [
        "eastmere-2025",
        "pmf-2022-25",
        "wpf-2009",
    ]


def test_the_guide_counts_the_files_and_sentences_that_it_shows(eastmere: Workspace) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    removed = sum(line.startswith("rm ") for line in text.splitlines())
    assert f"{count_word(removed)} of the files go" in text
    quoted = re.findall(r'^"(?:[^"]|\n)*?"', text.split("Eastmere marked")[1], re.MULTILINE)
    assert len(quoted) >= 4
    minutes = [int(found) for found in re.findall(r"^\| \d\. .*\| (\d+) \|$", text, re.MULTILINE)]
    assert (len(minutes), sum(minutes)) == (8, 60)
    assert [
        int(found) for found in re.findall(r"^## \d\..*\((\d+) minutes?\)$", text, re.MULTILINE)
    ] == minutes


def template(home: Path) -> None:
    text = (new_framework.TEMPLATE / "clauses" / "escalation.yml").read_text(encoding="utf-8")
    (home / OWN / "clauses" / "escalation.yml").write_text(text, encoding="utf-8")


def put(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Write `new` for the first `old` of a file, as a slip of the hand would."""

    def slip(home: Path) -> None:
        path = home / OWN / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return slip


SLIPS: dict[str, Callable[[Path], None]] = {
    "colon": put("thread.yml", '"Eastmere: easy to get to, good to live in"', "Eastmere: easy to get to"),
    "force": put("clauses/planning.yml", "force: duty", "force: must"),
    "parent": put("thread.yml", "parent: theme-living", "parent: theme-livng"),
    "parameter": put("clauses/planning.yml", "{level: directorate}", "{lvl: directorate}"),
    "left": template,
}


@pytest.mark.parametrize("name", SLIPS)
def test_the_guide_says_of_a_slip_what_the_command_says(eastmere: Workspace, name: str) -> None:
    [block] = [block for block in blocks() if (block.act, block.name) == ("says", name)]
    SLIPS[name](eastmere.home)
    done = eastmere.here("framework", "show", "eastmere-2025")
    assert block.text.strip() in re.sub(r"\s+", " ", done.said)
    assert done.code == (0 if name == "left" else 4)


def test_each_message_of_the_guide_has_its_slip() -> None:
    assert [block.name for block in blocks() if block.act == "says"] == list(SLIPS)


@pytest.mark.slow
def test_the_first_pages_speak_eastmere_s_words(make_workspace: Callable[..., Workspace]) -> None:
    own = make_workspace("eastmere")
    said = dict(carried_out(own.home, own.pmf, runs=True))
    assert {line: done.err for line, done in said.items() if done.code} == {}
    measures = Reader((own.home / PAGES / "2_measures_against_markers.html").read_text(encoding="utf-8"))
    for words in ("Three results of the framework have measures here", "Buses come when they should"):
        assert words in measures.text
    lived = Reader((own.home / PAGES / "3_pmf_embedding.html").read_text(encoding="utf-8"))
    assert "A measure that misses its target leads to an action with an owner and a day" in lived.text
    [listed] = [done.out for line, done in said.items() if line.startswith("pmf clauses")]
    tested = [
        clause["id"]
        for path in sorted((own.home / OWN / "clauses").iterdir())
        for clause in yaml.safe_load(path.read_text(encoding="utf-8"))["clauses"]
        if clause["unit"] != "council" and clause["how"] == "test"
    ]
    assert [name for name in tested if f" {name}: " not in listed] == []
    assert len(tested) == 5
