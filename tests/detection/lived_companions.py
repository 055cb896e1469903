"""Which other tests a defect rightly concerns: test → tests that may name something of it, too."""

from __future__ import annotations

COMPANIONS: dict[str, tuple[str, ...]] = {}
