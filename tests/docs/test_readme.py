"""The example of the README runs as it is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pmf_lib import settings
from pmf_lib.cli import main

ROOT = settings.root()


def test_the_chart_of_the_readme_is_printed_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## Is the change real?")[1]
    commands, printed = re.findall(r"```(?:sh|text)\n(.*?)```", text, re.DOTALL)[:2]
    choose, chart = (shlex.split(line) for line in commands.strip().splitlines())
    beginnings = tuple(word.removeprefix("^") for word in choose if word.startswith("^"))
    source, target = choose[-3], choose[-1]
    rows = (ROOT / source).read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.startswith(beginnings)]
    monkeypatch.chdir(tmp_path)
    Path(target).write_text("\n".join(kept), encoding="utf-8")
    done = CliRunner().invoke(main, chart[1:], catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (0, printed)
    assert Path(chart[-1]).read_text(encoding="utf-8").startswith("<?xml")
