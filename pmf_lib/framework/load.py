"""Frameworks read from ``parameters/frameworks/<id>/``, checked whole, and their digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pmf_lib import policy, settings
from pmf_lib.errors import ParameterError, PolicyError, near_miss, unknown
from pmf_lib.framework import checks, clauses, files
from pmf_lib.framework.clauses import Clause, GroupFile
from pmf_lib.framework.model import Framework

NEEDED = ("framework.yml", "thread.yml")
FILES: Mapping[str, type[policy.Policy]] = MappingProxyType(
    {
        "framework.yml": files.FrameworkFile,
        "thread.yml": files.ThreadFile,
        "assumptions.yml": files.AssumptionsFile,
        "alignment.yml": files.AlignmentFile,
        "commitments.yml": files.CommitmentsFile,
        "timetable.yml": files.TimetableFile,
        "bodies.yml": files.BodiesFile,
    }
)
"""The files of a framework's folder and the model of each; all but `NEEDED` may be absent."""
CLAUSES = "clauses"
"""The folder inside it that holds the clauses, one file a group."""


def ids() -> list[str]:
    """Ids of the frameworks at hand, sorted.

    >>> [name for name in ids() if name.endswith(("2022-25", "2009"))]
    ['pmf-2022-25', 'wpf-2009']
    """
    return sorted(found.parent.name for found in _home().glob("*/framework.yml"))


def load(framework_id: str) -> Framework:
    """The framework of this id, its parts checked against each other.

    Raises
    ------
    ParameterError
        There is no such framework; the nearest one and all others are named.
    PolicyError
        A file says something unknown, or the parts do not fit together.

    >>> load("pmf-2022-25").marker_word
    'marker of success'
    """
    if framework_id not in ids():
        mend = "Frameworks are the folders of parameters/frameworks."
        raise ParameterError(unknown("framework", framework_id, ids(), mend))
    return read(_home() / framework_id)


def read(folder: Path) -> Framework:
    """The framework written in `folder`, checked."""
    _refuse_strangers(folder)
    parts: dict[str, Any] = {}
    for name, model in FILES.items():
        if name in NEEDED or (folder / name).exists():
            parts |= dict(policy.load(folder / name, model))
    framework = Framework(**parts, clauses=_clauses(folder / CLAUSES))
    if framework.id != folder.name:
        raise PolicyError(
            f"framework.yml in '{folder}': id is '{framework.id}', but the folder is '{folder.name}'. "
            "Give both the same name."
        )
    return checks.check(framework)


def digest(framework: Framework) -> str:
    """SHA-256 (hex) of what the framework says; layout of files, order of keys and defaults spelled out don't count.

    >>> digest(load("wpf-2009")) == digest(load("wpf-2009"))
    True
    """
    content = framework.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def home(framework_id: str) -> Path:
    """The folder of the framework of this id."""
    return _home() / framework_id


def _clauses(folder: Path) -> tuple[Clause, ...]:
    """Clauses of every group that has a file, each with its group."""
    return tuple(
        Clause(**dict(clause), group=group)
        for name, group in clauses.FILES.items()
        if (folder / name).exists()
        for clause in policy.load(folder / name, GroupFile).clauses
    )


def _home() -> Path:
    return settings.root() / "parameters" / "frameworks"


def _refuse_strangers(folder: Path) -> None:
    """A misspelt file would otherwise be left out without a word."""
    for path in _yaml_in(folder):
        if path.name not in FILES:
            raise PolicyError(
                f"'{path.name}' in '{folder}' is not a file of a framework.{near_miss(path.name, FILES)} "
                f"Files: {', '.join(FILES)}. Clauses are written in {CLAUSES}/<group>.yml."
            )
    for path in _yaml_in(folder / CLAUSES):
        if path.name not in clauses.FILES:
            raise PolicyError(
                f"'{path.name}' in '{folder / CLAUSES}' is not the file of a group of clauses."
                f"{near_miss(path.name, clauses.FILES)} Files: {', '.join(clauses.FILES)}."
            )


def _yaml_in(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
