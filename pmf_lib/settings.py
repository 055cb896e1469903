"""Where the workspace is, and what the environment says.

Settings come from the environment alone: ``PMF_HOME`` (the workspace), ``PMF_STORE`` (the store of snapshots, runs
and ledger), ``PMF_PUBLISHED`` (a folder of published files), ``PMF_REQUIREMENTS`` (the list of the frameworks' first
reading). Secrets belong there too, never in a parameter.
"""

from __future__ import annotations

import os
from pathlib import Path

from pmf_lib.errors import SettingsError

MARK = "parameters"


def root(start: Path | None = None) -> Path:
    """The workspace: ``PMF_HOME``, else the nearest folder upwards that holds ``parameters/``.

    Jupyter starts in the notebook's folder and papermill in the caller's; both find the same root.

    Raises
    ------
    SettingsError
        ``PMF_HOME`` holds no ``parameters/``, or no folder upwards does.
    """
    home = os.environ.get("PMF_HOME")
    if home:
        return _checked(Path(home).expanduser().resolve())
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / MARK / "frameworks").is_dir():
            return folder
    raise SettingsError(
        f"No folder from '{here}' upwards holds '{MARK}/frameworks'. "
        "Change into the workbook's folder, or set PMF_HOME to it."
    )


def store() -> Path:
    """The store's folder: ``PMF_STORE``, else ``outputs/store`` under the root."""
    named = os.environ.get("PMF_STORE")
    return Path(named).expanduser().resolve() if named else root() / "outputs" / "store"


def outputs() -> Path:
    """The disposable view: ``outputs`` under the root."""
    return root() / "outputs"


def published() -> Path:
    """The folder of published files that ``parameters/sources`` speak of (``PMF_PUBLISHED``).

    Raises
    ------
    SettingsError
        The setting is empty, or the folder is not there.
    """
    named = os.environ.get("PMF_PUBLISHED")
    if not named:
        raise SettingsError(
            "This run reads published files, and PMF_PUBLISHED does not say where they are. "
            "Set it to the folder that holds 'homelessness', 'lait' and the others."
        )
    folder = Path(named).expanduser().resolve()
    if not folder.is_dir():
        raise SettingsError(f"PMF_PUBLISHED names '{named}', which is not a folder.")
    return folder


def requirements() -> Path | None:
    """The list of requirements of the frameworks' first reading (``PMF_REQUIREMENTS``, else beside the root), if it is at hand.

    Raises
    ------
    SettingsError
        The setting names a file that is not there.
    """
    named = os.environ.get("PMF_REQUIREMENTS")
    path = Path(named).expanduser() if named else root().parent / "shared" / "requirements.csv"
    if named and not path.is_file():
        raise SettingsError(f"PMF_REQUIREMENTS names '{named}', which is not a file.")
    return path if path.is_file() else None


def secret(name: str, wanted_for: str) -> str:
    """What the environment holds under this name: an address with its password, say, which no file may hold.

    Raises
    ------
    SettingsError
        It is empty or not set; `wanted_for` says who needs it.
    """
    held = os.environ.get(name, "").strip()
    if not held:
        raise SettingsError(
            f"{wanted_for} takes its address from the environment, and '{name}' is not set there. "
            f"Set it before the command: export {name}=… (on Windows: set {name}=…)."
        )
    return held


def _checked(home: Path) -> Path:
    if not (home / MARK).is_dir():
        raise SettingsError(f"PMF_HOME names '{home}', which holds no '{MARK}' folder.")
    return home
