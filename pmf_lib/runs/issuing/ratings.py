"""The assurance ratings that a run proposes, and what people write down of them: confirmed or overridden, by three posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from pmf_lib import decisions, sidecar
from pmf_lib.decisions import CONFIRMED_AS_PROPOSED, OVERRIDDEN, Papers, Rating
from pmf_lib.errors import ParameterError, RunError, unknown
from pmf_lib.runs.issuing import papers
from pmf_lib.store import places
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook import scraps

SCRAP = "ratings"


def proposed(run: Manifest) -> dict[str, str]:
    """Unit → the rating that the run's pages propose for it; none where no page proposes any."""
    return {unit: code for item in run.items for unit, code in of_item(run, item).items()}


def of_item(run: Manifest, item: Item) -> dict[str, str]:
    """Unit → the rating that this page proposes; none where the page proposes none, or was not made."""
    if item.outcome != "ok" or SCRAP not in sidecar.load(item.notebook).emits:
        return {}
    found = scraps.held(places.run_folder(run.run_id) / item.path).get(SCRAP)
    return dict(zip(found["unit_id"], found["code"], strict=True)) if isinstance(found, pd.DataFrame) else {}


def rate(
    run: Manifest,
    unit: str,
    rating: str | None = None,
    *,
    expected: str = "",
    why: str = "",
    dated: date,
    **posts: str,
) -> Path:
    """Write down that the proposed rating of a unit is confirmed, or overridden with another `rating`.

    Parameters
    ----------
    run
        As the store has it.
    unit
        A directorate, or ``council``.
    rating
        What it is overridden with; None: it is confirmed.
    expected
        What whoever says it read on the page; '' where it is not said.
    why
        Needed where it is overridden.
    dated
        On which day.
    posts
        Preparer, reviewer and confirmer.

    Raises
    ------
    ParameterError
        The run proposes no rating for this unit, or another than `expected`.
    PolicyError
        The posts are not three, or an override lacks its reason.
    RunError
        The run proposes no rating at all, or was issued already.
    """
    there = proposed(run)
    if not there:
        raise RunError(
            f"Run {run.run_id} proposes no assurance rating: none is told on published figures, and by notebooks that record none."
        )
    if unit not in there:
        raise ParameterError(unknown("unit that this run rates", unit, there))
    if expected and expected != there[unit]:
        raise ParameterError(_another(unit, expected, there[unit]))
    papers.refuse_late(run, dated)
    answer = OVERRIDDEN if rating is not None else CONFIRMED_AS_PROPOSED
    said = {"answer": answer, "rating": rating, "why": why, "dated": dated, **posts}
    return papers.write(decisions.made(Rating, run=run.run_id, unit=unit, proposed=there[unit], **said))


def faults(run: Manifest, said: Papers) -> Iterator[str]:
    """What is written down of ratings that the run's pages do not propose."""
    there = proposed(run) if said.ratings else {}
    for one in said.ratings:
        if one.unit not in there:
            yield f"A decision rates '{one.unit}', and no page of the run proposes a rating for it. Take its file away."
        elif one.proposed != there[one.unit]:
            yield _another(one.unit, one.proposed, there[one.unit])


def _another(unit: str, said: str, there: str) -> str:
    return f"The page proposes '{there}' for '{unit}', not '{said}'. Read the page of this run, and confirm or override what it says."
