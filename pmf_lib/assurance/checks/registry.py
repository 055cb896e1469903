"""The registry of clause tests: one pure function each, named in a clause's row.

A test takes the evidence of one unit, and what the clause tells it, and answers how many subjects it applied to and which
of them failed, with their source rows. It knows nothing of force or wording: `pmf_lib.assurance.clauses` turns an answer
into a result.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from pmf_lib.assurance.evidence import Answer

Test = Callable[..., Answer]
"""Takes `Evidence`, and as keywords the parameters of the clause; one without a default must be told."""
TESTS: dict[str, Test] = {}
"""Every test by name, as a clause's row names it."""
SEEN_FROM_OUTSIDE: set[str] = set()
"""Tests that published figures can answer too; of the others they show nothing, for want of the council's own records."""


def clause_test(function: Test) -> Test:
    """Register a test under its function's name."""
    TESTS[function.__name__] = function
    return function


def seen_from_outside(function: Test) -> Test:
    """Register a test that published figures can answer too."""
    SEEN_FROM_OUTSIDE.add(function.__name__)
    return clause_test(function)


def parameters(name: str) -> Mapping[str, bool]:
    """What a test is told by a clause: parameter → must it be told?"""
    told = list(inspect.signature(TESTS[name]).parameters.values())[1:]
    return {one.name: one.default is inspect.Parameter.empty for one in told}
