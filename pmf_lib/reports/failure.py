"""The page that stands where a report could not be made, for the person who can mend it."""

from __future__ import annotations

from typing import Any

from pmf_lib.reports import chrome
from pmf_lib.reports.chrome import Facts
from pmf_lib.workbook.pieces import words
from pmf_lib.workbook.pieces.markup import Html, bullets, link, summary_list

REASONS = {
    "failed": "It stopped at an error.",
    "timed out": "It ran longer than it is allowed to, and was stopped.",
    "killed": "It was stopped from outside before it was done, as happens when the machine runs short of memory.",
    "out of memory": "It asked for more memory than it is allowed to, and was stopped.",
    "waiting": "It is waiting to be run.",
    "not run": "It was not run, because something that it needs could not be made.",
}
MEND = {
    "failed": "Mend what the message names. If it names nothing that you know, send this page to whoever keeps the workbook.",
    "timed out": "Run it again when the machine is less busy, or raise the time limit of the run.",
    "killed": "Close other programs, or run fewer reports at once, and run it again.",
    "out of memory": "Run fewer reports at once, or raise the memory limit of the run.",
    "waiting": "Let the run go on.",
    "not run": "Mend the reports that failed before it first.",
}


def failure_html(facts: Facts) -> str:
    """A page in the place of a report that could not be made; the same chrome as any page, and as safe.

    Parameters
    ----------
    facts
        The facts of a page (`pmf_lib.reports.html.PAGE_FACTS`), and: `outcome` (a key of `REASONS`), `message` (the
        error's words, without traceback), `section` (the heading under which it stopped), `mend` (sentences; default
        by outcome), `stands` (what the run made none the less: texts, or mappings of `title` and `href`), `again` (the
        command that runs just this again), `evidence` (of the council: labels the page where no `banners` are given), `executed` (address of the notebook as far as it got).
    """
    outcome = str(facts.get("outcome") or "failed")
    labels = facts.get("banners") or [
        *chrome.evidence_banners([str(facts.get("evidence"))]),
        *chrome.exempt_banners([str(facts.get("exemption") or "")]),
    ]
    return chrome.page(
        "failure.html.j2",
        {**facts, "banners": labels},
        headline=_headline(facts),
        reason=REASONS.get(outcome, REASONS["failed"]),
        message=[line for line in str(facts.get("message") or "").splitlines() if line.strip()],
        failed=_failed(facts),
        mend=bullets(facts.get("mend") or [MEND.get(outcome, MEND["failed"])]),
        stands=_stands(facts.get("stands") or []),
    )


def _headline(facts: Facts) -> str:
    title = facts.get("title") or facts.get("notebook") or "This report"
    unit = f" for {facts['unit']}" if facts.get("unit") else ""
    return f"“{title}”{unit} could not be made"


def _failed(facts: Facts) -> Html:
    executed = facts.get("executed")
    pairs: dict[str, str | Html] = {
        "Report": facts.get("title") or "",
        "Notebook": facts.get("notebook") or "",
        "It stopped under": facts.get("section") or "",
        "As far as it got": link("the executed notebook", executed) if executed else "",
    }
    return summary_list({term: value for term, value in pairs.items() if value})


def _stands(stands: list[dict[str, Any] | str]) -> Html:
    made = [_standing(item) for item in stands]
    said = f"{words.counted(len(made), 'other report', in_words=True)} of this run stand:"
    if not made:
        return Html("<p>No other report of this run was made.</p>")
    listed = bullets(made)
    return Html(
        f"<p>{words.sentence(said) if len(made) > 1 else 'One other report of this run stands:'}</p>\n{listed.markup}"
    )


def _standing(item: dict[str, Any] | str) -> str | Html:
    if isinstance(item, str):
        return item
    return link(item["title"], item["href"]) if item.get("href") else str(item["title"])
