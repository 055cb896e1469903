"""From an executed notebook to its page: one HTML file that holds everything it shows.

The facts around the notebook's findings (headline, council, period, banners, data used) are read from
``nb.metadata["pmf"]["page"]``, where the run wrote them; this module looks nothing up and knows no clock, so that the
same notebook gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import nbformat
from jinja2 import Environment
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from pmf_lib.reports import chrome, fragments, papers

PAGE_FACTS = (
    *("title", "question", "headline", "council", "unit", "framework", "edition_words", "quarter_words"),
    *(
        "as_at_words",
        "paper_status",
        "rating_said",
        "banners",
        "content_key",
        "notebook",
        "data_used",
        "reperform",
    ),
    *("glossary_url", "index_href", "changed", "paper"),
)
"""Keys of the page's facts; one that is missing or empty is simply not shown. `changed` is for the index alone."""


class PageExporter(TemplateExporter):
    """nbconvert's exporter with this workbook's own template, and none of nbconvert's scripts or styles."""

    file_extension = ".html"
    output_mimetype = "text/html"
    preprocessors: list[Any] = []  # noqa: RUF012 - a trait's value
    default_preprocessors: list[Any] = []  # noqa: RUF012

    @property
    def default_config(self) -> Config:
        """Nothing of nbconvert's own."""
        return Config()

    def _create_environment(self) -> Environment:
        return chrome.environment()


def render(nb: NotebookNode) -> str:
    """The page of one executed notebook, ending with a line's end.

    Parameters
    ----------
    nb
        The executed notebook; ``nb.metadata["pmf"]["page"]`` holds the facts named in `PAGE_FACTS`. It is not changed.
    """
    facts = page_facts(nb)
    body = fragments.parts(nb, str(facts["headline"]), str(facts.get("question", "")))
    shown: dict[str, Any] = {
        "facts": facts,
        "parts": body.html,
        "contents": body.contents,
        **chrome.dressed(),
    }
    if facts.get("paper"):
        contents = [*body.contents, (papers.PLACE, papers.TITLE)]
        shown |= {"agreed": papers.agreed(facts["paper"]), "contents": contents}
    page, _ = exporter().from_notebook_node(nb, {"pmf": shown})
    return f"{page.rstrip()}\n"


def issued_page(notebook: bytes, facts: Mapping[str, Any]) -> str:
    """The page of an executed notebook with these facts over its own, and their notices before its own."""
    nb = nbformat.reads(notebook.decode("utf-8"), as_version=4)
    page = dict(nb.metadata["pmf"]["page"])
    banners = [*facts.get("banners", ()), *page.get("banners", ())]
    nb.metadata["pmf"] = {"page": {**page, **facts, "banners": banners}}
    return render(nb)


def page_facts(nb: NotebookNode) -> dict[str, Any]:
    """The facts of the page; a notebook run outside a run has only its title, which is then the headline too."""
    facts = dict(nb.metadata.get("pmf", {}).get("page", {}))
    facts["title"] = facts.get("title") or _first_title(nb)
    facts["headline"] = facts.get("headline") or facts["title"]
    return facts


def _first_title(nb: NotebookNode) -> str:
    first = nb.cells[0].source if nb.cells else ""
    return first.splitlines()[0].lstrip("# ").strip() if first.startswith("# ") else "Report"


@lru_cache(maxsize=1)
def exporter() -> PageExporter:
    """The page exporter, built once: finding templates and making the environment costs more than a page."""
    return PageExporter(template_paths=[str(chrome.TEMPLATE)], template_file="page.html.j2")  # type: ignore[no-untyped-call]
