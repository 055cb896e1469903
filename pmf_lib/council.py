"""A council as policy: who it is, its directorates, what kind of evidence its records are, and where they come from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pmf_lib import policy, settings
from pmf_lib.errors import ParameterError, unknown


class Assumption(policy.Policy):
    """What a framework leaves open and somebody local has filled in; printed as a label wherever it is used."""

    text: str
    made_by: str
    made_on: date


class Directorate(policy.Policy):
    """One directorate: its id in records and paths, its name on pages, and the post that answers for it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: str
    director: str = ""


class Records(policy.Policy):
    """Where records come from: folders of CSV under the root, and named files of ``parameters/sources``."""

    folders: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Council(policy.Policy):
    """``parameters/councils/<id>.yml``."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: str
    short_name: str = ""
    """What pictures call it, where its name is long."""
    evidence: Literal["made-up", "published", "own"]
    """made-up: labelled as such everywhere. published: illustrative, never rated. own: the council's own returns."""
    directorates: tuple[Directorate, ...] = Field(min_length=1)
    assumption: Assumption | None = None
    records: Records

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


def load(council: str) -> Council:
    """Read the council of this id from ``parameters/councils``."""
    return policy.load(settings.root() / "parameters" / "councils" / f"{council}.yml", Council)
