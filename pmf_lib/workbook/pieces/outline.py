"""A nested list: what hangs from what, each thing on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pmf_lib.workbook.pieces.markup import Html, Words, inline, paragraphs, plain


def outline(items: Iterable[tuple[int, Words]], *, empty: str = "") -> Html:
    r"""A list of lists from depths (0 is the outermost) and lines in reading order; `empty` is said where there is none.

    A line that lies more than one step deeper than the one before hangs from that one all the same.

    >>> made = outline([(0, "Aim"), (1, "Roads & paths"), (1, "Care")])
    >>> made.markup.replace("\n", "")
    '<ul class="pmf-outline"><li>Aim<ul><li>Roads &amp; paths</li><li>Care</li></ul></li></ul>'
    >>> made
    - Aim
      - Roads & paths
      - Care
    """
    listed = list(items)
    if not listed:
        return paragraphs(empty)
    said = "\n".join(f"{'  ' * depth}- {plain(words)}" for depth, words in listed)
    return Html("\n".join(_lines(listed)), said)


def _lines(items: list[tuple[int, Words]]) -> Iterator[str]:
    """Opening and closing tags around the lines; what is open is kept as the depths from the outermost in."""
    open_at: list[int] = []
    for depth, words in items:
        while len(open_at) > 1 and depth < open_at[-1]:
            open_at.pop()
            yield "</li></ul>"
        if open_at and depth <= open_at[-1]:
            yield "</li>"
        else:
            yield "<ul>" if open_at else '<ul class="pmf-outline">'
            open_at.append(depth)
        yield f"<li>{inline(words)}"
    yield "</li></ul>" * len(open_at)
