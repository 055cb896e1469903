"""A council as policy: who it is, its directorates, what kind of evidence its records are, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from pmf_lib import policy, settings
from pmf_lib.errors import ParameterError, masked, quoted, unknown

ID = "[a-z0-9][a-z0-9-]{0,39}"
TAKEN_LABELS = ("database", "location", "published", "returns")


def _label(text: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9-]{1,39}", text) or text in TAKEN_LABELS:
        raise ValueError("a label is 2 to 40 lower case letters, digits and hyphens, such as 'warehouse'")
    return text


def _variable(text: str) -> str:
    if not re.fullmatch("[A-Z][A-Z0-9_]*", text):
        raise ValueError(
            "expected the name of an environment variable, such as 'WAREHOUSE_URL', never the address itself"
        )
    return text


Label = Annotated[str, AfterValidator(_label)]
"""What reports call a place: rows of a location come from ``<label>:<file>``."""
Variable = Annotated[str, AfterValidator(_variable)]
"""The name of an environment variable, never what it holds."""


class Assumption(policy.Policy):
    """What a framework leaves open and somebody local has filled in; printed as a label wherever it is used."""

    text: str
    made_by: str
    made_on: date


class Directorate(policy.Policy):
    """One directorate: its id in records and paths, its name on pages, and the post that answers for it."""

    id: str = Field(pattern=f"^{ID}$")
    name: str
    director: str = ""
    services: tuple[str, ...] = ()
    """Its services by the names that records use; one that no record names is then unknown, and not unseen."""

    @field_validator("services")
    @classmethod
    def _services_differ(cls, services: tuple[str, ...]) -> tuple[str, ...]:
        if not all(name.strip() for name in services) or len(set(services)) < len(services):
            raise ValueError("name each service of a directorate once, as records name it")
        return services


class Portfolio(policy.Policy):
    """One Cabinet portfolio: its name, the post that holds it, and what of the council's work belongs to it.

    A measure goes by its service where one portfolio names that, else by its nodes of the framework, else by its directorate.
    """

    id: str = Field(pattern=f"^{ID}$")
    name: str = Field(min_length=1)
    holder: str = ""
    """A post, never a name."""
    directorates: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    nodes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Framework → ids of its nodes."""

    @property
    def claims(self) -> list[tuple[str, str]]:
        """What it names, each with what it is: service, node (as ``framework/node``) or directorate."""
        nodes = [f"{framework}/{node}" for framework, ids in self.nodes.items() for node in ids]
        named = {"service": self.services, "node": nodes, "directorate": self.directorates}
        return [(what, name) for what, names in named.items() for name in names]


class Database(policy.Policy):
    """A database: what records call it, where its address is found, and what holds each table of records."""

    label: Label
    url_from: Variable
    tables: dict[str, str] = Field(min_length=1)
    """Table of records → a table, ``schema.table`` or one SELECT."""


class Location(policy.Policy):
    """A folder elsewhere, in words of fsspec; an address that holds a secret comes from the environment."""

    label: Label
    url: str = ""
    url_from: Variable | None = None

    @model_validator(mode="after")
    def _one_address(self) -> Location:
        if bool(self.url) == bool(self.url_from):
            raise ValueError("give either 'url' or 'url_from', the name of an environment variable")
        if masked(self.url) != self.url:
            raise ValueError(
                "an address with a name, a password or a token belongs into the environment: put it there, and its "
                "variable's name under 'url_from'"
            )
        return self


class Records(policy.Policy):
    """Where records come from; folders are under the root, sources are named files of ``parameters/sources``."""

    folders: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    databases: tuple[Database, ...] = ()
    locations: tuple[Location, ...] = ()

    @model_validator(mode="after")
    def _labels_differ(self) -> Records:
        labels = [*(one.label for one in self.databases), *(one.label for one in self.locations)]
        if len(set(labels)) < len(labels):
            raise ValueError(
                "every database and location needs a label of its own; rows are told apart by it"
            )
        return self


class Returns(policy.Policy):
    """Where collected returns are kept, how many days after a quarter's end they are due, and who collects them."""

    folder: str
    """Under the root; it may not be there yet."""
    due_days: int = Field(default=20, ge=0, le=365)
    collected_by: str = ""
    """A post, never a name."""

    @field_validator("folder")
    @classmethod
    def _under_the_root(cls, folder: str) -> str:
        named = PurePosixPath(folder)
        if named.is_absolute() or ".." in named.parts or not named.parts or "\\" in folder or ":" in folder:
            raise ValueError(
                "name a folder relative to the workbook's root, for example 'data/returns/sample'"
            )
        return named.as_posix()


class Assurer(policy.Policy):
    """Who runs this workbook, and in which line of assurance that post stands."""

    run_by: str = ""
    """A post, never a name; empty: pages speak of the workbook's own run."""
    line: Literal["first", "second", "third", "external"] = "second"


class Council(policy.Policy):
    """``parameters/councils/<id>.yml``."""

    id: str = Field(pattern=f"^{ID}$")
    name: str
    short_name: str = ""
    """What pictures call it, where its name is long."""
    evidence: Literal["made-up", "published", "own"]
    """made-up: labelled as such everywhere. published: illustrative, never rated. own: the council's own returns."""
    chief: str = ""
    """The post that answers for the council as a whole, where what is asked of it names no owner."""
    directorates: tuple[Directorate, ...] = Field(min_length=1)
    assumption: Assumption | None = None
    authorities: Literal["authorities", "chosen authorities", "nearest neighbours"] | None = None
    """Who the single authorities among its comparators are; None: as ``parameters/schemes/benchmark.yml`` says."""
    records: Records
    returns: Returns | None = None
    assurance: Assurer = Assurer()
    portfolios: tuple[Portfolio, ...] = ()
    """Its Cabinet portfolios, in the order in which pages list them; none: nothing is shown by portfolio."""

    @field_validator("portfolios")
    @classmethod
    def _portfolios_differ(cls, portfolios: tuple[Portfolio, ...]) -> tuple[Portfolio, ...]:
        for what in ("id", "name"):
            if twice := _twice(getattr(one, what) for one in portfolios):
                raise ValueError(f"two portfolios have the {what} '{twice}'; give each its own")
        if claimed := _twice(claim for one in portfolios for claim in one.claims):
            raise ValueError(
                f"the {claimed[0]} '{claimed[1]}' is named twice; name it under one portfolio, once, so that each measure counts once"
            )
        return portfolios

    @model_validator(mode="after")
    def _portfolios_name_what_is_there(self) -> Council:
        known = {
            "directorate": {one.id for one in self.directorates},
            "service": {name for one in self.directorates for name in one.services},
        }
        for one in self.portfolios:
            for what, name in one.claims:
                if what in known and name not in known[what]:
                    mend = f"Name one that is listed under 'directorates'; the portfolio is '{one.id}'."
                    raise ValueError(
                        unknown(f"{what} of a portfolio", name, sorted(known[what]), mend).rstrip(".")
                    )
        return self

    def directorate(self, wanted: str) -> Directorate:
        """The directorate of this id.

        Raises
        ------
        ParameterError
            The council has no such directorate.
        """
        for found in self.directorates:
            if found.id == wanted:
                return found
        options = [found.id for found in self.directorates]
        raise ParameterError(
            unknown(
                "directorate",
                wanted,
                options,
                f"Directorates are listed in parameters/councils/{self.id}.yml.",
            )
        )


def _twice(names: Iterable[Any]) -> Any:
    """The first of the names that comes a second time; None where each comes once."""
    seen = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def load(council: str) -> Council:
    """Read the council of this id from ``parameters/councils``; only an id is ever made into a path.

    Raises
    ------
    ParameterError
        There is no such council; the nearest one and all others are named.
    PolicyError
        Its file says something that is not understood.
    """
    home = settings.root() / "parameters" / "councils"
    known = sorted(path.stem for path in home.glob("*.yml"))
    if not re.fullmatch(ID, council) or council not in known:
        raise ParameterError(
            unknown("council", quoted(council), known, "Councils are the files of parameters/councils.")
        )
    return policy.load(home / f"{council}.yml", Council)
