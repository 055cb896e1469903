"""An address that may hold a password, and what may be said of an error that speaks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from pmf_lib.errors import masked

SAID_AT_MOST = 300
SHORTEST = 3
"""A shorter part of an address (a port's digit, a drive) would be hidden out of ordinary words."""


@dataclass(frozen=True)
class Address:
    """The address, never shown, and the environment variable that it came from ('' where policy names it).

    >>> Address("sftp://reader:hunter2@files.example/pmf", "SHARE_URL")
    Address(variable='SHARE_URL')
    """

    text: str = field(repr=False)
    variable: str = ""

    def words(self, error: BaseException) -> str:
        """The first line of what an error says, without any part of the address.

        >>> share = Address("sftp://reader:hunter2@files.example/pmf", "SHARE_URL")
        >>> share.words(OSError("no route to files.example as reader, hunter2"))
        'no route to *** as ***, *** (OSError).'
        """
        said = next(iter(str(error).strip().splitlines()), "")
        for part in self._parts():
            said = said.replace(part, "***")
        said = masked(said)[:SAID_AT_MOST].rstrip(" .")
        if not re.search("[a-z]", said):
            said = (
                "there is nothing at its address"
                if isinstance(error, FileNotFoundError)
                else "no more was said"
            )
        return f"{said} ({type(error).__name__})."

    def _parts(self) -> list[str]:
        """Name, password, host, path and whatever else the address is made of, longest first."""
        split = [self.text, *re.split(r"://|::|[/:@?&=#]", self.text), *re.split(r"://|::|[@?&]", self.text)]
        known = {part for text in split for part in (text, unquote(text)) if len(part) >= SHORTEST}
        return sorted(known - _ORDINARY, key=lambda part: (-len(part), part))


_ORDINARY = {
    "file",
    "http",
    "https",
    "memory",
    "zip",
    "sftp",
    "postgresql",
    "sqlite",
    "data",
    "postgresql+psycopg",
}
"""Words of an address that are nobody's secret."""
