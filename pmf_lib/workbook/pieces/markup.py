"""Pieces of a page as frozen values: safe by construction, since every text passes `escape` before it becomes HTML.

A piece shows itself in a notebook (``_repr_html_``) and as one line of plain text in a terminal. Its looks come from
class names alone, which the page's stylesheet knows (`pmf_lib.reports`): no style attribute, no script.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pmf_lib.errors import ParameterError, unknown
from pmf_lib.verdicts import Verdict

SHAPES = {"circle": "●", "diamond": "◆", "triangle": "▲", "ring": "○", "": ""} | {
    f"blocks_{filled}": "■" * filled + "□" * (4 - filled) for filled in range(5)
}
CALLOUTS = {"information": "Note", "warning": "Warning", "action": "What is asked", "success": "Done"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_ADDRESS = re.compile(r"(?:https?:|mailto:|[#./]|[A-Za-z0-9_-]+(?:[./#?]|$))", re.IGNORECASE)


@dataclass(frozen=True)
class Html:
    """A piece of a page: its markup, and what a terminal shows instead."""

    markup: str
    plain: str = ""

    def _repr_html_(self) -> str:
        return self.markup

    def __html__(self) -> str:
        """What template engines take as already safe."""
        return self.markup

    def __repr__(self) -> str:
        return self.plain or "<piece of a page>"

    def __add__(self, other: Html) -> Html:
        return Html(f"{self.markup}\n{other.markup}", f"{self.plain}\n{other.plain}")


Words = str | Html
"""Text (which is escaped) or a piece of a page (which is not escaped again)."""


def escape(text: object) -> str:
    """Any value as HTML text; characters that HTML does not allow are left out.

    >>> escape('<script>"&"'), escape("bell" + chr(7))
    ('&lt;script&gt;&quot;&amp;&quot;', 'bell')
    """
    return html.escape(strip_control(str(text)))


def strip_control(text: str) -> str:
    """The text without characters that HTML does not allow."""
    return _CONTROL.sub("", text)


def inline(words: Words) -> str:
    """Markup of a text or a piece."""
    return words.markup if isinstance(words, Html) else escape(words)


def plain(words: Words) -> str:
    """The words without markup."""
    return words.plain if isinstance(words, Html) else str(words)


def text(words: str) -> Html:
    """A text as a piece of a page, without a paragraph around it."""
    return Html(escape(words), words)


def blocks(*parts: Words) -> Html:
    """Several pieces, one after the other."""
    return Html("\n".join(map(inline, parts)), "\n".join(map(plain, parts)))


def phrase(*parts: Words) -> Html:
    """Pieces of one sentence, nothing put between them.

    >>> phrase("See ", link("data quality", "1.html"), ".").markup
    'See <a href="1.html">data quality</a>.'
    """
    return Html("".join(map(inline, parts)), "".join(map(plain, parts)))


def headline(words: Words, *, level: int = 1, place: str = "", on_new_side: bool = False) -> Html:
    """A heading that states the finding; the page's own headline is level 1, its sections level 2.

    `place` is its address in the page, so that links can lead to it; `on_new_side` begins a new side of paper in print.

    >>> headline("Four of 34 measures miss their target", level=2).markup
    '<h2>Four of 34 measures miss their target</h2>'
    >>> headline("Know", level=2, place="know").markup
    '<h2 id="know">Know</h2>'
    """
    if level not in (1, 2, 3, 4):
        raise ParameterError(f"headline: got level '{level}', expected 1, 2, 3 or 4.")
    side = ' class="pmf-new-side"' if on_new_side else ""
    own = f' id="{escape(place)}"' if place else ""
    return Html(f"<h{level}{side}{own}>{inline(words)}</h{level}>", plain(words))


def paragraphs(*texts: Words) -> Html:
    """One paragraph a text; empty texts are left out."""
    kept = [words for words in texts if plain(words)]
    return Html("\n".join(f"<p>{inline(words)}</p>" for words in kept), "\n".join(map(plain, kept)))


def bullets(items: Iterable[Words], *, empty: str = "", numbered: bool = False) -> Html:
    r"""A list; `empty` is the sentence shown when there is nothing to list.

    >>> bullets(["a < b"]).markup
    '<ul>\n<li>a &lt; b</li>\n</ul>'
    """
    listed = list(items)
    if not listed:
        return paragraphs(empty)
    name = "ol" if numbered else "ul"
    lines = "\n".join(f"<li>{inline(item)}</li>" for item in listed)
    return Html(f"<{name}>\n{lines}\n</{name}>", "\n".join(f"- {plain(item)}" for item in listed))


def summary_list(pairs: Mapping[str, Words] | Iterable[tuple[str, Words]]) -> Html:
    """Facts as term and value, one a line."""
    listed = list(pairs.items()) if isinstance(pairs, Mapping) else list(pairs)
    rows = "\n".join(f"<div><dt>{escape(term)}</dt><dd>{inline(value)}</dd></div>" for term, value in listed)
    said = "\n".join(f"{term}: {plain(value)}" for term, value in listed)
    return Html(f'<dl class="pmf-summary">\n{rows}\n</dl>', said)


def callout(words: Words, kind: str = "information") -> Html:
    """A sentence set apart, with what it is in words: information, warning, action (what is asked) or success."""
    if kind not in CALLOUTS:
        raise ParameterError(unknown("kind of callout", kind, CALLOUTS))
    label = CALLOUTS[kind]
    markup = (
        f'<div class="pmf-callout pmf-callout-{kind}"><p><strong>{label}:</strong> {inline(words)}</p></div>'
    )
    return Html(markup, f"{label}: {plain(words)}")


def details(summary: Words, *content: Words, kind: str = "") -> Html:
    """Content behind a line that opens it; opened when the page is printed. Plain texts become paragraphs.

    The numbers behind a picture (`kind` 'numbers') are left out of print.
    """
    inner = "\n".join(part.markup if isinstance(part, Html) else f"<p>{escape(part)}</p>" for part in content)
    name = f' class="pmf-{escape(kind)}"' if kind else ""
    return Html(
        f"<details{name}>\n<summary>{inline(summary)}</summary>\n{inner}\n</details>", f"[{plain(summary)}]"
    )


def link(words: str, href: str) -> Html:
    """A link; an address that is not a plain web, mail or relative one leaves the words alone.

    >>> link("the rows", "evidence/rows.html#r1").markup
    '<a href="evidence/rows.html#r1">the rows</a>'
    >>> link("odd", "javascript:alert(1)").markup
    'odd'
    """
    if not _ADDRESS.match(href):
        return text(words)
    return Html(f'<a href="{escape(href)}">{escape(words)}</a>', words)


def small(words: Words) -> Html:
    """Words set small, such as an id to be cited by.

    >>> small("R-1 & 2").markup
    '<small>R-1 &amp; 2</small>'
    """
    return Html(f"<small>{inline(words)}</small>", plain(words))


def tag(verdict: Verdict) -> Html:
    """A verdict as a tag: its shape or letter, and always its word; the stylesheet colours it by kind and code."""
    mark = f"{SHAPES[verdict.shape]}{verdict.letter}"
    shown = f'<span aria-hidden="true">{escape(mark)}</span>&nbsp;' if mark else ""
    name = tag_class(verdict)
    return Html(
        f'<span class="pmf-tag {name}">{shown}{escape(verdict.word)}</span>', f"{mark} {verdict.word}".strip()
    )


def tag_class(verdict: Verdict) -> str:
    """The class that colours this verdict's tag."""
    return f"pmf-tag-{verdict.kind}-{verdict.code}".replace("_", "-")
