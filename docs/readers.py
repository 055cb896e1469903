"""What a reader meets on each page's first screen, and how long it takes to read: the figures of ``docs/readers-test.md``.

    python docs/readers.py outputs/index.html outputs/sample/pmf-2022-25/2024-25-q2/full …

takes pages and folders of pages, and prints one row a page: the question it asks itself, the headline that answers it, the words up to the headline's end and
on the whole first screen (1280 by 900 pixels), and the seconds that they take at 238 words a minute (Brysbaert 2019, silent
reading of English non-fiction). It needs the ``browser`` extra and a Chromium.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

WORDS_A_MINUTE = 238
SCREEN = {"width": 1280, "height": 900}
SEEN = """
height => {
    const words = text => (text.match(/[\\p{L}\\p{N}][^\\s]*/gu) || []).length
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const headline = document.querySelector('main h1')
    const counts = {toHeadline: 0, screen: 0}
    while (walker.nextNode()) {
        const range = document.createRange()
        range.selectNodeContents(walker.currentNode)
        const box = range.getBoundingClientRect()
        if (!box.height || box.bottom > height || box.right <= 1 || !walker.currentNode.parentElement.checkVisibility()) continue
        const read = words(walker.currentNode.textContent)
        counts.screen += read
        const after = headline && headline.compareDocumentPosition(walker.currentNode)
        if (!(after & Node.DOCUMENT_POSITION_FOLLOWING) || headline.contains(walker.currentNode)) counts.toHeadline += read
    }
    return {...counts, headline: headline ? headline.textContent.trim() : '', question: document.querySelector('.pmf-question')?.textContent.trim() || ''}
}
"""


def seconds(words: int) -> int:
    """How long so many words take to read, rounded to seconds."""
    return round(60 * words / WORDS_A_MINUTE)


def rows(folders: list[Path]) -> Iterator[tuple[str, ...]]:
    """One row a page, of pages and of all pages below folders, in the order of their paths."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SCREEN)
        for folder in folders:
            for path in [folder] if folder.is_file() else sorted(folder.rglob("[0-9]_*.html")):
                page.goto(path.as_uri())
                name = path.name if folder.is_file() else path.relative_to(folder).as_posix()
                yield _row(name.removesuffix(".html"), page.evaluate(SEEN, SCREEN["height"]))


def _row(name: str, seen: dict[str, Any]) -> tuple[str, ...]:
    counts = [
        str(seen["toHeadline"]),
        str(seconds(seen["toHeadline"])),
        str(seen["screen"]),
        str(seconds(seen["screen"])),
    ]
    return (f"`{name}`", seen["question"], seen["headline"], *counts)


def main() -> None:
    """Print the table in Markdown."""
    heads = ("page", "question", "headline", "words to its end", "seconds", "words on the screen", "seconds")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
    for row in rows([Path(name).resolve() for name in sys.argv[1:]]):
        sys.stdout.write(f"| {' | '.join(row)} |\n")


if __name__ == "__main__":
    main()
