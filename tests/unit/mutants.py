"""Runs the tests of the rules once for each fault written into them, and prints what found it: `python mutants.py`.

Each mutant is the library's own source with one small change, put in its place in memory as the module is imported.
"""

import contextlib
import importlib.machinery
import io
import json
import sys
from pathlib import Path

import pytest

NONE = "the source as it stands"
MUTANTS = {
    NONE: ("rules", "", ""),
    "outside: only points above": ("chart", "beyond, close = np.abs(away) >", "beyond, close = away >"),
    "outside: a point on the limit too": ("chart", "np.abs(away) > reach + tolerance,", "np.abs(away) >= reach - tolerance,"),
    "trend: one step too few": ("rules", "run_length(way, start) >= n - 1", "run_length(way, start) >= n - 2"),
    "trend: a tie is a rise": ("rules", "np.where(start, 0.0, step), tol", "np.where(start, 0.0, step + 1e-6), tol"),
    "two in three: one is enough": ("rules", "(count >= 2)", "(count >= 1)"),
    "two in three: sides may differ": ("rules", "(inside & same & (count", "(inside & (count"),
    "two in three: both modes are one": ("chart", 'two_in_three == "nhsr-0.2.2"', 'two_in_three == ""'),
    "shift: one point too few": ("rules", "(run_length(side, start) >= n)", "(run_length(side, start) >= n - 1)"),
    "shift: points on the mean make a run": ("rules", " & (side != 0)).astype", ").astype"),
    "precedence: the last rule names the point": ("rules", "(code & -code).bit_length()", "code.bit_length()"),
    "limits: another factor": ("limits", "LIMIT_FACTOR = 2.66", "LIMIT_FACTOR = 2.65"),
    "limits: another screen": ("limits", "SCREEN_FACTOR = 3.267", "SCREEN_FACTOR = 3.5"),
    "limits: across a gap": ("limits", "(held.step == 1)", "(held.step >= 1)"),
    "limits: all points, though the first n were asked": ("limits", "if options.fix_after_n:", "if False:"),
}  # fmt: skip
"""Name → module of `pmf_lib.performance.spc`, the one place to change, what stands there instead."""
TESTS = Path(__file__).parents[1]
RUN = (
    *("unit/test_performance_rules.py", "unit/test_performance_spc.py"),
    *("unit/test_performance_vectors.py", "spec/test_spec_charts.py"),
)
OWN = ("pmf_lib.performance", "tests", "test_", "drawn", "spc_by_hand")


class Changed(importlib.machinery.SourceFileLoader):
    """A module's own source with one place changed."""

    def __init__(self, name, old, new):
        module = sys.modules["pmf_lib"].__path__[0]
        super().__init__(name, str(Path(module, "performance", "spc", f"{name.rpartition('.')[2]}.py")))
        self.old, self.new = old, new

    def get_code(self, fullname):
        source = self.get_source(fullname)
        if self.old and source.count(self.old) != 1:
            raise SystemExit(f"{fullname}: {self.old!r} is there {source.count(self.old)} times, not once")
        return compile(source.replace(self.old, self.new) if self.old else source, self.path, "exec")


class Finder:
    """Finds one module, changed."""

    def __init__(self, loader):
        self.loader = loader

    def find_spec(self, name, path=None, target=None):
        if name == self.loader.name:
            return importlib.machinery.ModuleSpec(name, self.loader, origin=self.loader.path)
        return None


class Failures:
    """The tests that failed, as pytest tells of them."""

    def __init__(self):
        self.names = []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.names.append(report.nodeid)


def found(name, old, new):
    """The first test that fails on this mutant, or '' if none does."""
    for module in [module for module in sys.modules if module.startswith(OWN)]:
        del sys.modules[module]
    finder, failures = Finder(Changed(f"pmf_lib.performance.spc.{name}", old, new)), Failures()
    sys.meta_path.insert(0, finder)
    try:
        run = [str(TESTS / file) for file in RUN]
        with contextlib.redirect_stdout(io.StringIO()):
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *run], plugins=[failures])
    finally:
        sys.meta_path.remove(finder)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SystemExit(f"{name}: pytest ended with {code!r}")
    return failures.names[0] if failures.names else ""


if __name__ == "__main__":
    import pmf_lib  # noqa: F401  (its place is asked for before it is changed)

    sys.stdout.write(json.dumps({name: found(*mutant) for name, mutant in MUTANTS.items()}))
