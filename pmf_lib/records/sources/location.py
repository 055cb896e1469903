"""A folder elsewhere (a share, an archive, a store of objects), read through fsspec as a folder under the root is.

Its address may hold secrets: no message, table or log has it. What is wrong is told by the place's label.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pmf_lib import settings
from pmf_lib.council import Location
from pmf_lib.errors import RecordsError, SettingsError
from pmf_lib.records.raw import Raw
from pmf_lib.records.sources.folder import read_files
from pmf_lib.records.sources.hidden import Address

MOST_BYTES = 2**30
"""A larger file is no table of records."""


def read_location(location: Location) -> Raw:
    """Read every file of a place that holds a table; rows say ``<label>:<file>``.

    Returns
    -------
    dict
        Raw tables by name, as `pmf_lib.records.sources.folder.read_folder` gives them.

    Raises
    ------
    SettingsError
        The environment does not hold the address, it is no address, or the package that it needs is not there.
    RecordsError
        The place can't be reached, or a file of it can't be read (see `read_folder`).
    """
    who = f"The location '{location.label}'"
    address = Address(
        settings.secret(location.url_from, who) if location.url_from else location.url,
        location.url_from or "",
    )
    system, files = _listed(who, address)

    def content(name: str) -> bytes:
        try:
            return bytes(system.cat_file(files[name]))
        except Exception as error:  # every kind of place has errors of its own
            raise RecordsError(_lost(who, address, error, f" while '{name}' was read")) from None

    return read_files(f"{location.label}:", files, content)


def _listed(who: str, address: Address) -> tuple[Any, Mapping[str, str]]:
    """The place's file system, and file name → its path there."""
    from fsspec.core import url_to_fs  # type: ignore[import-untyped]

    try:
        system, folder = url_to_fs(address.text)
        system.invalidate_cache()
        found = system.ls(folder, detail=True)
    except ImportError as error:
        raise SettingsError(
            f"{who} needs a Python package that is not installed: {address.words(error)} "
            "Install it, or copy the files into a folder under the workbook's root."
        ) from None
    except Exception as error:  # every kind of place has errors of its own
        raise RecordsError(_lost(who, address, error)) from None
    files = [each for each in found if each["type"] == "file"]
    _refuse_huge(who, files)
    return system, {PurePosixPath(each["name"]).name: each["name"] for each in files}


def _refuse_huge(who: str, files: list[dict[str, Any]]) -> None:
    for each in files:
        if (each.get("size") or 0) > MOST_BYTES:
            raise RecordsError(
                f"{who}: '{PurePosixPath(each['name']).name}' is larger than {MOST_BYTES // 2**20} MB, which no table "
                "of records is. Look whether it is the right file."
            )


def _lost(who: str, address: Address, error: Exception, when: str = "") -> str:
    named = f"what {address.variable} holds in the environment" if address.variable else "its 'url'"
    return (
        f"{who} cannot be read{when}: {address.words(error)} See that it is there, that the network and its rights let "
        f"you in, and that {named} is right. Nothing was read from it."
    )
