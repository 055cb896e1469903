"""Sources of assurance in one form: those that were recorded, attestations, and the workbook's own run; with what age leaves of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pmf_lib.assurance.checks.common import by, is_older
from pmf_lib.assurance.lines.given import WHOLE, Given
from pmf_lib.assurance.lines.rules import LEVELS, LINES, NOT_STATED, OF_RANK, RANK, Decay
from pmf_lib.assurance.maturity import claims
from pmf_lib.framework.clauses import GROUPS
from pmf_lib.periods import date_words
from pmf_lib.records.schema import PROVENANCE

RUN = "This workbook's own run"
TEXTS = ("source", "made_of", "line", "kind", "provider", "subject", "scope", "directorate", "service", "framework", "groups", "nodes", "measures", "risks", "amount", "conclusion")  # fmt: skip
DAYS = ("from_on", "to_on", "reported_on", "next_due")
COLUMNS = (*TEXTS, *DAYS, *PROVENANCE)
RECORDED, ATTESTED, OWN_RUN = "recorded", "attested", "run"
"""What a source is made of: a row of the records, an attestation, or the workbook's own run."""
GROUP_OF = {words: group for group, words in GROUPS.items()}


def sources(given: Given) -> pd.DataFrame:
    """Every source known on the as-at date, with what its age leaves of it.

    Returns
    -------
    DataFrame
        One row per source: `COLUMNS`; ended_on (the last day looked at, else the day of the report), age_months, is_stale,
        why_stale (in words), is_replaced (a later one of the same line, provider, subject and directorate is there) and amount_now (after decay; '' of one that is stale or replaced).
    """
    made = [_recorded(given), _attested(given), _run(given)]
    filled = [frame for frame in made if len(frame)] or made[:1]
    return _aged(pd.concat(filled, ignore_index=True), given)


def _frame(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with every column, of its type."""
    made = rows.reindex(columns=list(COLUMNS))
    texts = {name: made[name].astype("object").fillna("").astype("str") for name in (*TEXTS, *PROVENANCE[:2])}
    days = {name: pd.to_datetime(made[name]).astype("datetime64[us]") for name in DAYS}
    return made.assign(**texts, **days, source_row=pd.to_numeric(made["source_row"]).fillna(0).astype(int))


def _recorded(given: Given) -> pd.DataFrame:
    """Rows of the table of assurances that were reported by the as-at date."""
    if given.assurances is None:
        return _frame(pd.DataFrame())
    rows = given.assurances[by(given.assurances["reported_on"], given.as_at).notna()]
    names = {"assurance_id": "source", "covers_from": "from_on", "covers_to": "to_on"}
    return _frame(rows.rename(columns=names).assign(made_of=RECORDED))


def _attested(given: Given) -> pd.DataFrame:
    """Attestations that stand on the as-at date: the first line's word, one a group and directorate."""
    if given.attestations is None or given.attestations.empty:
        return _frame(pd.DataFrame())
    known = claims.known(given.attestations, given.quarter.financial_year, given.as_at)
    known = known.assign(clause_group=known["group"].map(GROUP_OF), year=known["claim_year"])
    key = ["directorate", "clause_group", "year"]
    rows = known.merge(given.attestations[[*key, *PROVENANCE]], on=key, how="left")
    return _frame(
        rows.assign(
            source="attested " + rows["clause_group"] + " " + rows["directorate"],
            made_of=ATTESTED,
            line="first",
            kind="self-assessment",
            provider=rows["post"],
            subject="Attestation for " + rows["year"],
            scope="claims that it is " + rows["claimed"].str.replace("_", " "),
            groups=rows["clause_group"],
            amount=given.scheme.attestation_amount,
            conclusion=NOT_STATED,
            reported_on=rows["claimed_on"],
        )
    )


def _run(given: Given) -> pd.DataFrame:
    """The run's own levels of groups, one a group and unit of which a level could be told; of published figures none.

    A unit in which nothing arose, or nothing is due, was looked at like the others, and nothing is concluded of it.
    """
    concludes = given.scheme.run_concludes.model_dump()
    told = given.groups["level"].isin(concludes)
    idle = (given.groups["level"] == "") & given.groups["group"].isin(given.groups.loc[told, "group"])
    rows = given.groups[told | idle]
    if not given.is_own or rows.empty:
        return _frame(pd.DataFrame())
    return _frame(_run_rows(given, rows, rows["level"].map(concludes)))


def _run_rows(given: Given, rows: pd.DataFrame, concluded: pd.Series[str]) -> pd.DataFrame:
    """The levels in `rows` as sources of the line of whoever ran the run."""
    ran, groups = given.council.assurance, rows["group"].map(GROUP_OF)
    of_unit = (" " + rows["unit"]).where(rows["unit"] != WHOLE, "")
    return pd.DataFrame(
        {
            "source": "run " + groups + of_unit,
            "made_of": OWN_RUN,
            "line": ran.line,
            "kind": "management-review",
            "provider": ran.run_by or RUN,
            "subject": RUN,
            "scope": "the records of this quarter",
            "directorate": rows["unit"],
            "groups": groups,
            "amount": given.scheme.run_amount,
            "conclusion": concluded.astype("object").fillna(NOT_STATED),
            "from_on": pd.Timestamp(given.quarter.start),
            "to_on": pd.Timestamp(given.as_at),
            "reported_on": pd.Timestamp(given.as_at),
        }
    )


def _aged(rows: pd.DataFrame, given: Given) -> pd.DataFrame:
    """The same rows with what their age leaves of them."""
    ended = by(rows["to_on"], given.as_at).fillna(rows["reported_on"])
    rows = rows.assign(ended_on=ended, age_months=_months(ended, pd.Timestamp(given.as_at)))
    limits = {line: given.scheme.decay.of(line) for line in LINES}
    lowered, old = pd.Series(False, rows.index), pd.Series(False, rows.index)
    for line, limit in limits.items():
        of_line = rows["line"] == line
        lowered |= of_line & is_older(ended, limit.lower_after_months, given.as_at)
        old |= of_line & is_older(ended, limit.stale_after_months, given.as_at)
    overdue = (rows["next_due"] < pd.Timestamp(given.as_at)).fillna(False).astype(bool)
    is_replaced = _replaced(rows)
    rank = rows["amount"].map(RANK).astype("int64") - lowered.astype(int)
    rank = rank.clip(lower=1).where(~(old | overdue | is_replaced), 0)
    return rows.assign(
        is_lowered=lowered & ~old & ~overdue & (rows["amount"] != LEVELS[0]),
        is_stale=old | overdue,
        why_stale=_why(rows, old, overdue, limits),
        is_replaced=is_replaced,
        amount_now=rank.map(OF_RANK).astype("str"),
    )


def _replaced(rows: pd.DataFrame) -> pd.Series[bool]:
    """Recorded sources after which a later one of the same line, provider, subject, directorate and service came."""
    recorded = rows[rows["made_of"] == RECORDED].sort_values("reported_on", kind="stable")
    same = recorded[["line", "provider", "subject", "directorate", "service"]]
    same = same.apply(lambda column: column.str.casefold().str.strip())
    is_earlier: pd.Series[bool] = same.duplicated(keep="last")
    return is_earlier.reindex(rows.index, fill_value=False)


def _why(rows: pd.DataFrame, old: pd.Series, overdue: pd.Series, limits: Mapping[str, Decay]) -> list[str]:
    """Why each is stale, in words; '' of one that is not."""
    told = zip(rows["next_due"], rows["line"], rows["age_months"], old, overdue, strict=True)
    return [
        f"the next was due on {date_words(due.date())}"
        if is_due
        else f"it is {age} months old, and the line's reports are good for {limits[line].stale_after_months}"
        if is_old
        else ""
        for due, line, age, is_old, is_due in told
    ]


def _months(days: pd.Series[pd.Timestamp], now: pd.Timestamp) -> pd.Series[int]:
    """Whole months from each day to now.

    >>> days = pd.Series(pd.to_datetime(["2024-08-15", "2024-08-16", "2023-11-15"]))
    >>> _months(days, pd.Timestamp("2024-11-15")).tolist()
    [3, 2, 12]
    """
    months = (now.year - days.dt.year) * 12 + now.month - days.dt.month - (days.dt.day > now.day).astype(int)
    whole: pd.Series[int] = months.clip(lower=0).astype(int)
    return whole
