"""What the warm process has ready before it forks: the stack, the library, and the records and policy of a run."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

INLINE = "module://matplotlib_inline.backend_inline"
"""What a kernel sets for matplotlib before anything imports it."""
STACK = (
    *("papermill", "papermill.engines", "nbclient", "nbformat", "scrapbook", "IPython", "ipykernel.kernelapp", "ipykernel.ipkernel"),
    *("matplotlib.pyplot", "matplotlib.backends.backend_svg", "seaborn"),
    *("pandas", "scipy.stats", "statsmodels.api", "networkx", "jupyter_client.manager", "jupyter_client.asynchronous"),
    *("pmf_lib.runs.item", "pmf_lib.reports.html", "pmf_lib.reports.papers", "pmf_lib.workbook.book", "pmf_lib.workbook.scraps"),
)  # fmt: skip


def warm_up(held: Mapping[str, str]) -> None:
    """Import the stack; hold the run's records and policy. What can't be had now is left to the items, which say why."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    with (
        warnings.catch_warnings()
    ):  # what is said here is forgotten when it ends, so that a child says its own
        warnings.showwarning = _unsaid
        for name in (*STACK, *_library()):
            with contextlib.suppress(ImportError, Warning):
                import_module(name)
        for hold in (_page_engine, _kernel_engine, _notebook_engine, _policy):
            _tried(hold)
        records(held)
        filters = warnings.filters[:]
    warnings.filters[:] = filters  # type: ignore[index]  # what libraries add when they are imported holds in a child too


def _unsaid(*_: object, **__: object) -> None:
    """Nothing."""


def _library() -> list[str]:
    """Everything that notebooks import of the workbook."""
    from pmf_lib import workbook

    return [f"pmf_lib.workbook.{place}" for place in workbook.MODULES.values()]


def _page_engine() -> None:
    """The exporter and its templates."""
    from pmf_lib.reports import chrome, html

    html.exporter()
    for name in chrome.environment().list_templates():
        if name.endswith(".j2"):
            chrome.environment().get_template(name)


def _kernel_engine() -> None:
    """Whoever starts kernels."""
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    KernelProvisionerFactory.instance()


def _notebook_engine() -> None:
    """The check of a notebook's form, which is compiled when it is first used."""
    import nbformat

    nbformat.validate(nbformat.v4.new_notebook())


def _policy() -> None:
    """The rules in force."""
    from pmf_lib.workbook import book

    book.schemes()


def records(held: Mapping[str, str]) -> None:
    """The snapshot, the framework and the council that every item of a run reads."""
    from pmf_lib import council, framework, settings
    from pmf_lib.records import snapshot

    for load, name in ((council.load, "council"), (framework.load, "framework")):
        if held.get(name):
            _tried(partial(load, held[name]))
    if held.get("snapshot"):
        _tried(partial(snapshot.load, held["snapshot"], settings.store()))


def _tried(hold: Callable[[], object]) -> None:
    """What fails here fails in the item too, where it is told in words."""
    with contextlib.suppress(Exception):
        hold()
