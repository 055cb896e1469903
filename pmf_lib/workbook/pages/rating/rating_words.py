"""Words of the proposed rating: its reasons, what would change it, and what limits the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pmf_lib.assurance.rating import SCALE, UNABLE, Rated, RatingScheme
from pmf_lib.assurance.rating.caps import DIRECTORATES, WORST
from pmf_lib.verdicts import Verdicts
from pmf_lib.workbook.pages.lived.embedding import WHOLE
from pmf_lib.workbook.pages.rating.rating_conditions import DUTY, OF, OF_COUNCIL
from pmf_lib.workbook.pieces.words import (
    count_word,
    counted,
    listing,
    lowered,
    number,
    out_of,
    plural,
    sentence,
)

Row = Mapping[Any, Any]
Counts = Mapping[str, int]


def facts_of(rated: Rated, unit: str) -> dict[str, int]:
    """A unit's counts by name."""
    return {str(name): int(count) for name, count in rated.facts.loc[[unit]].iloc[0].items()}


def word(verdicts: Verdicts, code: str) -> str:
    """A rating within a sentence, in small letters."""
    return lowered(verdicts.get("rating", code).word)


def reasons(caps: pd.DataFrame, named: Mapping[str, Sequence[str]], verdicts: Verdicts) -> list[str]:
    """Why a unit is rated no better, the heaviest first: one sentence for each family of conditions that holds it down.

    `caps` are the unit's rows, `named` what some conditions are about, by name.
    """
    rows = _held(caps)
    first = rows.assign(family=[OF[of].family for of in rows["of"]]).drop_duplicates("family")
    return [_reason(row, named.get(row["of"], ()), verdicts) for row in first.to_dict("records")]


def _held(caps: pd.DataFrame) -> pd.DataFrame:
    """Conditions that hold the rating down, the lowest first; of equals the directorates, then as declared."""
    held = caps[caps["cap"] != SCALE[0]]
    is_own = ~held["of"].isin([DIRECTORATES, WORST])
    order = held.assign(_place=-held["cap"].map(SCALE.index).astype("int64"), _own=is_own)
    return order.sort_values(["_place", "_own"], kind="stable").drop(columns=["_place", "_own"])


def _reason(row: Row, names: Sequence[str], verdicts: Verdicts) -> str:
    """One condition in figures, and what it allows.

    >>> from pmf_lib import verdicts
    >>> row = {"of": "duties_not_met", "n": 5, "base": 34, "counted": "pct", "cap": "limited", "starts": 10.0}
    >>> _reason(row, (), verdicts.load())
    'Five of 34 duties asked are not met (15%; limited at best from 10%).'
    """
    if row["of"] == DIRECTORATES:
        return _of_directorates(row, names, verdicts)
    if row["of"] == WORST:
        return _of_worst(row, names)
    best = f"{word(verdicts, row['cap'])} at best from {number(row['starts'])}"
    if row["counted"] == "pct":
        share = number(100 * row["n"] / row["base"], 0)
        return f"{_amiss(row)} ({share}%; {best}%)."
    told = f": {listing(names)}" if names else ""
    return f"{_amiss(row)}{told} ({best})."


def _amiss(row: Row) -> str:
    """How many of how many are so; of what has no whole, how many."""
    n, base, said = int(row["n"]), int(row["base"]), OF[row["of"]]
    verb = plural(n, *said.amiss)
    one, many = OF_COUNCIL.get(said.whole, said.whole) if row.get("unit") == WHOLE else said.whole
    if said.family == "assurers":
        return f"{sentence(counted(n, one, many, in_words=True))} {verb}"
    if n < base:
        return f"{out_of(n, base, one, many)} {verb}"
    every = {1: f"The one {one}", 2: f"Both {many}"}
    return f"{every.get(n, f'All {count_word(n)} {many}')} {verb}"


def _of_directorates(row: Row, others: Sequence[str], verdicts: Verdicts) -> str:
    """How many directorates are rated so; `others` says what else counts as so, such as *or worse*.

    >>> from pmf_lib import verdicts
    >>> row = {"of": "directorates", "n": 2, "base": 4, "cap": "limited"}
    >>> _of_directorates(row, ("or worse",), verdicts.load())
    'Two of four directorates are rated limited or worse.'
    """
    n, base = int(row["n"]), int(row["base"])
    every = {1: "The one directorate", 2: "Both directorates"}.get(n, f"All {count_word(n)} directorates")
    who = every if n == base else out_of(n, base, "directorate")
    return f"{who} {plural(n, 'is', 'are')} rated {' '.join([word(verdicts, row['cap']), *others])}."


def _of_worst(row: Row, names: Sequence[str]) -> str:
    """How many directorates are rated worst; `names` says how they are rated, and how many steps the council may be above it.

    >>> _of_worst({"n": 1, "base": 4}, ("is rated limited", "one step"))
    'One of four directorates is rated limited, and the council may be one step better at most.'
    """
    how, steps = names
    who = out_of(int(row["n"]), int(row["base"]), "directorate")
    return f"{who} {how}, and the council may be {steps} better at most."


def would_change(caps: pd.DataFrame, code: str, verdicts: Verdicts) -> list[str]:
    """What would have to be otherwise for the next better rating, all of it; of the best one, what would take it away."""
    if code == SCALE[0]:
        return _would_fall(caps, verdicts)
    better = word(verdicts, SCALE[SCALE.index(code) - 1])
    rows = _without_nested(_held(caps[caps["cap"] == code]))
    return [
        f"For {better}, {'also ' * (place > 0)}{_mended(row)}."
        for place, row in enumerate(rows.to_dict("records"))
    ]


def _without_nested(rows: pd.DataFrame) -> pd.DataFrame:
    """Without what is mended with a narrower condition of duties: to meet a duty mends the wider ones too."""
    is_duty = pd.Series([OF[of].family == "duties" for of in rows["of"]], rows.index, dtype=bool)
    so_far = rows["less_n"].where(is_duty, 0).cummax().shift(fill_value=0)
    return rows[~(is_duty & (rows["less_n"] <= so_far))]


def _mended(row: Row) -> str:
    """How many would have to be mended, and how."""
    said, k, n = OF[row["of"]], int(row["less_n"]), int(row["n"])
    mended = said.mended if k == 1 else said.mended_all or said.mended
    are_all = row["of"] == DIRECTORATES and n == row["base"]
    return f"{of_the(k, n, *(said.whole if are_all else said.those))} would have to {mended}"


def of_the(k: int, n: int, one: str, many: str) -> str:
    """So many of those.

    >>> [of_the(k, n, "duty", "duties") for k, n in ((2, 5), (1, 1), (2, 2), (3, 3))]
    ['two of the five duties', 'the one duty', 'both duties', 'all three duties']
    """
    if k < n:
        return f"{count_word(k)} of the {count_word(n)} {many}"
    return {1: f"the one {one}", 2: f"both {many}"}.get(n, f"all {count_word(n)} {many}")


def _would_fall(caps: pd.DataFrame, verdicts: Verdicts) -> list[str]:
    """What would soonest take the best rating away."""
    near = caps[caps["more_n"].notna() & (caps["base"] > 0) & (caps["counted"] == "pct")].sort_values(
        "more_n", kind="stable"
    )
    if near.empty:
        return []
    row = near.iloc[0]
    said, more = OF[row["of"]], int(row["more_n"])
    what = f"{counted(more, *said.those, in_words=True)}{' more' if row['n'] else ''}"
    return [f"With {what} it would be {word(verdicts, SCALE[1])}."]


def unable_reasons(rated: Rated, unit: str, scheme: RatingScheme, names: Sequence[str]) -> list[str]:
    """Why nothing can be concluded of a unit. `names`: of the council, the directorates of which nothing was read."""
    flags, facts, least = rated.unable.loc[unit].to_dict(), facts_of(rated, unit), scheme.conclude
    if flags["missing"] and not names:
        return ["Its pages were not made, so nothing of it was read."]
    tested, asked, key, known = (facts[name] for name in ("tested_n", "asked_n", "key_n", "key_known_n"))
    share = number(100 * tested / asked if asked else 0, 0)
    bare = "none" if known == 0 else count_word(key - known)
    said = {
        "missing": f"Of {_names(names)} nothing was read.",
        "nothing_asked": "No duty that a test looks at is asked here and due.",
        "too_little_tested": f"{_only(out_of(tested, asked, *DUTY))} could be tested ({share}%; at least "
        f"{number(least.least_tested_pct)}% are needed).",
        "key_groups_unknown": f"Of {bare} of its {counted(key, 'key group')} {'could a duty' if known == 0 else 'no duty could'} "
        "be tested.",
        "directorates_unable": _without_rating(rated),
    }
    return [text for name, text in said.items() if flags[name]]


def _without_rating(rated: Rated) -> str:
    """How many directorates can't be rated."""
    codes = rated.codes.iloc[:-1]
    without = int((codes == UNABLE).sum())
    if without == len(codes):
        return f"None of its {counted(without, 'directorate')} can be rated."
    return f"{out_of(without, len(codes), 'directorate')} can't be rated."


def _only(share: str) -> str:
    return share if share.startswith("None") else f"Only {lowered(share)}"


def _names(names: Sequence[str]) -> str:
    """Units by name, which may hold commas themselves."""
    return "; ".join(names) if any("," in name for name in names) else listing(names)


def unable_change(rated: Rated, unit: str, scheme: RatingScheme, names: Sequence[str]) -> list[str]:
    """What would have to be known for a rating."""
    flags, facts, least = rated.unable.loc[unit].to_dict(), facts_of(rated, unit), scheme.conclude
    if flags["missing"] and not names:
        return ["To be rated, its pages would have to be made."]
    tests = -(-least.least_tested_pct * facts["asked_n"] // 100) - facts["tested_n"]
    keys = -(-least.least_key_known_pct * facts["key_n"] // 100) - facts["key_known_n"]
    more = int((rated.codes.iloc[:-1] == UNABLE).sum()) - least.directorates_unable_at_most
    said = {
        "missing": f"the pages of {_names(names)} would have to be made",
        "too_little_tested": f"{counted(int(tests), 'more duty', 'more duties', in_words=True)} would have to be tested",
        "key_groups_unknown": f"of {counted(int(keys), 'more key group', in_words=True)} a duty would have to be tested",
        "directorates_unable": f"{counted(more, 'more directorate', in_words=True)} would have to be rated",
    }
    listed = [text for name, text in said.items() if flags[name]]
    return [f"To be rated, {'also ' * (place > 0)}{text}." for place, text in enumerate(listed)]


def limits(facts: Counts, sent: Mapping[str, bool], without: Sequence[str] = ()) -> list[str]:
    """What limits the evidence of a unit's rating. `without`: of the council, the directorates that could not be rated."""
    tables = [name for name, came in sent.items() if not came]
    untested, varied = facts["untested_n"], facts["varied_n"]
    measures, unjudged, unnamed = facts["measures_n"], facts["unjudged_n"], facts["unnamed_n"]
    said = {
        f"{out_of(untested, facts['asked_n'], *DUTY)} could not be tested.": untested and facts["tested_n"],
        f"{sentence(counted(varied, 'duty', 'duties', in_words=True))} {plural(varied, 'is', 'are')} varied by decision and not "
        "judged.": varied,
        f"Nobody sent the {plural(len(tables), 'table', 'tables')} of {listing(tables)}, so nothing is known of what would stand "
        "there.": len(tables),
        f"Of {lowered(out_of(unjudged, measures, 'measure'))} it could not be judged whether the figures can be relied on.": unjudged,
        "How its duties stood a year before is not known, so no fall since then counts.": facts["groups_n"]
        and not facts["compared_n"],
        f"{sentence(counted(unnamed, 'adverse conclusion', in_words=True))} of independent assurers "
        f"{plural(unnamed, 'names', 'name')} no group of duties, and {plural(unnamed, 'does', 'do')} not count.": unnamed,
        "No measure was tested by an auditor against its cases.": measures
        and sent.get("certifications")
        and not facts["certified_n"],
        f"{sentence(_names(without))} can't be rated.": len(without),
    }
    return [text for text, holds in said.items() if holds]
