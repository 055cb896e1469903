"""What came before whom in which month of the year, against what the framework wants on whose agenda."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pmf_lib.assurance.checks.minutes import BOARDS, heard, held, item_title, to_come
from pmf_lib.assurance.evidence import Evidence
from pmf_lib.framework.clauses import Clause
from pmf_lib.framework.model import Framework
from pmf_lib.framework.parts import AgendaItem
from pmf_lib.periods import Period, containing

ASKED = ("body", "panel", "item", "title", "often", "is_example")
CALENDAR = ("body", "unit", *ASKED[1:], "month", "held", "on_agenda", "planned", "state")
MONTH_STATES = ("heard", "not_heard", "no_meeting", "to_come", "unknown")
"""What a month was to an item of an agenda."""
OFTEN = {"quarter": "each quarter", "year": "once a year"}
_PLACE = ["body", "unit", "panel", "month"]


def asked_items(framework: Framework) -> pd.DataFrame:
    """What the framework wants on whose agenda: one row per body and item, in the order of its agendas, then of its clauses.

    Columns: body, panel (in lower case, or ''), item, title, often (how often, in words), is_example (are these words no more
    than an example? The minimum is once in the year).
    """
    rows = [_of_agenda(body, one) for agenda in framework.agendas for body in BOARDS for one in agenda.items]
    rows += [_of_clause(framework, one) for one in framework.clauses if one.check == "item_was_on_agenda"]
    types = dict.fromkeys(ASKED[:-1], "str") | {"is_example": bool}
    return pd.DataFrame(rows, columns=list(ASKED)).astype(types).drop_duplicates(["body", "panel", "item"])


def _of_agenda(body: str, item: AgendaItem) -> tuple[str | bool, ...]:
    return body, "", item.id, item.title, item.frequency_words or item.frequency, True


def _of_clause(framework: Framework, clause: Clause) -> tuple[str | bool, ...]:
    told = {key: str(value) for key, value in clause.parameters.items()}
    title = item_title(framework, told["item"])
    return told["body"], told.get("panel", "").casefold(), told["item"], title, OFTEN[told["per"]], False


def agenda_calendar(evidence: Evidence, year: Period | None = None) -> pd.DataFrame:
    """Board agenda by month, for a picture of the year: one row per body, unit, item that the framework asks for, and month.

    Parameters
    ----------
    evidence
        The records of a unit as they stood at a date; bodies of which no meeting is recorded are left out.
    year
        A financial year; the quarter's, where none is given.

    Returns
    -------
    DataFrame
        body, unit (id of the directorate, '' for a body of the whole council), panel, item, title, often and is_example (as
        of `asked_items`), month (``YYYY-MM``, April first), held (meetings of the body held in the month), on_agenda (those of
        them that had the item), planned (meetings planned for a day to come), state: ``heard``; ``not_heard`` where the body
        met without it; ``no_meeting``; ``to_come`` where the month is not over and the body has not met in it; ``unknown``
        before the first meeting that is recorded, and where no agenda of the month's meetings is.

    Raises
    ------
    NotSentError
        Nobody sent the table of meetings, or of the agenda.
    """
    asked = asked_items(evidence.framework)
    bodies = asked["body"].unique()
    items = heard(evidence, *bodies).drop_duplicates(["meeting_id", "item"])
    met = held(evidence, *bodies)
    units = met.rename(columns={"directorate": "unit"})[["body", "unit"]].drop_duplicates()
    grid = asked.merge(units, on="body").merge(_months(year or evidence.quarter.financial_year), how="cross")
    grid = _counted(grid, _placed(met), _PLACE, "held")
    grid = _counted(grid, _placed(items), [*_PLACE, "item"], "on_agenda")
    grid = _counted(grid, _placed(to_come(evidence)), _PLACE, "planned")
    grid = _counted(grid, _placed(met[met["meeting_id"].isin(items["meeting_id"])]), _PLACE, "minuted")
    return grid.assign(state=_states(grid, _placed(met), evidence))[list(CALENDAR)]


def _states(grid: pd.DataFrame, met: pd.DataFrame, evidence: Evidence) -> pd.Series[str]:
    """What each month was to each item."""
    now, whose = pd.Timestamp(evidence.as_at), _PLACE[:-1]
    first = met.groupby(whose)["held_on"].min().rename("since").reset_index()
    since = grid[whose].merge(first, on=whose, how="left")["since"].set_axis(grid.index)
    cases = {
        "heard": grid["on_agenda"] > 0,
        "not_heard": grid["minuted"] > 0,
        "unknown": grid["held"] > 0,
        "to_come": grid["ends"] >= now,
        "no_meeting": grid["ends"] >= since,
    }
    return pd.Series(np.select(list(cases.values()), list(cases), "unknown"), grid.index, dtype="str")


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Meetings (or items of them) with their unit and month: once as the body's, and once more as their panel's."""
    rows = rows.assign(month=rows["held_on"].dt.strftime("%Y-%m"), unit=rows["directorate"], panel="")
    of_panel = rows["portfolio"] != ""
    own = rows[of_panel].assign(panel=rows.loc[of_panel, "portfolio"].str.casefold())
    return pd.concat([rows, own], ignore_index=True)


def _months(year: Period) -> pd.DataFrame:
    """The months of a year, in order, with their last days."""
    first = containing("month", year.start)
    months = [first.shift(step) for step in range(12)]
    ends = pd.to_datetime([month.end for month in months])
    return pd.DataFrame({"month": [month.label for month in months], "ends": ends})


def _counted(grid: pd.DataFrame, rows: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    """The grid with a column more: how many of the rows there are of each key."""
    counted = rows.groupby(keys).size().rename(name).reset_index()
    return grid.merge(counted, on=keys, how="left").fillna({name: 0}).astype({name: int})
