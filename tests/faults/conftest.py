"""One run of the tiny council that nobody disturbed, and the table of faults at the end."""

from __future__ import annotations

import pytest
from tiny import TRIED, Undisturbed, undisturbed


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Look only; whoever spoils it copies it first."""
    return undisturbed(tmp_path_factory.mktemp("whole") / "workspace")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how often each fault was tried, and what came of it."""
    if TRIED:
        terminalreporter.section("faults injected: moments, lost, false successes")
    for kind, row in TRIED.items():
        terminalreporter.write_line(f"{kind:<44}{row['moments_n']:>5}{row['lost_n']:>5}{row['false_n']:>5}")
