"""How a decision is kept: one YAML file each, told apart by its ``kind``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import yaml

from pmf_lib import policy
from pmf_lib.errors import PolicyError, unknown
from pmf_lib.policy import Policy

D = TypeVar("D", bound=Policy)


def read(path: Path, kinds: Mapping[str, type[D]], about: str) -> D:
    """Read one decision of these kinds (`about`: what they are about, in words).

    Raises
    ------
    PolicyError
        The file is not YAML, a key is unknown or missing, or it is of no known kind.
    """
    content = policy.read_yaml(path)
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in kinds:
        mend = f"Write one of them as 'kind' in '{path.name}'."
        raise PolicyError(unknown(f"kind of decision about a {about}", kind, kinds, mend))
    return policy.build(content, kinds[str(kind)], path)


def text(decision: Policy) -> str:
    """A decision as the file that is kept; what is empty, or says no, is left out."""
    content = {
        name: value for name, value in decision.model_dump().items() if value not in ("", None, {}, False)
    }
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def order(path: Path) -> list[str | int]:
    """By what files of one date are sorted: their names, in which figures count as numbers.

    >>> names = ["b-10.yml", "b-2.yml", "b.yml", "a-taken-back.yml"]
    >>> [path.stem for path in sorted(map(Path, names), key=order)]
    ['a-taken-back', 'b', 'b-2', 'b-10']
    """
    parts = re.split(r"([0-9]+)", path.stem)
    return [int(part) if at % 2 else part for at, part in enumerate(parts)]


def free(stem: str, taken: Iterable[str]) -> str:
    """A file's name that begins so and is not one of those `taken`.

    >>> free("2024-08-16-rebase", ["2024-08-16-rebase.yml"])
    '2024-08-16-rebase-2.yml'
    """
    names = [f"{stem}.yml", *(f"{stem}-{number}.yml" for number in range(2, 1000))]
    used = set(taken)
    return next(one for one in names if one not in used)
