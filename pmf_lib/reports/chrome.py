"""What every page shares: templates, the stylesheet with its verdict colours, and the security policy that fits it.

A page is one file without script and without anything to fetch. Its Content-Security-Policy says so to the browser,
and names its only stylesheet by hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from pmf_lib import editions, verdicts
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import strip_control, tag_class
from pmf_lib.workbook.pieces.tables import Column, Columns, Html, table

TEMPLATE = Path(__file__).parent / "template"
BANNERS = {
    "made-up": "Made-up data",
    "published": "Published figures",
    "past-review": "Framework past its review date",
    "superseded": "Superseded framework",
    "paper-superseded": "Superseded paper",
    "incomplete": "Incomplete set",
    "silent": "Nothing received",
    "exempt": "Not for publication",
    "public": "Public edition",
    "recomputed": "Computed here",
    "failed": "Failed",
}
EVIDENCE = {
    "made-up": "What carries this label comes from a council that does not exist; every figure is invented.",
    "published": "What carries this label uses published figures, mapped for illustration by this project; it is not "
    "issued by or for the council.",
}
"""Kind of evidence → the notice of a page that is not a report."""
HEADER_FACTS = {
    "unit": "Unit",
    "framework": "Framework",
    "quarter_words": "Period",
    "as_at_words": "As at",
    "edition_words": "Edition",
    "paper_status": "Status",
    "rating_said": "Assurance rating",
}
DATA_USED: Columns = {
    "source": "Source",
    "extract_date": "Extracted",
    "rows_read": Column("Rows read", "number", decimals=0),
    "rows_kept": Column("Rows kept", "number", decimals=0),
    "rows_left_out": Column("Rows left out", "number", decimals=0),
    "control_total": Column("Control total", "number"),
}
Facts = Mapping[str, Any]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template engine of all pages: everything is escaped unless it is a piece of a page already."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    made.globals.update(banner_words=BANNERS, header_facts=HEADER_FACTS, data_used=data_used, Markup=Markup)
    return made


def page(template: str, facts: Facts, *, more_css: str = "", **more: Any) -> str:
    """A whole page from its template; the same facts give the same bytes."""
    return environment().get_template(template).render(facts=facts, **dressed(more_css), **more)


def dressed(more_css: str = "") -> dict[str, Markup]:
    """The stylesheet and the policy that allows it and nothing else, as the base template wants them."""
    css = stylesheet() + more_css
    return {"css": Markup(css), "policy": Markup(policy(css))}  # noqa: S704 - own text, no data


def evidence_banners(kinds: Iterable[str]) -> list[dict[str, str]]:
    """Notices for these kinds of evidence; a council's own returns need none."""
    there = set(kinds)
    return [{"kind": kind, "text": text} for kind, text in EVIDENCE.items() if kind in there]


def exempt_banners(exemptions: Iterable[str]) -> list[dict[str, str]]:
    """Notices for what is closed to the public under these paragraphs of Schedule 12A; the other editions need none."""
    named = dict.fromkeys(one for one in exemptions if one)
    return [{"kind": "exempt", "text": editions.closed_words(one)} for one in named]


def policy(css: str) -> str:
    """The Content-Security-Policy of a page with this stylesheet.

    >>> policy("p{}")
    "default-src 'none'; img-src data:; style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; base-uri 'none'; form-action 'none'"
    """
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def stylesheet() -> str:
    """``page.css`` and one rule a verdict; begins and ends with a line's end."""
    return f"\n{(TEMPLATE / 'page.css').read_text(encoding='utf-8')}{tag_rules()}"


def tag_rules() -> str:
    """The colours of every verdict's tag, from ``parameters/schemes/verdicts.yml``."""
    return "".join(
        f".{tag_class(verdict)}{{background-color:{verdict.background};color:{verdict.text}}}\n"
        for verdict in verdicts.load().verdicts
    )


def data_used(rows: list[dict[str, Any]]) -> Html:
    """The footer's table: one row per source read, with rows and control totals."""
    frame = pd.DataFrame(rows, columns=list(DATA_USED))
    frame["extract_date"] = [_day(value) for value in frame["extract_date"]]
    left = pd.to_numeric(frame["rows_left_out"], errors="coerce").fillna(0)
    title = (
        f"Data used: {words.counted(len(frame), 'source')}, {words.counted(int(left.sum()), 'row')} left out"
    )
    return table(frame, title=title, columns=DATA_USED, empty="No records were read for this page.")


def _day(value: Any) -> str:
    """A date in words where it is one, else the words that stand in its place."""
    said = "" if words.is_missing(value) else str(value)
    return words.day(said[:10]) if re.match(r"\d{4}-\d{2}-\d{2}", said) else said


def _shown(value: Any) -> Any:
    """What a template prints for a value: nothing for None, text without characters that HTML does not allow."""
    if value is None:
        return ""
    return strip_control(value) if isinstance(value, str) and not isinstance(value, Markup) else value
