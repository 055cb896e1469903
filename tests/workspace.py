"""A workspace of one's own: a copy that a test may spoil, and what is needed to look at it afterwards.

The code stays the installed package; parameters, notebooks, records and the lock are copied, and the store lies inside.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psutil
from click.testing import CliRunner

REPOSITORY = Path(__file__).resolve().parents[1]
COPIED = ("parameters", "notebooks", "data/sample", "requirements.lock", "GLOSSARY.md")
BIN = Path(sys.executable).parent
PATIENCE = 600.0
"""Seconds that a command may take: these tests share few processors with others."""
VIEW = "outputs/sample/pmf-2022-25/2024-25-q2/full"
RECORDS = "data/sample"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Workspace:
    """One copy; `env` is added to the environment of what is started in it."""

    home: Path
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PMF_HOME": str(self.home), "PMF_STORE": str(self.store), **self.env}

    def pmf(self, *arguments: str, cwd: Path | None = None) -> Done:
        """The installed command, to its end."""
        return self.call(str(BIN / "pmf"), *arguments, cwd=cwd)

    def call(self, *command: str, cwd: Path | None = None, without: tuple[str, ...] = ()) -> Done:
        environment = {name: value for name, value in self.environment.items() if name not in without}
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE,
            env=environment, cwd=cwd or self.home, check=False,
        )  # fmt: skip
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, alone: bool = False) -> subprocess.Popen[str]:
        """The installed command, left running; `alone` in a group of its own, as a terminal has it in the foreground."""
        return subprocess.Popen(
            [str(BIN / "pmf"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", env=self.environment, cwd=self.home, start_new_session=alone,
        )  # fmt: skip

    def here(self, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
        """The command within this process, for what is quick; PMF_HOME, or else `env`, must name this workspace."""
        from pmf_lib.cli import main

        result = CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)
        return Done(result.exit_code, result.stdout, result.stderr)

    def page(self, unit: str, notebook: str) -> str:
        return (self.home / VIEW / unit / f"{notebook}.html").read_text(encoding="utf-8")

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.pmf("status", "--json").out))

    def manifest(self) -> dict[str, Any]:
        """The manifest of the view."""
        return dict(json.loads((self.home / VIEW / "manifest.json").read_text(encoding="utf-8")))

    def copied(self, home: Path) -> Workspace:
        """The same workspace with its store and view in another place."""
        shutil.copytree(self.home, home)
        return Workspace(home, self.env)

    def change(self, table: str, change: Callable[[list[dict[str, str]]], None]) -> None:
        """Change the rows of one CSV file of the sample council."""
        path = self.home / RECORDS / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, columns = list(reader), list(reader.fieldnames or [])
        change(rows)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def half_written(self) -> list[str]:
        """What a run left lying that was never finished."""
        places = (self.home / "outputs", self.store)
        return [str(path) for place in places for path in place.rglob(".*") if path.name != ".gitkeep"]

    def still_running(self, seconds: float = 10.0) -> list[str]:
        """Processes of this workspace that have not ended within some seconds."""
        until = time.monotonic() + seconds
        while (left := list(self._processes())) and time.monotonic() < until:
            time.sleep(0.2)
        return left

    def _processes(self) -> Iterator[str]:
        for process in psutil.process_iter():
            try:
                ours = process.environ().get("PMF_HOME") == str(self.home)
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    yield " ".join(process.cmdline())
            except psutil.Error:
                continue


@dataclass(frozen=True)
class Recovery:
    """The sample council's run, its kernel killed for one directorate, then the same command again."""

    workspace: Workspace
    hurt: Done
    hurt_pages: dict[str, str]
    hurt_status: str
    mended: Done


def make(home: Path, **env: str) -> Workspace:
    """A fresh workspace in `home`."""
    for name in COPIED:
        source, target = REPOSITORY / name, home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "analysis"))
        else:
            shutil.copyfile(source, target)
    return Workspace(home, env)


def wait_for(path: Path, running: subprocess.Popen[str] | None = None) -> str:
    """What is written in `path`, once it is there; whoever is to write it must not end before."""
    until = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text()):
        if running is not None and running.poll() is not None:
            raise ChildProcessError("".join(running.communicate()))
        if time.monotonic() > until:
            raise TimeoutError(f"'{path.name}' was never written")
        time.sleep(0.1)
    return path.read_text()


class Reader(HTMLParser):
    """A page as its reader has it: text, elements, notices, and elements that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(page)
        self.close()
        self.faults += [f"<{name}> is never closed" for name, _ in self._open]

    @property
    def text(self) -> str:
        return " ".join(" ".join(text for _, text in self._texts).split())

    def within(self, element_id: str) -> str:
        """Text inside the element of this id."""
        return " ".join(" ".join(text for ids, text in self._texts if element_id in ids).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("id") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]}, where {self._open[-1:]} is open")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(name in ("style", "script") for name, _ in self._open):
            self._texts.append((tuple(name for _, name in self._open if name), data))
