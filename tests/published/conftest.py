"""Where the real published files are: PMF_PUBLISHED, or the folder beside the workspace; skipped where neither is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pmf_lib import settings

ABSENT = "published files are not here: set PMF_PUBLISHED, or put them into ../shared/published beside the workspace"


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of published files; without it a test is skipped, or fails if PMF_REQUIRE asks for them."""
    named = os.environ.get("PMF_PUBLISHED")
    folder = Path(named) if named else settings.root().parent / "shared" / "published"
    if folder.is_dir():
        return folder.resolve()
    if "published" in os.environ.get("PMF_REQUIRE", "").split(","):
        pytest.fail(ABSENT)
    pytest.skip(ABSENT)
