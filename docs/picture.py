"""Draw README's picture: the first screen of the sample council's committee report, as Chromium shows it.

Run as ``make picture`` after ``make report``; it needs the ``browser`` extra and a Chromium.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "outputs/sample/pmf-2022-25/2024-25-q2/full/council/7_audit_committee.html"
PICTURE = ROOT / "docs" / "picture.png"
WIDTH, HEIGHT = 1000, 1250


def main() -> None:
    """Write the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(PAGE.as_uri())
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
