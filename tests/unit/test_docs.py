"""The documentation keeps up: links lead somewhere, commands and exit codes are those of the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pmf_lib import errors, settings
from pmf_lib.cli import main
from pmf_lib.reports.glossary import glossary

ROOT = settings.root()
PAGES = [
    ROOT / "README.md",
    ROOT / "GLOSSARY.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def commands(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(main))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [" ".join(words) for words in COMMANDS if f"pmf {' '.join(words)}" not in text] == []


def test_every_option_that_a_page_shows_exists() -> None:
    for page in PAGES:
        for line in re.findall(
            r"pmf ((?:[a-z]+ ?){1,2})((?: *(?:'[^']*'|[^`\n|]))*)", page.read_text(encoding="utf-8")
        ):
            known = [words for words in COMMANDS if line[0].split()[: len(words)] == list(words)]
            shown = set(re.findall(r"--[a-z-]+", line[1]))
            options = {name for words in known for param in COMMANDS[words].params for name in param.opts}
            assert not known or shown <= options, f"{page.name}: {shown - options}"


def test_exit_codes_are_those_of_the_error_tree() -> None:
    kinds = [errors.PmfError, *errors.PmfError.__subclasses__()]
    drawn = dict(re.findall(r"(\w+Error)\s+(\d)\b", errors.__doc__ or ""))
    assert {kind.__name__: str(kind.exit_code) for kind in kinds} == drawn
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.search(r"\| it ends with \|.*?interrupted", readme, re.DOTALL)
    assert told
    assert all(f"\n| {kind.exit_code} | " in told[0] for kind in kinds[1:])


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    words = glossary((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))["word"].tolist()
    assert len(words) > 30
    assert words == sorted(set(words), key=str.casefold)


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named - {"and", "here"} <= targets
