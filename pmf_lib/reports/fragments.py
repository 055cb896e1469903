"""From the cells of an executed notebook to the parts of a page.

Prose is markdown (HTML written in it is shown as text); code is never shown; of an output only its HTML, else its
plain text. What other programs leave behind (standard error, recorded results) is dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import mistune

from pmf_lib import errors
from pmf_lib.reports.sanitise import clean
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import callout, escape

RESULTS = "application/scrapbook."
CHROME_IDS = ("main", "contents", "contents-title", "how", "notices")
_TAG = re.compile(r'<[a-z][a-z0-9]*(?:\s+[a-z-]+="[^"]*")+\s*>')
_ID = re.compile(r'(?<=\s)id="([^"]+)"')
_POINTER = re.compile(r'(?<=\s)(aria-labelledby|aria-describedby|href)="(#?)([^"]+)"')
_HEADING = re.compile(r"<(h[12])((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
_CLASS = re.compile(r'\sclass="[^"]*"')
_FIRST_TITLE = re.compile(r"\A\s*# [^\n]*\n?")
_OPENING_QUESTION = re.compile(r"\A[^?.!]*\?[*_]*\s*")
_COLOUR_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OWN_ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type)}


@dataclass
class Parts:
    """The parts of one page as they are placed, with its contents; ids are unique within the page."""

    headline: str
    html: list[str] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)
    """Id and words of each section heading."""
    used: set[str] = field(default_factory=lambda: set(CHROME_IDS))

    def place(self, fragment: str) -> None:
        """Add a piece of markup, cleaned, its ids made unique and its headings fitted to the page."""
        cleaned = self._with_own_ids(clean(fragment))
        fitted = _HEADING.sub(self._heading, cleaned).strip()
        if fitted:
            self.html.append(fitted)

    def _with_own_ids(self, fragment: str) -> str:
        names = {name: self._unused(name) for tag in _TAG.findall(fragment) for name in _ID.findall(tag)}
        renamed = {old: new for old, new in names.items() if old != new}
        return _TAG.sub(lambda found: _renamed(found.group(), renamed), fragment) if renamed else fragment

    def _unused(self, name: str) -> str:
        found, count = name, 1
        while found in self.used:
            count += 1
            found = f"{name}-{count}"
        self.used.add(found)
        return found

    def _heading(self, found: re.Match[str]) -> str:
        """A section heading with an id, listed in the contents; the page's headline is not said twice."""
        level, attributes, inner = found.groups()
        said = html.unescape(re.sub(r"<[^>]+>", "", inner)).strip()
        if level == "h1" and _same(said, self.headline):
            return ""
        own = _ID.search(attributes)
        name = own.group(1) if own else self._unused(words.slug(said))
        self.contents.append((name, said))
        kind = _CLASS.search(attributes)
        return f'<h2{kind.group() if kind else ""} id="{name}">{inner}</h2>'


def parts(notebook: Mapping[str, Any], headline: str, question: str = "") -> Parts:
    """The parts of a notebook's page, in order of its cells."""
    placed = Parts(headline)
    for at, cell in enumerate(notebook["cells"]):
        for fragment in _fragments(cell, is_first=at == 0, question=question):
            placed.place(fragment)
    return placed


def _fragments(cell: Mapping[str, Any], *, is_first: bool, question: str) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        yield markdown(_untitled(cell["source"], question) if is_first else cell["source"])
    elif cell["cell_type"] == "code":
        yield from (shown for output in cell["outputs"] if (shown := output_html(output)))


def _untitled(source: str, question: str) -> str:
    r"""The first cell's prose without its title, and without the question it opens with if the header has one.

    >>> _untitled("# Data quality\n\nCan it be relied on? Read on.", "Can the figures be relied on?")
    'Read on.'
    """
    rest = _FIRST_TITLE.sub("", source).lstrip()
    return _OPENING_QUESTION.sub("", rest) if question else rest


def markdown(source: str) -> str:
    """Prose as HTML; HTML inside it is shown as text.

    >>> markdown("Some *words* <b>here</b>").strip()
    '<p>Some <em>words</em> &lt;b&gt;here&lt;/b&gt;</p>'
    """
    return str(_reader()(source))


def output_html(output: Mapping[str, Any]) -> str:
    """The HTML of one output; nothing for standard error, recorded results and pictures without a description."""
    kind = output["output_type"]
    if kind == "error":
        return error_html(output.get("ename", ""), output.get("evalue", ""))
    if kind == "stream":
        return _preformatted(output["text"]) if output["name"] == "stdout" else ""
    data = output.get("data", {})
    if any(name.startswith(RESULTS) for name in data):
        return ""
    if "text/html" in data:
        return _joined(data["text/html"])
    return _preformatted(data.get("text/plain", ""))


def error_html(name: str, message: str) -> str:
    """What a failed cell leaves on the page: the error in words, never a traceback."""
    said = _COLOUR_CODES.sub("", message).strip()
    if name not in _OWN_ERRORS:
        first = said.splitlines()[0] if said else "it gave no reason"
        said = f"the program met something it did not expect ({name}: {first})."
    return callout(f"This part of the page could not be made. {words.sentence(said)}", "warning").markup


def _preformatted(text: str | list[str]) -> str:
    said = _COLOUR_CODES.sub("", _joined(text)).strip("\n")
    return f"<pre>{escape(said)}</pre>" if said.strip() else ""


def _joined(text: str | list[str]) -> str:
    """Notebook files hold long text as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same, emphasis and spacing apart."""
    return bool(other.strip()) and _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return re.sub(r"[\s*_`>]+", " ", text).strip()


def _renamed(tag: str, renamed: Mapping[str, str]) -> str:
    tag = _ID.sub(lambda found: f'id="{renamed.get(found[1], found[1])}"', tag)
    return _POINTER.sub(lambda found: _pointed(found, renamed), tag)


def _pointed(found: re.Match[str], renamed: Mapping[str, str]) -> str:
    attribute, mark, target = found.groups()
    if attribute == "href" and not mark:
        return found.group()
    names = " ".join(renamed.get(name, name) for name in target.split(" "))
    return f'{attribute}="{mark}{names}"'


class _Prose(mistune.HTMLRenderer):
    """Markdown as this workbook shows it: no picture from elsewhere, tables with scopes in a box of their own."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """The picture's description alone, which is markup already."""
        return text


@lru_cache(maxsize=1)
def _reader() -> mistune.Markdown:
    reader = mistune.Markdown(renderer=_Prose(escape=True))
    from mistune.plugins.table import table

    table(reader)
    if isinstance(reader.renderer, _Prose):
        reader.renderer.register("table", _table)
        reader.renderer.register("table_cell", _table_cell)
    return reader


def _table(_: Any, text: str) -> str:
    box = '<div class="pmf-scroll" role="region" aria-label="Table in the text" tabindex="0">'
    return f'<div class="pmf-table">{box}\n<table>\n{text}</table>\n</div></div>\n'


def _table_cell(_: Any, text: str, align: str | None = None, head: bool = False) -> str:
    kind = ' class="pmf-number"' if align == "right" else ""
    return f'<th scope="col"{kind}>{text}</th>\n' if head else f"<td{kind}>{text}</td>\n"
